"""Which acts and which persons or things of a CDA bear one and the same identifier.

HL7 RIM: Act.id identifies one act, Role.id and Entity.id one person or thing. The same act may be
cited several times under its identifier (IHE PCC, internal reference), so two acts are told apart
only when both state a code and the codes differ. A role is no act, whatever its code.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from dmp_certify.wire.cda_nodes import HL7, Node
from dmp_certify.wire.ns import PREFIXES
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
_INTERNAL = etree.XPath(
    "boolean(descendant::hl7:templateId[@root=$root])",
    namespaces={"hl7": PREFIXES["hl7"]},
)
_TEMPLATE = f"{HL7}templateId"
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
        key = _key(one)
        known, holder = first.setdefault(key, (nature, one))
        if known == _UNCODED and nature != _ROLE:
            first[key] = (nature, holder)
        elif known != nature and (nature != _UNCODED or known == _ROLE) and key not in told:
            told.add(key)
            yield Node(Element(one, artifact)), Node(Element(holder, artifact))


def dangling_references(whole: Node) -> Iterator[Node]:
    """The id of each internal reference (IHE PCC) that no other element of `whole` bears."""
    if not _INTERNAL(whole.element.node, root=_INTERNAL_REFERENCE):
        return
    wanted: list[etree._Element] = []
    known: set[tuple[str, str]] = set()
    for one in whole.element.node.iter(f"{HL7}id"):
        if not one.get("root") or one.get("nullFlavor"):
            continue
        if _refers(one.getparent()):
            wanted.append(one)
        else:
            known.add(_key(one))
    for one in wanted:
        if _key(one) not in known:
            yield Node(Element(one, whole.element.artifact))


def repeated(whole: Node) -> Iterator[Node]:
    """Each id or templateId that an earlier one of the same element equals."""
    holder: etree._Element | None = None
    seen: set[tuple[str, str, str]] = set()
    for one in whole.element.node.iter(f"{HL7}id", f"{HL7}templateId"):
        root, parent = one.get("root"), one.getparent()
        if not root or one.get("nullFlavor"):
            continue
        if parent is not holder:
            holder, seen = parent, set()
        key = (str(one.tag), *_key(one))
        if key in seen:
            yield Node(Element(one, whole.element.artifact))
        seen.add(key)


def _key(one: etree._Element) -> tuple[str, str]:
    # The hexadecimal digits of a UUID are the same in either case.
    return (one.get("root") or "").upper(), one.get("extension") or ""


def _refers(holder: etree._Element | None) -> bool:
    """Whether an element is an internal reference: its identifier is that of another one."""
    if holder is None:
        return False
    return any(one.get("root") == _INTERNAL_REFERENCE for one in holder.iterfind(_TEMPLATE))


def _nature(holder: etree._Element | None) -> str:
    """What the identifier names: a role, an act of some code, any act; empty when unknown."""
    if holder is None:
        return ""
    if holder.tag in _ROLES:
        return _ROLE
    if holder.tag not in _ACTS:
        return ""
    if _refers(holder):
        return ""
    code = holder.find(f"{HL7}code")
    stated = code.get("code") if code is not None else None
    coded = code is not None and stated
    return f"act {stated} {code.get('codeSystem')}" if coded and code is not None else _UNCODED
