"""The cheap facts of an exchange: enough to tell which step it belongs to, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dmp_certify.finding import Text
from dmp_certify.wire.hl7v3 import ExistenceRequest
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.soap import Soap, SoapAnswer
from dmp_certify.wire.xds import RPLC, RPLC_2010, DocumentEntry, Submission

TRANSACTIONS = {
    "PRPA_IN201307UV02": "TD0.2",
    "ProvideAndRegisterDocumentSetRequest": "TD2.1",
    "AdhocQueryRequest": "TD3.1",
}
_SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
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

    `patients` are all the patients that the message names, so that one wrong identifier does not
    hide which step the message belongs to. `unreadable` says why the request could not be read.
    """

    transaction: str = ""
    patients: tuple[str, ...] = ()
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
        call = request.view(Soap)
        if call is None or call.payload is None:
            return Facts(answered=answered, unreadable=Text("aucun corps SOAP", "no SOAP body"))
        transaction = TRANSACTIONS.get(call.body_name[1], "")
        submission = request.view(Submission)
        if submission is not None:
            return _of_submission(submission, transaction, answered)
        query = request.view(ExistenceRequest)
        return Facts(transaction, _queried(query) if query is not None else (), answered)
    except Unreadable as stopped:
        return Facts(answered=answered, unreadable=stopped.reason)


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
    if patient not in facts.patients:
        seen = ", ".join(facts.patients) or "?"
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
        why = Text(f"{seen.fr} au lieu d'{asked.fr}", f"{seen.en} in place of {asked.en}")
        yield Departure(1, why)


def _answered(answer: Message) -> str:
    try:
        soap = answer.view(SoapAnswer)
    except Unreadable:
        return ""
    if soap is None or soap.payload is None:
        return ""
    if soap.body_name[1] == "Fault":
        return "fault"
    status = soap.payload.get("status")
    if status is not None:
        return "success" if status == _SUCCESS else "refused"
    acknowledged = [
        child.get("typeCode") for child in soap.payload.children() if _named(child.name)
    ]
    return "refused" if {"AE", "AR"}.intersection(acknowledged) else "success"


def _named(name: tuple[str, str]) -> bool:
    return name[1] == "acknowledgement"


def _queried(query: ExistenceRequest) -> tuple[str, ...]:
    values = [each.value for each in query.patients]
    return tuple(one.extension.value for one in values if one is not None and one.extension)


def _of_submission(submission: Submission, transaction: str, answered: str) -> Facts:
    described = (*submission.clinical, *submission.sets)
    patients = [value.value for one in described for value in one.values("patientId")]
    named = dict.fromkeys(value.partition("^")[0] for value in patients)
    return Facts(
        transaction,
        tuple(named),
        answered,
        tuple(_document(entry) for entry in submission.clinical),
        tuple(one.target.value for one in submission.typed(RPLC, RPLC_2010)),
    )


def _document(entry: DocumentEntry) -> FedDocument:
    codes = tuple(code.value for code in entry.values("confidentialityCode"))
    return FedDocument(entry.text("uniqueId"), entry.text("title"), codes)
