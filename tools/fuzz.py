"""Random edits of documents, many at once: what single edits never meet, these do."""

from __future__ import annotations

import copy
import random

from lxml import etree

NULL_FLAVORS = ("UNK", "NA", "OTH", "NI", "ASKU", "UNC", "MSK", "", "XX")
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
VALUES = (
    "", " ", "0", "1", "-1", "1.5", "1,5", "NaN", "INF", "-INF", "1e3", "x:CD", "cda:CD", "CD",
    "ST", "PQ", "tel:", "mailto:a@b", "tel:+33 1", "é", "a b", "\u00a0", "\u0661", "TXT", "B64",
    "text/plain", "2023", "202302", "20230231", "20230230101010+0100", "20230101240000+0100",
    "20230101+1400", "201901011200", "2019010112+", "-2019", "20190101120000.123+0100",
    "1.2.250.1", "1.02.3", "a8098c1a-f86e-11da-bd1a-00112444be1e",
    "A8098C1A-F86E-11DA-BD1A-00112444BE1E", "fr-FR", "FR", "completed", "active", "#x", "true",
    "false", "S", "CL", "BR", "BR CL", "LS", "HP", "WP", "MC",
)  # fmt: skip


class Fuzzer:
    """Edits documents; the same seed gives the same edits."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def edited(self, root: etree._Element, edits: int) -> etree._Element:
        """A copy of `root` with that many edits."""
        root = copy.deepcopy(root)
        for _ in range(edits):
            nodes = [n for n in root.iter("*") if str(n.tag).startswith("{urn:hl7-org:v3}")]
            shallow = [n for n in nodes if n.tag != "{urn:hl7-org:v3}td"] or nodes
            if not shallow:
                break
            self.random.choice(self._edits())(self.random.choice(shallow), shallow)
        return root

    def _edits(self):  # type: ignore[no-untyped-def]
        return (
            self._set_attribute, self._set_attribute, self._set_attribute, self._swap_attribute,
            self._drop_attribute, self._drop_attribute, self._null, self._null, self._type,
            self._duplicate, self._duplicate, self._drop, self._drop, self._move, self._rename,
            self._text, self._comment, self._template, self._unknown, self._new_attribute,
        )  # fmt: skip

    def _set_attribute(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        if node.attrib:
            node.set(self.random.choice(list(node.attrib)), self.random.choice(VALUES))

    def _swap_attribute(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        other = self.random.choice(nodes)
        for key in set(node.attrib) & set(other.attrib):
            node.set(key, other.get(key, ""))

    def _drop_attribute(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        if node.attrib:
            del node.attrib[self.random.choice(list(node.attrib))]

    def _new_attribute(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        other = self.random.choice(nodes)
        if other.attrib:
            key = self.random.choice(list(other.attrib))
            node.set(key, self.random.choice([*VALUES, other.get(key, "")]))

    def _null(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        node.set("nullFlavor", self.random.choice(NULL_FLAVORS))

    def _type(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        typed = [n for n in nodes if XSI_TYPE in n.attrib] or [node]
        target = self.random.choice([*typed, node])
        target.set(XSI_TYPE, self.random.choice(("CD", "ST", "PQ", "IVL_TS", "TS", "II", "", "0")))

    def _duplicate(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        parent = node.getparent()
        if parent is not None and len(node) < 40:
            twin = copy.deepcopy(node)
            twin.tail = node.tail
            parent.insert(parent.index(node) + self.random.choice((0, 1)), twin)

    def _drop(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        parent = node.getparent()
        if parent is not None and sum(1 for _ in node.iter()) < 60:
            parent.remove(node)

    def _move(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        target = self.random.choice(nodes)
        if node.getparent() is None or sum(1 for _ in node.iter()) > 60:
            return
        if node is not target and node not in target.iterancestors():
            target.insert(self.random.randint(0, len(target)), copy.deepcopy(node))

    def _rename(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        if node.getparent() is not None:
            node.tag = self.random.choice(nodes).tag

    def _text(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        node.text = self.random.choice((None, " ", "x", '"q', "\u00a0", " a  b ", "\n"))

    def _comment(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        comment = etree.Comment("c")
        comment.tail = self.random.choice(("", "z", " "))
        node.insert(self.random.randint(0, len(node)), comment)

    def _template(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        known = [n for n in nodes if n.tag == "{urn:hl7-org:v3}templateId"]
        if known:
            node.insert(0, copy.deepcopy(self.random.choice(known)))

    def _unknown(self, node: etree._Element, nodes: list[etree._Element]) -> None:
        space = self.random.choice(("{urn:hl7-org:v3}", "{urn:other}", "", "{urn:hl7-org:sdtc}"))
        extra = etree.SubElement(node, f"{space}{self.random.choice(('foo', 'code', 'id', 'low'))}")
        extra.set("value", self.random.choice(VALUES))
