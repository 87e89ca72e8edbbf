"""The pieces a CDA view is made of: elements of the document with their place.

A Node answers for one HL7 element. Places are computed only when a check asks for them, for most
never do: a document holds thousands of elements.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from dmp_certify.finding import Place
from dmp_certify.wire import ns
from dmp_certify.wire.cda_time import PointInTime, point_in_time
from dmp_certify.wire.xml import Element

HL7 = f"{{{ns.PREFIXES['hl7']}}}"
_TYPE = f"{{{ns.PREFIXES['xsi']}}}type"


class Node:
    """One element of the HL7 namespace. Names of attributes and children are local names.

    What `all` found is kept: the checks of a header ask for the same few elements over and over.
    The children are read once, all together, by tag: that costs what asking lxml for three does.
    """

    __slots__ = ("_children", "_found", "_node", "element")

    def __init__(self, element: Element) -> None:
        self.element = element
        self._node = element.node
        self._children: dict[str, list[etree._Element]] | None = None
        self._found: dict[str, tuple[Node, ...]] | None = None

    def rest(self) -> None:
        """Let go of the children and of what `all` found."""
        self._children = self._found = None

    @property
    def name(self) -> str:
        return self.element.name[1]

    @property
    def place(self) -> Place:
        return self.element.place

    @property
    def line(self) -> int | None:
        return self.element.line

    def get(self, name: str) -> str:
        """An attribute's value, empty when it is absent."""
        return self._node.get(name) or ""

    def has(self, name: str) -> bool:
        return self._node.get(name) is not None

    def at(self, name: str) -> Place:
        """Where an attribute stands or would stand."""
        return self.element.attribute_place(name)

    @property
    def null(self) -> str:
        """The nullFlavor, empty when there is none."""
        return self._node.get("nullFlavor") or ""

    @property
    def code(self) -> str:
        return self.get("code")

    @property
    def system(self) -> str:
        return self.get("codeSystem")

    @property
    def display(self) -> str:
        return self.get("displayName")

    @property
    def root(self) -> str:
        return self.get("root")

    @property
    def extension(self) -> str:
        return self.get("extension")

    @property
    def value(self) -> str:
        return self.get("value")

    @property
    def type(self) -> str:
        """The local name of xsi:type, empty when there is none."""
        return (self._node.get(_TYPE) or "").rpartition(":")[2]

    @property
    def time(self) -> PointInTime | None:
        """@value as a point in time, None when it is none."""
        return point_in_time(self.value)

    @property
    def text(self) -> str:
        """The text below the element, with its outer white space removed."""
        return self.element.text.strip()

    @property
    def blank(self) -> bool:
        """Whether `text` is empty; told at its first letter, for a text may be megabytes long."""
        return self.element.blank

    @property
    def children_count(self) -> int:
        return len(self._node)

    @property
    def parent(self) -> Node | None:
        """The enclosing element, None at the root."""
        found = self._node.getparent()
        return None if found is None else Node(Element(found, self.element.artifact))

    def all(self, names: str) -> tuple[Node, ...]:
        """The elements that child names joined by dots lead to: `assignedPerson.name.family`."""
        known = self._found
        if known is None:
            known = self._found = {}
        found = known.get(names)
        if found is None:
            found = known[names] = self._read(names)
        return found

    def _read(self, names: str) -> tuple[Node, ...]:
        first, dot, rest = names.partition(".")
        if dot:
            held = self.all(first)
            if len(held) == 1:
                return held[0].all(rest)
            return tuple([one for child in held for one in child.all(rest)])
        if self._children is None:
            self._children = {}
            for child in self._node:
                self._children.setdefault(child.tag, []).append(child)
        found = self._children.get(HL7 + first, ())
        artifact = self.element.artifact
        return tuple([Node(Element(one, artifact)) for one in found]) if found else ()

    def first(self, names: str) -> Node | None:
        """The first of `all`, or None."""
        found = self.all(names)
        return found[0] if found else None

    def missing(self, name: str) -> Place:
        """Where an absent child would stand: the line is the parent's."""
        own = self.place
        return Place(
            own.artifact, f"{own.path}/{'/'.join(f'hl7:{n}' for n in name.split('.'))}", own.line
        )


@dataclass(frozen=True, slots=True, eq=False)
class Organization:
    """An organisation: representedOrganization or representedCustodianOrganization."""

    node: Node

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def id(self) -> Node | None:
        return self.node.first("id")

    @property
    def name(self) -> Node | None:
        return self.node.first("name")

    @property
    def setting(self) -> Node | None:
        """standardIndustryClassCode, the practice setting (cadre d'exercice)."""
        return self.node.first("standardIndustryClassCode")


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """A person or a system with a part in the document.

    `node` is the participation (author, legalAuthenticator, performer…), `role` its assignedAuthor
    or assignedEntity.
    """

    node: Node
    role: Node

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def id(self) -> Node | None:
        """The first identifier of the role."""
        return self.role.first("id")

    @property
    def ids(self) -> tuple[Node, ...]:
        return self.role.all("id")

    @property
    def code(self) -> Node | None:
        """Profession and specialty, JDV_J01."""
        return self.role.first("code")

    @property
    def function(self) -> Node | None:
        return self.node.first("functionCode")

    @property
    def time(self) -> Node | None:
        return self.node.first("time")

    @property
    def person(self) -> Node | None:
        return self.role.first("assignedPerson")

    @property
    def device(self) -> Node | None:
        return self.role.first("assignedAuthoringDevice")

    @property
    def family(self) -> str:
        """The first family name, empty when there is none."""
        return _text(self.role.first("assignedPerson.name.family"))

    @property
    def given(self) -> str:
        """The first given name, empty when there is none."""
        return _text(self.role.first("assignedPerson.name.given"))

    @property
    def organization(self) -> Organization | None:
        found = self.role.first("representedOrganization")
        return Organization(found) if found else None


@dataclass(frozen=True, slots=True, eq=False)
class ServiceEvent:
    """One documentationOf/serviceEvent."""

    node: Node

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def code(self) -> Node | None:
        return self.node.first("code")

    @property
    def low(self) -> Node | None:
        return self.node.first("effectiveTime.low") or _valued(self.node.first("effectiveTime"))

    @property
    def high(self) -> Node | None:
        return self.node.first("effectiveTime.high")

    @property
    def performers(self) -> tuple[Actor, ...]:
        return actors(self.node.all("performer"))


def actors(participations: tuple[Node, ...]) -> tuple[Actor, ...]:
    """The participations that hold a role, as actors."""
    found = (
        (one, one.first("assignedAuthor") or one.first("assignedEntity")) for one in participations
    )
    return tuple(Actor(one, role) for one, role in found if role is not None)


def _text(node: Node | None) -> str:
    return node.text if node else ""


def _valued(node: Node | None) -> Node | None:
    return node if node and node.value else None
