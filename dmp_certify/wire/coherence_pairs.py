"""What the metadata state and what the CDA lets them state, attribute by attribute.

Every value is reduced to a key that ignores what the norm leaves free (case and accents of names,
precision of times). An attribute that either side leaves out, or that one side malforms, makes no
pair, nor does a value outside its value set: other checks say so. Nor is a CDA time without offset
compared, for its UTC is unknown, nor the language, which both sides have fixed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dmp_certify.finding import Place
from dmp_certify.terminology import oids
from dmp_certify.terminology.identifiers import (
    Malformed,
    parse_coded,
    parse_cx,
    parse_dtm,
    parse_xcn,
    parse_xon,
    unescape,
)
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.cda_nodes import Actor, Node
from dmp_certify.wire.coherence import FedDocument
from dmp_certify.wire.message import Located

BASIC_CONFIDENTIALITY = ("N", "R", "V")
# Schemes whose event codes can only come from serviceEvent/code.
_EVENT_SCHEMES = ("1.2.250.1.213.2.5", "2.16.840.1.113883.6.3")
_TITLE_LENGTH = 128
_GENDERS = ("F", "M", "U", "UN")
# Letters that no decomposition undoes, as the national identity writes them: in plain capitals.
_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ı": "i", "þ": "th", "Þ": "TH", "ẞ": "SS"}
)
_SETS = {"typeCode": "J07", "healthcareFacilityTypeCode": "J02", "practiceSettingCode": "J04"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One attribute value of the metadata, as a key, and the keys that the CDA allows."""

    attribute: str
    stated: Located[str]
    key: str
    allowed: tuple[str, ...]
    source: Place

    @property
    def agrees(self) -> bool:
        return self.key in self.allowed


def pairs(fed: FedDocument) -> Iterator[Pair]:
    """Every comparable attribute of the document."""
    for compare in _COMPARISONS:
        yield from compare(fed)


def fold(text: str) -> str:
    """A name without case, accents or punctuation."""
    bare = unicodedata.normalize("NFD", text.translate(_LETTERS))
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join("".join(letters).upper().split())


def _pair(
    fed: FedDocument, attribute: str, nodes: Iterable[Node | None], read: Callable[[Node], str]
) -> Iterator[Pair]:
    """The first value of the attribute against what the nodes hold; none are left out."""
    found = [(node, read(node)) for node in nodes if node is not None and not node.null]
    allowed = tuple(value for _, value in found if value)
    stated = fed.entry.value(attribute)
    if stated is not None and allowed and _sound(attribute, stated.value):
        yield Pair(attribute, stated, stated.value, allowed, found[0][0].place)


def _sound(attribute: str, value: str) -> bool:
    """Whether the stated value is one that the attribute may have at all."""
    if attribute == "uniqueId":
        return oids.is_oid(value)
    return value_set(_SETS[attribute]).has_code(value)


def _identity(fed: FedDocument) -> Iterator[Pair]:
    yield from _pair(fed, "uniqueId", [fed.cda.id], _root_and_extension)
    yield from _pair(fed, "typeCode", [fed.cda.code], lambda node: node.code)
    yield from _pair(fed, "healthcareFacilityTypeCode", [fed.cda.facility], lambda node: node.code)
    settings = [
        actor.organization.setting
        for event in fed.cda.service_events
        for actor in event.performers
        if actor.organization
    ]
    yield from _pair(fed, "practiceSettingCode", settings, lambda node: node.code)


def _root_and_extension(node: Node) -> str:
    return f"{node.root}^{node.extension}" if node.extension else node.root


def _title(fed: FedDocument) -> Iterator[Pair]:
    stated, node = fed.entry.value("title"), fed.cda.title
    if stated is None or node is None or node.null:
        return
    held = " ".join(node.text.split())
    key = " ".join(stated.value.split())
    allowed = (held, held[:_TITLE_LENGTH].strip()) if held else ()
    if allowed:
        yield Pair("title", stated, key, allowed, node.place)


def _confidentiality(fed: FedDocument) -> Iterator[Pair]:
    node = fed.cda.confidentiality
    stated = [
        v for v in fed.entry.values("confidentialityCode") if v.value in BASIC_CONFIDENTIALITY
    ]
    if node is not None and node.code and stated:
        yield Pair("confidentialityCode", stated[0], stated[0].value, (node.code,), node.place)


def _times(fed: FedDocument) -> Iterator[Pair]:
    events = fed.cda.service_events
    yield from _time(fed, "creationTime", [fed.cda.effective_time])
    yield from _time(fed, "serviceStartTime", [event.low for event in events])
    yield from _time(fed, "serviceStopTime", [event.high for event in events])


def _time(fed: FedDocument, attribute: str, nodes: list[Node | None]) -> Iterator[Pair]:
    stated = fed.entry.value(attribute)
    held = [node for node in nodes if node is not None and node.value]
    times = [node.time.utc for node in held if node.time and node.time.at_least("minute")]
    if stated is None or not _exists(stated.value) or not held or None in times:
        return
    if len(times) == len(held):
        shared = min(len(stated.value), *(_digits(node) for node in held))
        allowed = tuple(f"{time:%Y%m%d%H%M%S}"[:shared] for time in times if time)
        yield Pair(attribute, stated, stated.value[:shared], allowed, held[0].place)


def _exists(dtm: str) -> bool:
    try:
        parse_dtm(dtm)
    except Malformed:
        return False
    return True


