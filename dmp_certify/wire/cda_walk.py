"""Walks over a CDA that checks need: header, points in time, identifiers.

Documents hold thousands of elements: a walk hands on only those that can matter.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property
from typing import cast

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.ns import PREFIXES
from dmp_certify.wire.xml import Element, split

_TIMED = tuple(
    HL7 + name for name in ("effectiveTime", "time", "birthTime", "low", "high", "center", "value")
)
_LOW, _HIGH, _VALUE = f"{HL7}low", f"{HL7}high", f"{HL7}value"
_BOUNDS = frozenset({_LOW, _HIGH, f"{HL7}center"})
_ID = f"{HL7}id"
_CLAIMS = (f"{HL7}setId", f"{HL7}templateId")
_CODED = etree.XPath("descendant::*/@codeSystem/..")
_TYPED = etree.XPath("descendant::*/@mediaType/..")
_NULL = etree.XPath("descendant::*/@nullFlavor/..")
_VALUES = frozenset(("code", "value", "extension"))
_CODES = (f"{HL7}code", f"{HL7}value")
_NAMED = (f"{HL7}name", f"{HL7}addr")
_COMPONENT = f"{HL7}component"
_QUALIFIER = f"{HL7}qualifier"
# A delimiter of a name or an address may hold nothing but its place.
_MAY_BE_EMPTY = f"{HL7}delimiter"
_INTERVALS = frozenset({"effectiveTime", "time", "phase"})
_TYPE = f"{{{PREFIXES['xsi']}}}type"


# (codeSystem, code, codeSystemName, displayName) of an element with a codeSystem; None for an
# attribute that is absent. A bare tuple: a document has hundreds.
Coding = tuple[str, str | None, str | None, str | None]


# What one walk gathers for all who seek elements by name, each group in the order of the document.
_GROUPS = {
    "times": _TIMED,
    "codes": _CODES,
    "held": (f"{HL7}text", f"{HL7}value", f"{HL7}thumbnail"),
    **{name: (HL7 + name,) for name in ("id", "author", "high", "section", "telecom")},
    "claims": _CLAIMS,
}
# And what one walk over the header alone gathers: each name is in one group.
_HEADED = {
    "id": (_ID,),
    "named": _NAMED,
    "answerable": (f"{HL7}assignedAuthor", f"{HL7}assignedEntity"),
}


class Traversal:
    """The walks over the ClinicalDocument `node`."""

    node: Node

    @cached_property
    def grouped(self) -> dict[str, list[etree._Element]]:
        """The elements of each of `_GROUPS`; for other modules of `wire` only."""
        found: dict[str, list[etree._Element]] = {name: [] for name in _GROUPS}
        adders: dict[str, list[Callable[[etree._Element], None]]] = {}
        for name, tags in _GROUPS.items():
            for tag in tags:
                adders.setdefault(tag, []).append(found[name].append)
        for one in self.node.element.node.iter(*adders):
            for add in adders[one.tag]:
                add(one)
        return found

    @cached_property
    def times(self) -> tuple[Node, ...]:
        """Every element whose @value is a point in time (TS), in the order of the document."""
        artifact = self.node.element.artifact
        return tuple(Node(Element(one, artifact)) for one in self._timed)

    @cached_property
    def _timed(self) -> list[etree._Element]:
        found = self.grouped["times"]
        return [one for one in found if one.get("value") is not None and _is_time(one)]

    def times_unless(self, sound: Callable[[str], bool]) -> Iterator[Node]:
        """The elements of `times` whose @value is not `sound`."""
        odd = {value for value in self._moments if not sound(value)}
        for one in self._timed if odd else ():
            if one.get("value") in odd:
                yield Node(Element(one, self.node.element.artifact))

    @cached_property
    def _moments(self) -> frozenset[str]:
        return frozenset(one.get("value") or "" for one in self._timed)

    def intervals(self) -> Iterator[tuple[Node, Node]]:
        """Each (low, high) of an interval of time that has both."""
        artifact = self.node.element.artifact
        for low in self._timed:
            parent = low.getparent() if low.tag == _LOW else None
            high = None if parent is None else next(parent.iterchildren(_HIGH), None)
            if high is not None:
                yield Node(Element(low, artifact)), Node(Element(high, artifact))

    @cached_property
    def _nulls(self) -> list[tuple[str, etree._Element]]:
        found = cast("list[etree._Element]", _NULL(self.node.element.node))
        return [(flavor, one) for one in found if (flavor := one.get("nullFlavor"))]

    def null_header(self, admitted: Container[str]) -> Iterator[Node]:
        """The elements of the header with a nullFlavor that is none of those admitted."""
        for flavor, one in self._nulls:
            if flavor not in admitted and self._heads(one):
                yield Node(Element(one, self.node.element.artifact))

    def _heads(self, one: etree._Element) -> bool:
        """Whether it is an HL7 element of the header."""
        whole, top = self.node.element.node, one
        while (parent := top.getparent()) is not None and parent is not whole:
            top = parent
        return top.tag != _COMPONENT and one.tag.startswith(HL7)

    @cached_property
    def answerable(self) -> tuple[Node, ...]:
        """The roles in the header that a professional, or a device, may hold."""
        artifact = self.node.element.artifact
        return tuple(Node(Element(one, artifact)) for one in self._headed["answerable"])

    @cached_property
    def _headed(self) -> dict[str, list[etree._Element]]:
        """The elements of each of `_HEADED` that no component of the document holds."""
        found: dict[str, list[etree._Element]] = {name: [] for name in _HEADED}
        adders = {tag: found[name].append for name, tags in _HEADED.items() for tag in tags}
        whole = self.node.element.node
        for one in whole.iter(_COMPONENT, *adders):
            if one.tag != _COMPONENT:
                adders[one.tag](one)
            elif one.getparent() is whole:
                # The body, which is long: what follows it, against the schema, is sought apart.
                for later in one.itersiblings("*"):
                    for held in later.iter(*adders) if later.tag != _COMPONENT else ():
                        adders[held.tag](held)
                break
        return found

    @cached_property
    def _codings(self) -> list[tuple[Coding, etree._Element]]:
        found = cast("list[etree._Element]", _CODED(self.node.element.node))
        return [
            (
                (
                    one.get("codeSystem") or "",
                    one.get("code"),
                    one.get("codeSystemName"),
                    one.get("displayName"),
                ),
                one,
            )
            for one in found
        ]

    def coded_unless(self, sound: Callable[[Coding], bool]) -> Iterator[Node]:
        """The elements with a codeSystem whose coding is not `sound`: asked once for each coding.

        What has a display name, or names its code system, states that system.
        """
        odd = {coding for coding in self._distinct if not sound(coding)}
        for coding, one in self._codings if odd else ():
            if coding in odd:
                yield Node(Element(one, self.node.element.artifact))

    @cached_property
    def _distinct(self) -> frozenset[Coding]:
        return frozenset(coding for coding, _ in self._codings)

    def uncoded(self) -> Iterator[Node]:
        """The `code` and `value` elements with a code and without a codeSystem."""
        for one in self.grouped["codes"]:
            if one.get("code") and not one.get("codeSystem"):
                yield Node(Element(one, self.node.element.artifact))

    @cached_property
    def typed(self) -> tuple[Node, ...]:
        """The elements with a mediaType."""
        artifact = self.node.element.artifact
        found = cast("list[etree._Element]", _TYPED(self.node.element.node))
        return tuple(Node(Element(one, artifact)) for one in found)

    def null_valued(self) -> Iterator[Node]:
        """The elements that bear both a nullFlavor and a value, anywhere."""
        for _, one in self._nulls:
            if not _VALUES.isdisjoint(one.keys()):
                yield Node(Element(one, self.node.element.artifact))

    def empty_names(self) -> Iterator[Node]:
        """The names, addresses and their parts in the header with neither value nor nullFlavor.

        A qualifier of a code has a `name` that is none of these; a delimiter may be empty.
        """
        for whole in self._headed["named"]:
            for one in _empty(whole):
                yield Node(Element(one, self.node.element.artifact))

    def every(self, *names: str, bearing: str = "") -> Iterator[Node]:
        """Every HL7 element of those names, anywhere, that bears the attribute if one is named."""
        artifact = self.node.element.artifact
        tags = tuple(HL7 + name for name in names)
        gathered = "grouped" in vars(self) and _GROUPS.get(names[0]) == tags
        for one in self.grouped[names[0]] if gathered else self.node.element.node.iter(*tags):
            if not bearing or one.get(bearing) is not None:
                yield Node(Element(one, artifact))

    def anywhere(self, names: str) -> Node | None:
        """The first element that the names lead to from any element of the first of them."""
        first, _, rest = names.partition(".")
        return next((found for one in self.every(first) if (found := one.first(rest))), None)

    @cached_property
    def identifiers(self) -> list[tuple[str, etree._Element]]:
        """Each `id` that has a root, with that root first; for other modules of `wire` only."""
        return _rooted(self.grouped["id"])

    @cached_property
    def claims(self) -> list[tuple[str, etree._Element]]:
        """Each `setId` and `templateId` that has a root, with that root first; as above."""
        return _rooted(self.grouped["claims"])

    def ids_where(self, wanted: Callable[[str], bool]) -> Iterator[Node]:
        """The `id` elements, anywhere, whose @root is `wanted`."""
        for root, one in self.identifiers:
            if wanted(root):
                yield Node(Element(one, self.node.element.artifact))

    def header_ids_where(self, wanted: Callable[[str], bool]) -> Iterator[Node]:
        """Those of them that stand in the header."""
        for root, one in self._header_ids:
            if wanted(root):
                yield Node(Element(one, self.node.element.artifact))

    @cached_property
    def _header_ids(self) -> list[tuple[str, etree._Element]]:
        return _rooted(self._headed["id"])

    def roots_unless(self, sound: Callable[[str], bool]) -> Iterator[Node]:
        """The identifiers and templateIds whose @root is there and is not `sound`."""
        roots = {root for known in (self.identifiers, self.claims) for root, _ in known}
        if all(map(sound, roots)):
            return
        for root, one in _rooted(self.node.element.node.iter(_ID, *_CLAIMS)):
            if not sound(root):
                yield Node(Element(one, self.node.element.artifact))


def _rooted(found: Iterable[etree._Element]) -> list[tuple[str, etree._Element]]:
    return [(root, one) for one in found if (root := one.get("root")) is not None]


def _empty(whole: etree._Element) -> list[etree._Element]:
    """The name or address and those of its parts that are empty."""
    found = [one for one in whole if _hollow(one) and _is_part(one.tag)]
    if _hollow(whole):
        found.insert(0, whole)
    parent = whole.getparent() if found else None
    return [] if parent is not None and parent.tag == _QUALIFIER else found


def _hollow(one: etree._Element) -> bool:
    # Text first: nearly every part has some, and the other questions cost more.
    if (one.text or "").strip() or len(one) or one.get("nullFlavor"):
        return False
    return one.tag != _MAY_BE_EMPTY


def _is_part(tag: object) -> bool:
    return isinstance(tag, str) and tag.startswith(HL7) and tag not in _NAMED


def _is_time(one: etree._Element) -> bool:
    """Whether @value is a TS: by the element's name, or by its type or its parent's."""
    tag = one.tag
    if tag == _VALUE:
        return _type(one) == "TS"
    if tag in _BOUNDS:
        parent = one.getparent()
        kind = "" if parent is None else _type(parent)
        named = parent is not None and split(parent.tag)[1] in _INTERVALS
        return kind == "IVL_TS" or (named and not kind)
    return _type(one) in ("", "TS", "IVL_TS", "SXCM_TS")


def _type(one: etree._Element) -> str:
    """The local name of xsi:type, empty when there is none."""
    return (one.get(_TYPE) or "").rpartition(":")[2]
