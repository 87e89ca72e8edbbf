"""How a CDA shows itself, and what in its style sheet runs or leads outside.

Sources: CI-SIS, volet Structuration minimale V1.16 (self-presentable documents); W3C "Associating
Style Sheets with XML"; HTML for the attributes and elements that fetch or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dmp_certify.wire import ns, xml
from dmp_certify.wire.cda_nodes import HL7
from dmp_certify.wire.message import Located
from dmp_certify.wire.xml import Element

_XSL = ns.PREFIXES["xsl"]
_HTML = ("", "http://www.w3.org/1999/xhtml")
# Attributes by which HTML, SVG and XSL-FO fetch; `xlink:href` ends in href too.
_FETCHING = frozenset({"src", "href", "action", "formaction", "cite", "codebase", "poster"})
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])(?P<address>[^'")\s;]+)""", re.I)
_URL_FUNCTION = re.compile(r"url\(\s*['\"]?(?P<address>.*?)['\"]?\s*\)", re.I | re.S)
_INSIDE = ("#", "data:", "{", "mailto:", "tel:")


@dataclass(frozen=True)
class Presentation:
    """How the document shows itself.

    `sheets` are its xml-stylesheet instructions (their href); `active` names what runs or fetches:
    (`script`, text) or (`link`, address). `encoding` is that of the bytes.
    """

    self_presentable: bool
    sheets: tuple[Located[str], ...]
    root: Element
    encoding: str

    def active(self) -> Iterator[tuple[str, Located[str]]]:
        """Scripts and external links of the style sheet, outside the clinical document."""
        if not self.self_presentable:
            return
        for node in self.root.node.iter("*"):
            if not node.tag.startswith(HL7) and (_doing(node.tag) or _suspect(node)):
                yield from _found(node, self.root.artifact)


@lru_cache(maxsize=1024)
def _doing(tag: str) -> bool:
    """Whether elements of that tag run, style, or write an attribute."""
    uri, name = xml.split(tag)
    return name.lower() in ("script", "style") or (uri == _XSL and name == "attribute")


def _suspect(node: etree._Element) -> bool:
    """Whether an attribute may run or fetch: a style sheet has thousands that cannot."""
    return any(":" in value or _leading(name) for name, value in node.items())


@lru_cache(maxsize=1024)
def _leading(name: str) -> bool:
    local = xml.split(name)[1].lower()
    return local.startswith("on") or local in _FETCHING or local == "style"


def _found(node: etree._Element, artifact: str) -> Iterator[tuple[str, Located[str]]]:
    uri, name = xml.split(node.tag)
    lower = name.lower()
    if lower == "script":
        yield "script", Located("script", Element(node, artifact).place)
    if lower == "style" and uri in _HTML:
        element = Element(node, artifact)
        for address in _css_addresses(element.text):
            yield "link", Located(address, element.place)
    for attribute, value in node.items():
        local = xml.split(str(attribute))[1]
        for kind, text in _judged(uri, local.lower(), str(value)):
            yield kind, Located(text, Element(node, artifact).attribute_place(local))
    if uri == _XSL and name == "attribute":
        element = Element(node, artifact)
        written = (element.get("name") or "").rpartition(":")[2].lower()
        for kind, text in _judged("", written, element.text.strip()):
            yield kind, Located(text, element.place)


def _judged(uri: str, attribute: str, value: str) -> list[tuple[str, str]]:
    """What an attribute of an element of that namespace does."""
    if attribute.startswith("on") and len(attribute) > 4 and uri in _HTML:
        return [("script", f"{attribute}={value}")]
    if value.strip().lower().startswith("javascript:"):
        return [("script", value)]
    if attribute in _FETCHING and leaves_document(value):
        return [("link", value)]
    if attribute == "style":
        return [("link", address) for address in _css_addresses(value)]
    return []


def _css_addresses(css: str) -> Iterator[str]:
    """The addresses of a piece of CSS that leave the document."""
    for found in _CSS_ADDRESS.finditer(css):
        if leaves_document(found["address"]):
            yield found["address"]


def leaves_document(address: str) -> bool:
    """Whether following the address leads out of the document.

    A fragment, a `data:` URL, an XSLT template (`{…}`) and an empty address stay inside it; XSL-FO
    writes `url(…)` around an address.
    """
    wrapped = _URL_FUNCTION.match(address.strip())
    text = (wrapped["address"] if wrapped else address).strip().lower()
    return bool(text) and not text.startswith(_INSIDE)