def _digits(node: Node) -> int:
    """How many digits the time is written with, its offset and fraction left out."""
    return 14 if node.time and node.time.at_least("second") else 12


def _patients(fed: FedDocument) -> Iterator[Pair]:
    patient = fed.cda.patient
    ids = [(f"{one.extension} {one.root}", one) for one in (patient.ids if patient else ())]
    national = [text for text, one in ids if one is fed.cda.ins_id or one.root == _ins_root(fed)]
    for attribute, allowed in (("patientId", national), ("sourcePatientId", [t for t, _ in ids])):
        stated = fed.entry.value(attribute)
        if stated is None or not allowed:
            continue
        try:
            cx = parse_cx(stated.value)
        except Malformed:
            continue
        if attribute == "patientId" and cx.authority == oids.INS_C:
            continue
        yield Pair(attribute, stated, f"{cx.id} {cx.authority}", tuple(allowed), ids[0][1].place)


def _ins_root(fed: FedDocument) -> str:
    return fed.cda.ins_id.root if fed.cda.ins_id is not None else ""


def _traits(fed: FedDocument) -> Iterator[Pair]:
    patient = fed.cda.patient
    if patient is None:
        return
    for stated in fed.entry.values("sourcePatientInfo"):
        field, _, value = stated.value.partition("|")
        if field == "PID-7" and _exists(value) and patient.birth and patient.birth.value:
            shared = min(len(value), len(patient.birth.value), 8)
            held = (patient.birth.value[:shared],) if shared >= 4 else ()
            yield from _trait(field, stated, value[:shared], held, patient.birth)
        elif field == "PID-8" and value in _GENDERS and patient.gender and patient.gender.code:
            code = {"UN": "U"}.get(patient.gender.code, patient.gender.code)
            yield from _trait(field, stated, {"UN": "U"}.get(value, value), (code,), patient.gender)
        elif field == "PID-5":
            families = patient.families()
            names = tuple(fold(one.text) for one in families)
            name = fold(unescape(value.partition("^")[0]))
            # Birth name, used name or both: the norm does not say which one PID-5 carries.
            allowed = (*names, *(f"{a} {b}" for a in names for b in names))
            if families and name:
                yield from _trait(field, stated, name, allowed, families[0])


def _trait(
    field: str, stated: Located[str], key: str, allowed: tuple[str, ...], node: Node
) -> Iterator[Pair]:
    if key and any(allowed):
        yield Pair(f"sourcePatientInfo.{field}", stated, key, allowed, node.place)


def _people(fed: FedDocument) -> Iterator[Pair]:
    authors = fed.cda.authors
    organizations = [one.organization.node.all("id") for one in authors if one.organization]
    specialties = tuple(one.code.code for one in authors if one.code and one.code.code)
    roles = tuple(fold(one.function.display) for one in authors if one.function)
    for author in fed.entry.authors:
        for person in author.values("authorPerson"):
            yield from _actor("authorPerson", person, authors)
        for institution in author.values("authorInstitution"):
            yield from _organization(institution, organizations)
        for specialty in author.values("authorSpecialty"):
            yield from _specialty(specialty, specialties, fed.cda.place)
        for role in author.values("authorRole"):
            if any(roles):
                yield Pair("authorRole", role, fold(role.value), roles, fed.cda.place)
    signer, stated = fed.cda.legal_authenticator, fed.entry.value("legalAuthenticator")
    if signer is not None and stated is not None:
        yield from _actor("legalAuthenticator", stated, (signer,))


def _actor(attribute: str, stated: Located[str], actors: tuple[Actor, ...]) -> Iterator[Pair]:
    ids = [one for actor in actors for one in actor.ids if not one.null]
    allowed = tuple(one.extension or one.root for one in ids)
    try:
        person = parse_xcn(stated.value)
    except Malformed:
        return
    if person.id and allowed and len(ids) >= len(actors):
        yield Pair(attribute, stated, person.id, allowed, ids[0].place)


def _organization(stated: Located[str], organizations: list[tuple[Node, ...]]) -> Iterator[Pair]:
    """The metadata name one of the identifiers that an organisation bears."""
    held = [[one for one in ids if not one.null] for ids in organizations]
    try:
        institution = parse_xon(stated.value)
    except Malformed:
        return
    if institution.id and held and all(held):
        allowed = tuple(one.extension or one.root for ids in held for one in ids)
        yield Pair("authorInstitution", stated, institution.id, allowed, held[0][0].place)


def _specialty(stated: Located[str], allowed: tuple[str, ...], source: Place) -> Iterator[Pair]:
    try:
        coded = parse_coded(stated.value)
    except Malformed:
        return
    if allowed:
        yield Pair("authorSpecialty", stated, coded.code, allowed, source)


def _events(fed: FedDocument) -> Iterator[Pair]:
    nodes = [one.code for one in fed.cda.service_events if one.code and one.code.code]
    systems = {one.system for one in nodes}
    for event in fed.entry.codes("eventCodeList"):
        scheme = event.coding_scheme.value if event.coding_scheme else ""
        known = scheme in systems or (scheme in _EVENT_SCHEMES and nodes)
        if event.value is not None and event.value.value and known:
            allowed = tuple(one.code for one in nodes)
            yield Pair("eventCodeList", event.value, event.value.value, allowed, nodes[0].place)


_COMPARISONS = (
    _identity,
    _title,
    _confidentiality,
    _times,
    _patients,
    _traits,
    _people,
    _events,
)
