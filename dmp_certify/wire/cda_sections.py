"""The sections of a CDA by what they hold, and its intervals of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.xml import Element

_SHOWN = frozenset((f"{HL7}renderMultiMedia",))


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the body. `silent`: its narrative shows nothing."""

    node: Node
    silent: bool
    entries: bool
    sections: bool


def sections(whole: Node) -> Iterator[Section]:
    """Every section below `whole`, nested ones included, that bears no nullFlavor."""
    artifact = whole.element.artifact
    for one in whole.element.node.iter(f"{HL7}section"):
        if one.get("nullFlavor"):
            continue
        text = one.find(f"{HL7}text")
        yield Section(
            Node(Element(one, artifact)),
            text is None or not (_shows(text) or text.get("nullFlavor")),
            one.find(f"{HL7}entry") is not None,
            one.find(f"{HL7}component") is not None,
        )


def _shows(text: etree._Element) -> bool:
    """Whether a narrative shows a character or a picture."""
    if text.get("representation") == "B64" or any(one.tag in _SHOWN for one in text.iter(*_SHOWN)):
        return True
    return any(part.strip() for part in text.itertext(f"{HL7}*"))


def value_pairs(whole: Node) -> Iterator[tuple[Node, Node]]:
    """Each (low, high) whose values are numbers, be they of one unit or not."""
    artifact = whole.element.artifact
    for high in whole.element.node.iter(f"{HL7}high"):
        low = high.getprevious()
        while low is not None and low.tag != f"{HL7}low":
            low = low.getprevious()
        if low is not None and low.get("value") and high.get("value"):
            yield Node(Element(low, artifact)), Node(Element(high, artifact))
