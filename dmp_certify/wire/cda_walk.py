"""Walks over a CDA that checks need: header, points in time, identifiers.

Documents hold thousands of elements: a walk hands on only those that can matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import cast

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.ns import PREFIXES
from dmp_certify.wire.xml import Element

_TIMED = ("effectiveTime", "time", "birthTime", "low", "high", "center", "value")
_ROOTED = ("id", "setId", "templateId")
_NULL_IN_HEADER = etree.XPath(
    "*[not(self::hl7:component)]/descendant-or-self::hl7:*[string(@nullFlavor)]",
    namespaces={"hl7": PREFIXES["hl7"]},
)
# What has a display name or names its code system states that system: one walk finds them all.
_DESCRIBED = etree.XPath("descendant::*[@codeSystem or @mediaType]")
_NULL_AND_VALUE = etree.XPath("descendant::*[@nullFlavor and (@code or @value or @extension)]")
_NAMED = ("name", "addr")
_NAMED_TAGS = frozenset(HL7 + name for name in _NAMED)
# A delimiter of a name or an address may hold nothing but its place.
_MAY_BE_EMPTY = f"{HL7}delimiter"
_INTERVALS = frozenset({"effectiveTime", "time", "phase"})


class Traversal:
    """The walks over the ClinicalDocument `node`."""

    node: Node

    @cached_property
    def times(self) -> tuple[Node, ...]:
        """Every element whose @value is a point in time (TS), in the order of the document."""
        found = self.every(*_TIMED, bearing="value")
        return tuple(one for one in found if _is_time(one))

    def intervals(self) -> Iterator[tuple[Node, Node]]:
        """Each (low, high) of an interval of time that has both."""
        for low in self.times:
            parent = low.parent if low.name == "low" else None
            high = parent.first("high") if parent is not None else None
            if high is not None:
                yield low, high

    def header(self, *names: str) -> Iterator[Node]:
        """The elements of those names in the header, without those of the body; `*` for all."""
        artifact, wanted = self.node.element.artifact, [HL7 + name for name in names]
        for child in self.node.element.node:
            if child.tag != f"{HL7}component":
                for one in child.iter(*wanted):
                    yield Node(Element(one, artifact))

    def null_header(self) -> Iterator[Node]:
        """The elements of the header that bear a nullFlavor."""
        artifact = self.node.element.artifact
        for one in cast("list[etree._Element]", _NULL_IN_HEADER(self.node.element.node)):
            yield Node(Element(one, artifact))

    @cached_property
    def _described(self) -> list[etree._Element]:
        return cast("list[etree._Element]", _DESCRIBED(self.node.element.node))

    def bearing(self, attribute: str) -> Iterator[Node]:
        """The elements with that attribute, among those with a codeSystem or a mediaType."""
        artifact = self.node.element.artifact
        for one in self._described:
            if one.get(attribute) is not None:
                yield Node(Element(one, artifact))

    def null_valued(self) -> Iterator[Node]:
        """The elements that bear both a nullFlavor and a value, anywhere."""
        artifact = self.node.element.artifact
        for one in cast("list[etree._Element]", _NULL_AND_VALUE(self.node.element.node)):
            if one.get("nullFlavor"):
                yield Node(Element(one, artifact))

    def empty_names(self) -> Iterator[Node]:
        """The names, addresses and their parts in the header with neither value nor nullFlavor.

        A qualifier of a code has a `name` that is none of these; a delimiter may be empty.
        """
        for whole in self.header(*_NAMED):
            node = whole.element.node
            parent = node.getparent()
            if parent is not None and parent.tag == f"{HL7}qualifier":
                continue
            for one in (node, *node.iterchildren(f"{HL7}*")):
                named_again = one is not node and one.tag in _NAMED_TAGS
                if len(one) or one.get("nullFlavor") or named_again or one.tag == _MAY_BE_EMPTY:
                    continue
                if not (one.text or "").strip():
                    yield Node(Element(one, whole.element.artifact))

    def every(self, *names: str, bearing: str = "") -> Iterator[Node]:
        """Every HL7 element of those names, anywhere, that bears the attribute if one is named."""
        artifact = self.node.element.artifact
        for one in self.node.element.node.iter(*(HL7 + name for name in names)):
            if not bearing or one.get(bearing) is not None:
                yield Node(Element(one, artifact))

    def roots_unless(self, sound: Callable[[str], bool]) -> Iterator[Node]:
        """The identifiers and templateIds whose @root is there and is not `sound`."""
        artifact = self.node.element.artifact
        for one in self.node.element.node.iter(*(HL7 + name for name in _ROOTED)):
            root = one.get("root")
            if root is not None and not sound(root):
                yield Node(Element(one, artifact))


def _is_time(node: Node) -> bool:
    """Whether @value is a TS: by the element's name, or by its type or its parent's."""
    if node.name == "value":
        return node.type == "TS"
    if node.name in ("low", "high", "center"):
        parent = node.parent
        kind = parent.type if parent is not None else ""
        return kind == "IVL_TS" or (not kind and parent is not None and parent.name in _INTERVALS)
    return node.type in ("", "TS", "IVL_TS", "SXCM_TS")
