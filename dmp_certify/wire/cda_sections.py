"""The sections of a CDA by what they hold, and its intervals of numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.cda_walk import Traversal
from dmp_certify.wire.xml import Element

_SHOWN = f"{HL7}renderMultiMedia"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the body whose narrative shows nothing."""

    node: Node
    entries: bool
    sections: bool


def silent_sections(document: Traversal) -> Iterator[Section]:
    """The sections of a document, nested ones included, with neither narrative nor nullFlavor."""
    for one in document.grouped["section"]:
        text = _child(one, "text")
        if one.get("nullFlavor") or (text is not None and _speaks(text)):
            continue
        yield Section(
            Node(Element(one, document.node.element.artifact)),
            _child(one, "entry") is not None,
            _child(one, "component") is not None,
        )


def _child(one: etree._Element, name: str) -> etree._Element | None:
    return next(one.iterchildren(f"{HL7}{name}"), None)


def _speaks(text: etree._Element) -> bool:
    """Whether a narrative shows a character or a picture, or says why it shows none."""
    # The first characters answer for nearly all.
    if any(part.strip() for part in text.itertext(f"{HL7}*")):
        return True
    if text.get("nullFlavor") or text.get("representation") == "B64":
        return True
    return next(text.iter(_SHOWN), None) is not None


def value_pairs(document: Traversal) -> Iterator[tuple[Node, Node]]:
    """Each (low, high) whose values are numbers, be they of one unit or not."""
    artifact = document.node.element.artifact
    for high in document.grouped["high"]:
        low = high.getprevious()
        while low is not None and low.tag != f"{HL7}low":
            low = low.getprevious()
        if low is not None and low.get("value") and high.get("value"):
            yield Node(Element(low, artifact)), Node(Element(high, artifact))
