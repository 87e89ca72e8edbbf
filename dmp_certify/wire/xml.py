"""Hardened XML reading that keeps the place of everything.

No DTD is loaded, no entity expanded, nothing fetched. Elements are handed on as `Element`, a thin
read-only face of an lxml element that knows its artifact, path and line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from dmp_certify.finding import Place, Text
from dmp_certify.wire import ns
from dmp_certify.wire.message import Located, Unreadable
from dmp_certify.wire.xml_lines import line_of

# The encodings of one byte that a stack may state; any other leaves the document to itself.
_CHARSETS = frozenset({"iso-8859-1", "iso-8859-15", "windows-1252"})
# A byte order mark, characters of two bytes, or the declaration of an encoding.
_OWN_WORD = re.compile(
    rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff|\x00|<\x00|<\?xml[^>]{0,200}\sencoding\s*=", re.DOTALL
)

_HL7 = f"{{{ns.PREFIXES['hl7']}}}"
_QUALIFIED = re.compile(r"\{[^}]*\}[^/\[]+")


def _parser(encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=False,
        remove_pis=False,
    )


def parse(data: bytes, artifact: str, charset: str = "") -> Element:
    """The root element of a document. Raises Unreadable with line and reason.

    `charset` is the encoding that the transport states; it counts for a document that says nothing
    of its own (RFC 7303 3.2, XML 1.0 4.3.3).
    """
    try:
        root = etree.fromstring(data, _parser(_stated(data, charset)))
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Unreadable(
            Place(artifact, "", line),
            Text(f"XML mal formé : {error}", f"not well-formed XML: {error}"),
        ) from None
    if root is None:
        raise Unreadable(Place(artifact), Text("document XML vide", "empty XML document"))
    return Element(root, artifact)


def _stated(data: bytes, charset: str) -> str | None:
    known = charset.strip().lower() in _CHARSETS and not _OWN_WORD.match(data)
    return charset.strip() if known else None


class Element:
    """One element. Paths given to `first` and `all` use the prefixes of `wire.ns`."""

    __slots__ = ("_node", "artifact")

    def __init__(self, node: etree._Element, artifact: str) -> None:
        self._node = node
        self.artifact = artifact

    @property
    def node(self) -> etree._Element:
        """The lxml element, for other modules of `wire` only."""
        return self._node

    @property
    def name(self) -> tuple[str, str]:
        """(namespace, local name)."""
        return split(self._node.tag)

    @property
    def line(self) -> int | None:
        return line_of(self._node)

    @property
    def place(self) -> Place:
        return Place(self.artifact, path_of(self._node), self.line)

    @property
    def doctype(self) -> str:
        """The document's DOCTYPE, empty when it has none."""
        return str(getattr(self._node.getroottree().docinfo, "doctype", "") or "")

    @property
    def encoding(self) -> str:
        """The encoding the document declares (UTF-8 when it says nothing)."""
        return self._node.getroottree().docinfo.encoding or "UTF-8"

    def all(self, path: str) -> list[Element]:
        """The elements that an XPath 1.0 expression selects from this one."""
        found = self._node.xpath(path, namespaces=ns.PREFIXES)
        if not isinstance(found, list):
            raise TypeError(f"{path!r} does not select elements")
        return [Element(node, self.artifact) for node in found if isinstance(node, etree._Element)]

    def first(self, path: str) -> Element | None:
        """The first element that the path selects, or None."""
        found = self.all(path)
        return found[0] if found else None

    def children(self) -> list[Element]:
        """The child elements, without comments and processing instructions."""
        return [Element(c, self.artifact) for c in self._node if isinstance(c.tag, str)]

    def get(self, name: str) -> str | None:
        """An attribute's value; `prefix:name` for one in a namespace."""
        return self._node.get(_expanded(name))

    def attribute(self, name: str) -> Located[str] | None:
        """An attribute's value and place, or None when it is absent."""
        value = self.get(name)
        return None if value is None else Located(value, self.attribute_place(name))

    def attribute_place(self, name: str) -> Place:
        """Where the attribute stands or would stand."""
        return Place(self.artifact, f"{path_of(self._node)}/@{name}", self.line)

    def attributes(self) -> Mapping[str, str]:
        """All attributes, by expanded name."""
        return {str(key): str(value) for key, value in self._node.attrib.items()}

    @property
    def text(self) -> str:
        """All the text below the element, as it stands."""
        # Most elements that are read have no children: a tenth of the cost.
        return "".join(self.texts()) if len(self._node) else self._node.text or ""

    @property
    def blank(self) -> bool:
        """Whether there is no text below the element, white space aside."""
        if not len(self._node):
            return not (self._node.text or "").strip()
        return not any(piece.strip() for piece in self.texts())

    def texts(self) -> Iterator[str]:
        return (str(piece) for piece in self._node.itertext())

    def digest(self) -> str:
        """SHA-256, in hex, of the element in exclusive canonical form."""
        canonical = etree.tostring(self._node, method="c14n", exclusive=True, with_tail=False)
        return hashlib.sha256(canonical).hexdigest()

    def located_text(self) -> Located[str]:
        """The element's text with its outer white space removed, and its place."""
        return Located(self.text.strip(), self.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and other._node is self._node

    def __hash__(self) -> int:
        return hash(self._node)

    def __repr__(self) -> str:
        return f"<{self.place.path} line {self.line}>"


@lru_cache(maxsize=8192)
def split(tag: str) -> tuple[str, str]:
    """`{uri}local` as (uri, local)."""
    if tag.startswith("{"):
        uri, _, local = tag[1:].partition("}")
        return uri, local
    return "", tag


def _expanded(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{ns.PREFIXES[prefix]}}}{local}" if colon else name


def path_of(node: etree._Element) -> str:
    """An XPath with the prefixes of `wire.ns`: `/soap:Envelope/soap:Header/wsa:Action`.

    lxml counts the siblings; where an element is alone of its name it writes no number, as we want.
    """
    tree = node.getroottree()
    root = _prefixed(tree.getroot().tag)
    # Nearly all that is placed is HL7's, and `replace` costs a tenth of the pattern.
    below = tree.getelementpath(node).replace(_HL7, "hl7:")
    return f"/{root}" if below == "." else f"/{root}/{_QUALIFIED.sub(_spelt, below)}"


def _spelt(found: re.Match[str]) -> str:
    return _prefixed(found[0])


@lru_cache(maxsize=4096)
def _prefixed(tag: str) -> str:
    uri, local = split(tag)
    prefix = ns.PREFIX_OF.get(uri)
    return local if not uri else f"{prefix}:{local}" if prefix else f"*:{local}"
