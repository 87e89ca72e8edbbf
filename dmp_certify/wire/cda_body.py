"""What a CDA carries besides its header: attachments, and references to the narrative.

Sources: HL7 CDA R2 (nonXMLBody, narrative block, ED data type); CI-SIS, volet Structuration
minimale V1.16 (level-1 body).
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from urllib.parse import unquote

from lxml import etree

from dmp_certify.finding import Place
from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.message import Located
from dmp_certify.wire.xml import Element

_BLANKS = " \t\r\n"
_IDREFS = ("IDREF", "referencedObject", "headers")
# The attributes with the XML types ID, and IDREF or IDREFS, in the schema of CDA. A step on the
# attribute costs a tenth of a predicate on every element.
_MARKED = etree.XPath("descendant::*/@ID/..")
_REFERRING = etree.XPath(" | ".join(f"descendant::*/@{name}/.." for name in _IDREFS))
_REFERENCE, _LINK = f"{HL7}reference", f"{HL7}linkHtml"
_MEDIA = frozenset((f"{HL7}observationMedia", f"{HL7}regionOfInterest"))


@dataclass(frozen=True)
class Attachment:
    """An ED element that holds its content: nonXMLBody/text, observationMedia/value…"""

    node: Node

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def media_type(self) -> str:
        """@mediaType without its parameters, in lower case."""
        return self.node.get("mediaType").partition(";")[0].strip().lower()

    @property
    def representation(self) -> str:
        return self.node.get("representation")

    @property
    def encoded(self) -> bool:
        """Whether it says that its text is base64."""
        return self.representation == "B64"

    @property
    def hollow(self) -> bool:
        """Whether it says base64 but holds nothing: no text, no reference, no nullFlavor."""
        return (
            self.encoded and not self.data and not self.node.children_count and not self.node.null
        )

    @property
    def compression(self) -> str:
        """How the bytes are compressed (`GZ`, `DF`…), empty when they are not."""
        return self.node.get("compression")

    @cached_property
    def data(self) -> bytes | None:
        """The decoded bytes; None when the text is not base64 (RFC 4648, white space allowed)."""
        text = self.node.element.text.strip(_BLANKS)
        whole = _decoded(text)
        if whole is None and text.isascii():
            whole = _decoded(text.encode("ascii").translate(None, _BLANKS.encode("ascii")))
        return whole


def _decoded(text: str | bytes) -> bytes | None:
    """The bytes of a text without white space, None when it is not base64."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        return None
    # strict_mode lets one `=` too many pass, and pad bits that an encoder sets to zero (§3.5).
    tail = text[-4:].encode("ascii") if isinstance(text, str) else text[-4:]
    exact = not tail or binascii.b2a_base64(binascii.a2b_base64(tail), newline=False) == tail
    return data if exact and len(text) % 4 == 0 else None


def _fragment(value: str) -> str:
    return unquote(value[1:])


def _in_section(text: etree._Element) -> bool:
    parent = text.getparent()
    return parent is not None and parent.tag == f"{HL7}section"


class Fragments:
    """The identifiers of a document (`ID`, XML type ID) and what refers to them."""

    def __init__(self, clinical: Element, whole: Element) -> None:
        self._clinical = clinical
        self._whole = whole

    @cached_property
    def _names(self) -> list[str]:
        return [one.get("ID") or "" for one in self._marked]

    @cached_property
    def _marked(self) -> list[etree._Element]:
        return self._selected(_MARKED)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Each `ID` of the document."""
        return frozenset(self._names)

    def duplicates(self) -> Iterator[tuple[Located[str], Place]]:
        """Each `ID` that is already borne by an earlier element, with the place of that one."""
        if len(self.ids) == len(self._names):
            return
        first: dict[str, Element] = {}
        for name, node in zip(self._names, self._marked, strict=True):
            mine = Element(node, self._clinical.artifact)
            if name in first:
                yield Located(name, mine.attribute_place("ID")), first[name].place
            else:
                first[name] = mine

    def narrated(self, node: Node) -> bool:
        """Whether the content of an element is a piece of narrative: its reference leads there."""
        found = node.first("reference")
        value = found.value.strip() if found is not None else ""
        holder = self._holders.get(_fragment(value)) if value.startswith("#") else None
        return holder is not None and any(
            one.tag == f"{HL7}text" and _in_section(one)
            for one in (holder, *holder.iterancestors(f"{HL7}text"))
        )

    @cached_property
    def _holders(self) -> dict[str, etree._Element]:
        """The first element that bears each `ID`."""
        return dict(zip(reversed(self._names), reversed(self._marked), strict=True))

    def leads_nowhere(self, value: str) -> bool:
        """Whether `#name` names no ID, be it written plainly or percent-encoded (RFC 3986)."""
        return value[1:] not in self.ids and _fragment(value) not in self.ids

    def references_unless(self, sound: Callable[[str], bool]) -> Iterator[Node]:
        """The `reference` elements of ED and of originalText whose @value is not `sound`."""
        found = [
            (value, one)
            for one in self._pointing
            if one.tag == _REFERENCE and (value := one.get("value")) is not None
        ]
        # Nearly all are `#` and an ID: they need no question.
        plain = {f"#{name}" for name in self._names}
        odd = {value for value, _ in found if value not in plain and not sound(value)}
        for value, one in found if odd else ():
            if value in odd:
                yield Node(Element(one, self._clinical.artifact))

    def links(self) -> Iterator[Node]:
        """The links of the narrative (linkHtml) that lead into the document itself."""
        for one in self._pointing:
            if one.tag == _LINK and (one.get("href") or "").strip().startswith("#"):
                yield Node(Element(one, self._clinical.artifact))

    def misled_media(self) -> Iterator[tuple[Located[str], str]]:
        """Each referencedObject of renderMultiMedia that names something else than a medium."""
        for one in self._referring:
            for wanted in (one.get("referencedObject") or "").split():
                holder = self._holders.get(wanted)
                if holder is not None and holder.tag not in _MEDIA:
                    element = Element(one, self._clinical.artifact)
                    name = etree.QName(holder).localname
                    yield Located(wanted, element.attribute_place("referencedObject")), name

    def dangling_idrefs(self) -> Iterator[Located[str]]:
        """Each name in an IDREF or IDREFS of the narrative that no element bears."""
        for one in self._referring:
            for attribute in _IDREFS:
                for wanted in (one.get(attribute) or "").split():
                    if wanted not in self.ids:
                        element = Element(one, self._clinical.artifact)
                        yield Located(wanted, element.attribute_place(attribute))

    @cached_property
    def _pointing(self) -> list[etree._Element]:
        return list(self._clinical.node.iter(_REFERENCE, _LINK))

    @cached_property
    def _referring(self) -> list[etree._Element]:
        return self._selected(_REFERRING)

    def _selected(self, path: etree.XPath) -> list[etree._Element]:
        return cast("list[etree._Element]", path(self._clinical.node))
