"""ebRIM 3.0 registry objects: slots, classifications, external identifiers, associations.

Source: OASIS ebXML Registry Information Model 3.0; IHE ITI TF-3 section 4.2 for their use.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp_certify.finding import Place
from dmp_certify.wire.message import Located
from dmp_certify.wire.xml import Element


@dataclass(frozen=True, slots=True)
class Slot:
    """A named list of values."""

    place: Place
    name: str
    values: tuple[Located[str], ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """An external classification: a code, or an author with its slots.

    `node` is classificationNode, of an internal classification. `value` is nodeRepresentation;
    `coding_scheme` the first value of the slot of that name; `display` the name. `owner` is
    classifiedObject.
    """

    place: Place
    scheme: str
    node: str
    value: Located[str] | None
    coding_scheme: Located[str] | None
    display: Located[str] | None
    owner: Located[str] | None
    slots: tuple[Slot, ...]

    def values(self, slot: str) -> tuple[Located[str], ...]:
        """Every value of the slots of that name."""
        return tuple(value for one in self.slots if one.name == slot for value in one.values)

    def at(self, slot: str) -> Place:
        """Where a slot stands or would stand."""
        found = next((one.place for one in self.slots if one.name == slot), None)
        own = self.place
        return found or Place(own.artifact, f"{own.path}/rim:Slot[@name='{slot}']", own.line)


@dataclass(frozen=True, slots=True)
class ExternalIdentifier:
    """An external identifier; `owner` is registryObject."""

    place: Place
    scheme: str
    value: Located[str]
    owner: Located[str] | None


@dataclass(frozen=True)
class RimObject:
    """An ExtrinsicObject or a RegistryPackage with what hangs on it."""

    place: Place
    element: Element = field(repr=False)
    id: Located[str]
    object_type: Located[str] | None
    name: Located[str] | None
    description: Located[str] | None
    slots: tuple[Slot, ...]
    classifications: tuple[Classification, ...]
    identifiers: tuple[ExternalIdentifier, ...]

    def slots_named(self, name: str) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.name == name)

    def classified(self, scheme: str) -> tuple[Classification, ...]:
        return tuple(one for one in self.classifications if one.scheme == scheme)

    def identified(self, scheme: str) -> tuple[ExternalIdentifier, ...]:
        return tuple(one for one in self.identifiers if one.scheme == scheme)


@dataclass(frozen=True, slots=True)
class Association:
    """A link between two objects; `type` is the associationType."""

    place: Place
    id: str
    type: Located[str]
    source: Located[str]
    target: Located[str]
    slots: tuple[Slot, ...]

    def values(self, slot: str) -> tuple[Located[str], ...]:
        """Every value of the slots of that name."""
        return tuple(value for one in self.slots if one.name == slot for value in one.values)


def read_object(element: Element) -> RimObject:
    """The registry object in an ExtrinsicObject or RegistryPackage."""
    return RimObject(
        place=element.place,
        element=element,
        id=attribute(element, "id"),
        object_type=element.attribute("objectType"),
        name=international(element, "Name"),
        description=international(element, "Description"),
        slots=read_slots(element),
        classifications=tuple(
            read_classification(one) for one in element.all("rim:Classification")
        ),
        identifiers=tuple(_identifier(one) for one in element.all("rim:ExternalIdentifier")),
    )


def read_slots(element: Element) -> tuple[Slot, ...]:
    """The slots that are children of the element. Outer white space of values is removed."""
    return tuple(
        Slot(
            one.place,
            one.get("name") or "",
            tuple(value.located_text() for value in one.all("rim:ValueList/rim:Value")),
        )
        for one in element.all("rim:Slot")
    )


def read_classification(element: Element) -> Classification:
    """One Classification; its scheme is empty when it is an internal one."""
    slots = read_slots(element)
    schemes = [value for slot in slots if slot.name == "codingScheme" for value in slot.values]
    return Classification(
        place=element.place,
        scheme=element.get("classificationScheme") or "",
        node=element.get("classificationNode") or "",
        value=element.attribute("nodeRepresentation"),
        coding_scheme=schemes[0] if schemes else None,
        display=international(element, "Name"),
        owner=element.attribute("classifiedObject"),
        slots=slots,
    )


def _identifier(element: Element) -> ExternalIdentifier:
    return ExternalIdentifier(
        element.place,
        element.get("identificationScheme") or "",
        attribute(element, "value"),
        element.attribute("registryObject"),
    )


def read_association(element: Element) -> Association:
    """One Association; absent attributes are empty."""
    return Association(
        element.place,
        element.get("id") or "",
        attribute(element, "associationType"),
        attribute(element, "sourceObject"),
        attribute(element, "targetObject"),
        read_slots(element),
    )


def attribute(element: Element, name: str) -> Located[str]:
    """An attribute and its place; empty when it is absent."""
    return element.attribute(name) or Located("", element.attribute_place(name))


def international(element: Element, name: str) -> Located[str] | None:
    """The first LocalizedString of a Name or Description, or None."""
    found = element.first(f"rim:{name}/rim:LocalizedString")
    return found.attribute("value") if found is not None else None
