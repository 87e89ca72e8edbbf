"""Edits of the bases' trees, from which other legal shapes are made; each must change something."""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml import etree

from tests.support import bases
from tests.support.bases import NS, Base

Edit = Callable[[etree._Element], None]
XSI, RIM, HL7 = NS["xsi"], NS["rim"], NS["hl7"]
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CLINICAL = "//rim:ExtrinsicObject[not(contains(@id,'Signature'))]"
DOCUMENT = "//hl7:ClinicalDocument"
INS = "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"


def shaped(name: str, *, envelope: Edit | None = None, documents: Edit | None = None) -> Base:
    """The base with its envelope or its clinical documents edited, then sealed."""
    base = bases.load(name)
    before = [base.envelope, *(part.data for part in base.parts)]
    if envelope is not None:
        base.envelope = edited(base.envelope, envelope)
    for part in base.parts:
        if documents is not None and part.name.startswith("document"):
            part.data = edited(part.data, documents)
    after = [base.envelope, *(part.data for part in base.parts)]
    assert before != after, "the edit changes nothing: it would prove nothing"
    bases.seal(base)
    return base


def edited(data: bytes, edit: Edit) -> bytes:
    root = etree.fromstring(data)
    edit(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def every(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements of a path, of which there is at least one."""
    found = list(root.xpath(path, namespaces=NS))
    assert found, f"{path} selects nothing"
    return found


def pieces(xml: str, prefix: str = "hl7") -> list[etree._Element]:
    """Elements written in the namespace of that prefix."""
    return list(etree.fromstring(f'<x xmlns="{NS[prefix]}" xmlns:xsi="{XSI}">{xml}</x>'))


def both(*edits: Edit) -> Edit:
    def edit(root: etree._Element) -> None:
        for each in edits:
            each(root)

    return edit


def put(path: str, attribute: str, value: str) -> Edit:
    """Set an attribute; `text` for the text."""

    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            if attribute == "text":
                node.text = value
            else:
                node.set(attribute, value)

    return edit


def drop(path: str, *attributes: str) -> Edit:
    """Remove elements, or attributes of them."""

    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            if not attributes:
                node.getparent().remove(node)
            for attribute in attributes:
                node.attrib.pop(attribute, None)

    return edit


def add(path: str, xml: str, where: str = "after", prefix: str = "hl7") -> Edit:
    """Add elements `after` or `before` the last one, at the `end` or the `start` inside it."""

    def edit(root: etree._Element) -> None:
        node, made = every(root, path)[-1], pieces(xml, prefix)
        for one in reversed(made) if where in ("after", "start") else made:
            if where == "after":
                node.addnext(one)
            elif where == "before":
                node.addprevious(one)
            else:
                node.insert(len(node) if where == "end" else 0, one)

    return edit


def before_each(path: str, xml: str) -> Edit:
    """The same elements before each of the path's."""

    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            for one in pieces(xml):
                node.addprevious(one)

    return edit


def null(path: str, flavor: str) -> Edit:
    """Leave a nullFlavor alone of an element."""

    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            tail = node.tail
            node.clear()
            node.tail = tail
            node.set("nullFlavor", flavor)

    return edit


def slot(name: str, *values: str, of: str = CLINICAL) -> Edit:
    """A slot with those values, or none at all."""

    def edit(root: etree._Element) -> None:
        for owner in every(root, of):
            found = owner.find(f"rim:Slot[@name='{name}']", NS)
            if found is not None:
                owner.remove(found)
            if values:
                made = etree.Element(f"{{{RIM}}}Slot", name=name)
                listed = etree.SubElement(made, f"{{{RIM}}}ValueList")
                for value in values:
                    etree.SubElement(listed, f"{{{RIM}}}Value").text = value
                owner.insert(0, made)

    return edit


def classified(owner: etree._Element, scheme: str) -> etree._Element:
    """The first classification of that scheme."""
    return next(one for one in owner if one.get("classificationScheme") == f"urn:uuid:{scheme}")


def another(scheme: str, code: str, system: str, before: bool = False) -> Edit:
    """A further classification of clinical entries, copied from their confidentiality."""

    def edit(root: etree._Element) -> None:
        for owner in every(root, CLINICAL):
            source = classified(owner, "f4f85eac-e6cb-4883-b524-f2705394840f")
            made = copy.deepcopy(source)
            made.set("id", f"{source.get('id')}-more-{code}")
            made.set("classificationScheme", f"urn:uuid:{scheme}")
            made.set("nodeRepresentation", code)
            every(made, ".//rim:Value")[0].text = system
            source.addprevious(made) if before else source.addnext(made)

    return edit


def author(person: str, institution: str = "", specialty: str = "") -> Edit:
    """A further author of the clinical entries."""
    wanted = {
        "authorPerson": person,
        "authorInstitution": institution,
        "authorSpecialty": specialty,
    }

    def edit(root: etree._Element) -> None:
        for owner in every(root, CLINICAL):
            source = classified(owner, "93606bcf-9494-43ec-9b4e-a7748d1a838d")
            made = copy.deepcopy(source)
            made.set("id", f"{source.get('id')}-more")
            for each in list(made):
                value = wanted[each.get("name")]
                if value:
                    every(each, ".//rim:Value")[0].text = value
                else:
                    made.remove(each)
            source.addnext(made)

    return edit
