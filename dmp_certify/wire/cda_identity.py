"""Which acts and which persons or things of a CDA bear one and the same identifier.

HL7 RIM: Act.id identifies one act, Role.id and Entity.id one person or thing. The same act may be
cited several times under its identifier (IHE PCC, internal reference), so two acts are told apart
only when both state a code and the codes differ. A role is no act, whatever its code.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
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
_ROLE = "role"
_UNCODED = "act"


def shared_identifiers(body: Node) -> Iterator[tuple[Node, Node]]:
    """For each identifier borne by two different things below `body`: the later and first id."""
    artifact = body.element.artifact
    first: dict[tuple[str, str], tuple[str, etree._Element]] = {}
    told: set[tuple[str, str]] = set()
    for one in body.element.node.iter(f"{HL7}id"):
        root = one.get("root")
        nature = _nature(one.getparent()) if root and not one.get("nullFlavor") else ""
        if not root or not nature:
            continue
        key = (root.upper(), one.get("extension") or "")
        known, holder = first.setdefault(key, (nature, one))
        if known == _UNCODED and nature != _ROLE:
            first[key] = (nature, holder)
        elif known != nature and (nature != _UNCODED or known == _ROLE) and key not in told:
            told.add(key)
            yield Node(Element(one, artifact)), Node(Element(holder, artifact))


def _nature(holder: etree._Element | None) -> str:
    """What the identifier names: a role, an act of some code, any act; empty when unknown."""
    if holder is None:
        return ""
    if holder.tag in _ROLES:
        return _ROLE
    if holder.tag not in _ACTS:
        return ""
    if any(one.get("root") == _INTERNAL_REFERENCE for one in holder.iterfind(f"{HL7}templateId")):
        return ""
    code = holder.find(f"{HL7}code")
    stated = code.get("code") if code is not None else None
    coded = code is not None and stated
    return f"act {stated} {code.get('codeSystem')}" if coded and code is not None else _UNCODED
