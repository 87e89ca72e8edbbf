"""The cheap facts of an exchange: enough to tell which step it belongs to, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dmp_certify.finding import Text
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.soap import Soap, SoapAnswer
from dmp_certify.wire.xml import Element

TRANSACTIONS = {
    "PRPA_IN201307UV02": "TD0.2",
    "ProvideAndRegisterDocumentSetRequest": "TD2.1",
    "AdhocQueryRequest": "TD3.1",
}
_SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
_DOCUMENT_PATIENT = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
_DOCUMENT_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
_CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
_FORMAT = "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"
_SIGNATURE_FORMATS = ("http://www.w3.org/2000/09/xmldsig#", "urn:ihe:iti:dsg:detached:2014")
# A wrong transaction or patient weighs more than all the details of a lot.
_FAR = 10
_ANSWERED = {
    "success": Text("une réponse positive", "a positive answer"),
    "refused": Text("un refus", "a refusal"),
    "fault": Text("une erreur SOAP", "a SOAP fault"),
    "": Text("aucune réponse lisible", "no readable answer"),
}


@dataclass(frozen=True, slots=True)
class FedDocument:
    """One document of a lot, the lot's signature left out; `codes` are confidentialityCodes."""

    unique_id: str
    title: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells an exchange from another. `answered` is success, refused, fault or empty.

    `unreadable` says why the request could not be read; the other facts are then empty.
    """

    transaction: str = ""
    patient: str = ""
    answered: str = ""
    documents: tuple[FedDocument, ...] = ()
    replaces: tuple[str, ...] = ()
    unreadable: Text | None = None


class Departure(NamedTuple):
    """How far an exchange is from what was wanted, and the first reason."""

    weight: int
    why: Text


def read_facts(request: Message, answer: Message) -> Facts:
    """The facts of one exchange, from its request (kind `http`) and its answer (kind `answer`)."""
    answered = _answered(answer)
    try:
        soap = request.view(Soap)
    except Unreadable as stopped:
        return Facts(answered=answered, unreadable=stopped.reason)
    if soap is None or soap.payload is None:
        return Facts(answered=answered, unreadable=Text("aucun corps SOAP", "no SOAP body"))
    body = soap.payload
    transaction = TRANSACTIONS.get(body.name[1], "")
    if transaction == "TD0.2":
        return Facts(transaction, _queried_patient(body), answered)
    if transaction == "TD2.1":
        documents = _documents(body)
        return Facts(
            transaction,
            _fed_patient(body),
            answered,
            tuple(_document(entry) for entry in documents),
            tuple(_replaced(body)),
        )
    return Facts(transaction, "", answered)


def departure(wanted: Mapping[str, Any], facts: Facts) -> Departure | None:
    """What keeps an exchange from being the wanted one; None when it fits."""
    if facts.unreadable is not None:
        return Departure(_FAR * 3, facts.unreadable)
    found = [*_departures_of_call(wanted, facts), *_departures_of_lot(wanted, facts)]
    return Departure(sum(each.weight for each in found), found[0].why) if found else None


def _departures_of_call(wanted: Mapping[str, Any], facts: Facts) -> Iterator[Departure]:
    transaction, patient = wanted["transaction"], wanted["patient"]["ins"]
    if facts.transaction != transaction:
        yield Departure(_FAR * 2, Text.same(f"{facts.transaction or '?'} ≠ {transaction}"))
    if facts.patient != patient:
        seen = facts.patient or "?"
        why = Text(f"patient {seen} au lieu de {patient}", f"patient {seen} in place of {patient}")
        yield Departure(_FAR, why)


def _departures_of_lot(wanted: Mapping[str, Any], facts: Facts) -> Iterator[Departure]:
    count, code, replaced = (wanted.get(key) for key in ("documents", "carrying", "replaces"))
    held = len(facts.documents)
    if count is not None and held != count:
        fr, en = f"{held} document(s) au lieu de {count}", f"{held} document(s) in place of {count}"
        yield Departure(1, Text(fr, en))
    if code is not None and not all(code in each.codes for each in facts.documents):
        fr, en = f"un document sans confidentialityCode {code}", f"a document lacks code {code}"
        yield Departure(1, Text(fr, en))
    if replaced is not None and replaced not in facts.replaces:
        fr, en = f"aucune association RPLC vers {replaced}", f"no RPLC association to {replaced}"
        yield Departure(1, Text(fr, en))
    status = wanted.get("answered")
    if status is not None and facts.answered != status:
        seen, asked = _ANSWERED[facts.answered], _ANSWERED[status]
        why = Text(f"{seen.fr} au lieu de {asked.fr}", f"{seen.en} in place of {asked.en}")
        yield Departure(1, why)


def _answered(answer: Message) -> str:
    try:
        soap = answer.view(SoapAnswer)
    except Unreadable:
        return ""
    if soap is None or soap.payload is None:
        return ""
    name = soap.payload.name[1]
    if name == "Fault":
        return "fault"
    status = soap.payload.get("status")
    if status is not None:
        return "success" if status == _SUCCESS else "refused"
    code = soap.payload.first("hl7:acknowledgement")
    return "refused" if code is not None and code.get("typeCode") in ("AE", "AR") else "success"


def _queried_patient(body: Element) -> str:
    value = body.first(".//hl7:queryByParameter//hl7:patientIdentifier/hl7:value")
    return (value.get("extension") or "") if value is not None else ""


def _documents(body: Element) -> list[Element]:
    return [entry for entry in body.all(".//rim:ExtrinsicObject") if not _is_signature(entry)]


def _is_signature(entry: Element) -> bool:
    return any(code in _SIGNATURE_FORMATS for code in _classified(entry, _FORMAT))


def _classified(entry: Element, scheme: str) -> list[str]:
    return [
        each.get("nodeRepresentation") or ""
        for each in entry.all("rim:Classification")
        if each.get("classificationScheme") == scheme
    ]


def _identifier(entry: Element, scheme: str) -> str:
    for each in entry.all("rim:ExternalIdentifier"):
        if each.get("identificationScheme") == scheme:
            return each.get("value") or ""
    return ""


def _fed_patient(body: Element) -> str:
    for entry in _documents(body):
        found = _identifier(entry, _DOCUMENT_PATIENT)
        if found:
            return found.partition("^")[0]
    return ""


def _document(entry: Element) -> FedDocument:
    title = entry.first("rim:Name/rim:LocalizedString")
    return FedDocument(
        _identifier(entry, _DOCUMENT_UNIQUE_ID),
        (title.get("value") or "") if title is not None else "",
        tuple(_classified(entry, _CONFIDENTIALITY)),
    )


def _replaced(body: Element) -> Sequence[str]:
    return [
        each.get("targetObject") or ""
        for each in body.all(".//rim:Association")
        if (each.get("associationType") or "").endswith(":RPLC")
    ]
