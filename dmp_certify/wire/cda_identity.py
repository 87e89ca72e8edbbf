"""Which acts and which persons or things of a CDA bear one and the same identifier.

HL7 RIM: Act.id identifies one act, Role.id and Entity.id one person or thing. The same act may be
cited several times under its identifier (IHE PCC, internal reference), so two acts are told apart
only when both state a code and the codes differ. A role is no act, whatever its code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.cda_walk import Traversal
from dmp_certify.wire.xml import Element

_ACTS = frozenset(
    f"{HL7}{name}"
    for name in (
        "act",
        "encounter",
        "observation",
        "observationMedia",
        "organizer",
        "procedure",
        "section",
        "substanceAdministration",
        "supply",
    )
)
_ROLES = frozenset(
    f"{HL7}{name}"
    for name in ("assignedEntity", "assignedAuthor", "participantRole", "associatedEntity")
)
_INTERNAL_REFERENCE = "1.3.6.1.4.1.19376.1.5.3.1.4.4.1"
_ID = f"{HL7}id"
_TEMPLATE = f"{HL7}templateId"
_ROLE = "role"
_UNCODED = "act"
_Key = tuple[str, str]


def shared_identifiers(document: Traversal) -> Iterator[tuple[Node, Node]]:
    """For each identifier borne by two different things of a body: the later and first id."""
    repeated = _repeated(document.identifiers)
    for body in document.node.all("component.structuredBody") if repeated else ():
        within = set(body.element.node.iter(_ID))
        yield from _shared(
            [(key, one) for key, one in repeated if one in within],
            _referring(document),
            body.element.artifact,
        )


def _shared(
    ids: list[tuple[_Key, etree._Element]], referring: set[etree._Element | None], artifact: str
) -> Iterator[tuple[Node, Node]]:
    first: dict[_Key, tuple[str, etree._Element]] = {}
    told: set[_Key] = set()
    for key, one in ids:
        holder = one.getparent()
        nature = "" if holder in referring else _nature(holder)
        if not nature:
            continue
        known, earlier = first.setdefault(key, (nature, one))
        if known == _UNCODED and nature != _ROLE:
            first[key] = (nature, earlier)
        elif known != nature and (nature != _UNCODED or known == _ROLE) and key not in told:
            told.add(key)
            yield Node(Element(one, artifact)), Node(Element(earlier, artifact))


def _repeated(
    identifiers: list[tuple[str, etree._Element]],
) -> list[tuple[_Key, etree._Element]]:
    """The ids that stand more than once, in the order of the document: no other can be shared."""
    found = [
        (_key(root, one), one) for root, one in identifiers if root and not one.get("nullFlavor")
    ]
    times = Counter(key for key, _ in found)
    return [(key, one) for key, one in found if times[key] > 1]


def dangling_references(document: Traversal) -> Iterator[Node]:
    """The id of each internal reference (IHE PCC) that no other element of a document bears."""
    referring = _referring(document)
    if not referring:
        return
    wanted: list[tuple[_Key, etree._Element]] = []
    known: set[_Key] = set()
    for root, one in document.identifiers:
        if not root or one.get("nullFlavor"):
            continue
        if one.getparent() in referring:
            wanted.append((_key(root, one), one))
        else:
            known.add(_key(root, one))
    for key, one in wanted:
        if key not in known:
            yield Node(Element(one, document.node.element.artifact))


def repeated(document: Traversal) -> Iterator[Node]:
    """Each id or templateId that an earlier one of the same element equals."""
    if _all_differ(document.identifiers) and _all_differ(document.claims):
        return
    whole = document.node
    holder: etree._Element | None = None
    seen: set[tuple[str, _Key]] = set()
    for one in whole.element.node.iter(_ID, _TEMPLATE):
        root, parent = one.get("root"), one.getparent()
        if not root or one.get("nullFlavor"):
            continue
        if parent is not holder:
            holder, seen = parent, set()
        key = (str(one.tag), _key(root, one))
        if key in seen:
            yield Node(Element(one, whole.element.artifact))
        seen.add(key)


def _all_differ(rooted: list[tuple[str, etree._Element]]) -> bool:
    """Whether no element holds two of them that are equal: told without looking at nullFlavor."""
    if len({(one.getparent(), root.upper()) for root, one in rooted}) == len(rooted):
        return True  # most documents: spares them the question for the extension
    return len({(one.getparent(), _key(root, one)) for root, one in rooted}) == len(rooted)


def _key(root: str, one: etree._Element) -> _Key:
    # The hexadecimal digits of a UUID are the same in either case.
    return root.upper(), one.get("extension") or ""


def _referring(document: Traversal) -> set[etree._Element | None]:
    """The internal references of a document: the identifier of each is that of another element."""
    return {
        one.getparent()
        for root, one in document.claims
        if root == _INTERNAL_REFERENCE and one.tag == _TEMPLATE
    }


def _nature(holder: etree._Element | None) -> str:
    """What the identifier names: a role, an act of some code, any act; empty when unknown."""
    if holder is None:
        return ""
    if holder.tag in _ROLES:
        return _ROLE
    if holder.tag not in _ACTS:
        return ""
    code = next(holder.iterchildren(f"{HL7}code"), None)
    stated = code.get("code") if code is not None else None
    coded = code is not None and stated
    return f"act {stated} {code.get('codeSystem')}" if coded and code is not None else _UNCODED
