"""Another spelling of the same XML.

Two kinds. A *lexical* spelling leaves the canonical form (W3C C14N) as it is: quotes, order of
attributes, white space inside tags, CDATA, character references, empty-element tags, declaration,
byte order mark; it may be applied to what is signed already. The others change the canonical form
but not the meaning (prefixes, where namespaces are declared, comments, white space between
elements): they come before the signature.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from typing import Any

from lxml import etree

XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XML = "http://www.w3.org/XML/1998/namespace"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"


@dataclass(frozen=True)
class Style:
    """What a spelling does. All false: the document as it stands."""

    # lexical
    shuffle: bool = False
    single_quotes: bool = False
    spread: bool = False
    cdata: bool = False
    references: bool = False
    empty: str = "short"
    declaration: str = "double"
    bom: bool = False
    crlf: bool = False
    # of the information set
    prefixes: str = "keep"
    declare: str = "keep"
    comments: bool = False
    comments_in_text: bool = False
    instructions: bool = False
    white_space: str = "keep"
    spare_namespaces: bool = False


LEXICAL = ("shuffle", "single_quotes", "spread", "cdata", "references", "bom", "crlf")
EMPTY = ("short", "spaced", "long")
DECLARATIONS = ("double", "single", "none", "standalone", "version", "lower")
_DECLARED = {
    "double": '<?xml version="1.0" encoding="UTF-8"?>\n',
    "single": "<?xml version='1.0' encoding='UTF-8'?>",
    "none": "",
    "standalone": '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n\n',
    "version": '<?xml version="1.0"?>',
    "lower": '<?xml version = "1.0" encoding = "utf-8" standalone=\'no\'?>',
}


def lexical(style: Style) -> Style:
    """The part of a style that leaves the canonical form alone."""
    kept = {*LEXICAL, "empty", "declaration"}
    return Style(**{f.name: getattr(style, f.name) for f in fields(Style) if f.name in kept})


def respell(data: bytes, style: Style, seed: int = 0) -> bytes:
    """The document in another spelling."""
    # The entity and CDATA spelling of the source is of no interest; comments are kept.
    root = etree.fromstring(data)
    return _Writer(style, random.Random(seed), root).write()


class _Writer:
    def __init__(self, style: Style, rng: random.Random, root: etree._Element) -> None:
        self.style, self.rng, self.root = style, rng, root
        self.names = self._prefixes()

    def _prefixes(self) -> dict[str, str]:
        """Namespace to prefix; the empty prefix is the default namespace."""
        used: dict[str, None] = {}
        for node in self.root.iter():
            for uri in node.nsmap.values():
                used.setdefault(uri)
        held = [uri for uri in used if uri != XML]
        return {uri: f"{self.rng.choice(['n', 'ns', 'a_', 'X-'])}{i}" for i, uri in enumerate(held)}

    def write(self) -> bytes:
        style = self.style
        pieces = [_DECLARED[style.declaration]]
        before, after = list(self.root.itersiblings(preceding=True))[::-1], self.root.itersiblings()
        pieces += [self._misc(one) + "\n" for one in before]
        if style.comments:
            pieces.append("<!-- avant la racine: é -->\n")
        if style.instructions:
            pieces.append('<?autre chose="1"?>')
        pieces.append(self._element(self.root, {"xml": XML}))
        pieces += ["\n" + self._misc(one) for one in after]
        pieces.append("\n<!-- after -->\n" if style.comments else "\n")
        text = "".join(pieces)
        if style.crlf:
            text = text.replace("\n", "\r\n")
        return (b"\xef\xbb\xbf" if style.bom else b"") + text.encode()

    def _misc(self, node: Any) -> str:
        return etree.tostring(node, with_tail=False, encoding="unicode")

    # names and declarations

    def _element(self, node: etree._Element, scope: dict[str, str]) -> str:
        if not isinstance(node.tag, str):
            return self._misc(node)
        declared = self._declarations(node, scope)
        scope = {**scope, **declared}
        name = self._name(etree.QName(node), scope, element=True)
        attributes = [
            (f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in declared.items()
        ]
        attributes += [
            (self._name(etree.QName(key), scope, element=False), self._value(node, key, scope))
            for key in node.attrib
        ]
        if self.style.shuffle:
            self.rng.shuffle(attributes)
        head = name + "".join(self._attribute(*one) for one in attributes)
        head += self.rng.choice(["", " ", "\n"]) if self.style.spread else ""
        body = self._content(node, scope)
        if not body and self.style.empty != "long":
            return f"<{head}{' ' if self.style.empty == 'spaced' else ''}/>"
        return f"<{head}>{body}</{name}{' ' if self.style.spread else ''}>"

    def _declarations(self, node: etree._Element, scope: dict[str, str]) -> dict[str, str]:
        """Prefix to namespace, of what this element declares."""
        style = self.style
        if style.prefixes == "keep":
            above = node.getparent().nsmap if node.getparent() is not None else {}
            found = {
                prefix or "": uri
                for prefix, uri in node.nsmap.items()
                if above.get(prefix) != uri or style.declare == "everywhere"
            }
            if None in above and None not in node.nsmap:
                found[""] = ""
            found.pop("xml", None)
        else:
            found = self._renamed(node, scope)
        if style.spare_namespaces and self.rng.random() < 0.2:
            found[f"spare{self.rng.randrange(9)}"] = "urn:spare"
        return found

    def _renamed(self, node: etree._Element, scope: dict[str, str]) -> dict[str, str]:
        needed = {etree.QName(key).namespace for key in node.attrib} - {None, XML}
        if node.get(XSI_TYPE, "").partition(":")[1]:
            needed.add(node.nsmap[node.get(XSI_TYPE).partition(":")[0]])
        own = etree.QName(node).namespace
        found: dict[str, str] = {}
        if self.style.prefixes == "default":
            if scope.get("", "") != (own or ""):
                found[""] = own or ""
        else:
            needed.add(own)
        unprefixed = node.get(XSI_TYPE)
        if unprefixed and ":" not in unprefixed and None in node.nsmap:
            needed.add(node.nsmap[None])
        if node.tag == f"{{{EXC_C14N}}}InclusiveNamespaces":
            needed |= {node.nsmap.get(p if p != "#default" else None) for p in _listed(node)}
        at_root = self.style.declare == "root" and node is self.root
        for uri in self.names if at_root else needed:
            if uri and (scope.get(self.names[uri]) != uri or self.style.declare == "everywhere"):
                found[self.names[uri]] = uri
        return found

    def _name(self, name: etree.QName, scope: dict[str, str], element: bool) -> str:
        uri, local = name.namespace, name.localname
        if uri is None:
            return local
        if uri == XML:
            return f"xml:{local}"
        if element and self.style.prefixes == "default":
            return local
        prefix = self.names[uri]
        if self.style.prefixes == "keep":
            held = [p for p, u in scope.items() if u == uri and (p or element)]
            prefix = held[-1]
            if element and scope.get("") == uri:
                prefix = ""
        return f"{prefix}:{local}" if prefix else local

    def _value(self, node: etree._Element, key: str, scope: dict[str, str]) -> str:
        value = str(node.get(key))
        if self.style.prefixes == "keep":
            return value
        if key == XSI_TYPE:
            prefix, colon, local = value.rpartition(":")
            uri = node.nsmap.get(prefix if colon else None)
            return f"{self.names[uri]}:{local}" if uri else value
        if node.tag == f"{{{EXC_C14N}}}InclusiveNamespaces" and key == "PrefixList":
            uris = (node.nsmap.get(p if p != "#default" else None) for p in _listed(node))
            return " ".join(self.names[uri] for uri in uris if uri)
        return value

    def _attribute(self, name: str, value: str) -> str:
        quote = "'" if self.style.single_quotes and self.rng.random() < 0.7 else '"'
        space = self.rng.choice([" ", "  ", "\n\t"]) if self.style.spread else " "
        equals = self.rng.choice(["=", " = "]) if self.style.spread else "="
        text = self._escaped(value, "&quot;" if quote == '"' else "&apos;", quote)
        for character in "\n\t\r":
            text = text.replace(character, f"&#{ord(character)};")
        return f"{space}{name}{equals}{quote}{text}{quote}"

    # content

    def _content(self, node: etree._Element, scope: dict[str, str]) -> str:
        elements = [child for child in node if isinstance(child.tag, str)]
        mixed = bool((node.text or "").strip()) or any((c.tail or "").strip() for c in node)
        loose = bool(elements) and not mixed
        pieces = [self._run(node.text or "", loose)]
        for child in node:
            pieces.append(self._element(child, scope))
            pieces.append(self._run(child.tail or "", loose))
        return "".join(pieces)

    def _run(self, text: str, loose: bool) -> str:
        if loose:
            return self._between(text)
        if not text:
            return ""
        if self.style.comments_in_text and text.strip() and len(text) > 2:
            at = self.rng.randrange(1, len(text))
            note = self.rng.choice(["<!-- note -->", "<!---->"])
            note = "<?coupe ici?>" if self.style.instructions else note
            return self._text(text[:at]) + note + self._text(text[at:])
        return self._text(text)

    def _between(self, text: str) -> str:
        if self.style.white_space == "none":
            text = ""
        elif self.style.white_space == "more":
            text = self.rng.choice(["\n\n    ", "\t", " \n", " "])
        if self.style.comments and self.rng.random() < 0.3:
            text += "<!-- entre -->"
        if self.style.instructions and self.rng.random() < 0.3:
            text += "<?entre deux?>"
        return text

    def _text(self, text: str) -> str:
        if self.style.cdata and text.strip() and "]]>" not in text and self.rng.random() < 0.7:
            at = self.rng.randrange(len(text))
            return f"{self._escaped(text[:at])}<![CDATA[{text[at:]}]]>"
        return self._escaped(text).replace("\r", "&#13;")

    def _escaped(self, text: str, quote: str = "", mark: str = "") -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
        text = text.replace(mark, quote) if mark else text
        if not self.style.references or len(text) > 2000:
            return text
        return "".join(self._referenced(c) for c in text) if "&" not in text else text

    def _referenced(self, character: str) -> str:
        if self.rng.random() > 0.2 or character in "\r\n":
            return character
        return self.rng.choice([f"&#{ord(character)};", f"&#x{ord(character):X};"])


def _listed(node: etree._Element) -> list[str]:
    return (node.get("PrefixList") or "").split()
