"""The suite holds itself to its own rules: a fault in what it sent makes the run VOID.

An answer that a scenario breaks on purpose (`not-soap`, `truncated-answer`…) is left out; so are
the answers to messages that are not a call at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Place, Text
from dmp_certify.outcome import Cause, Outcome
from dmp_certify.wire import ns
from dmp_certify.wire.hl7v3 import ExistenceAnswer, ExistenceRequest, Identifier
from dmp_certify.wire.http import HttpAnswer
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.schemas import violations
from dmp_certify.wire.soap import Soap, SoapAnswer

CHECK = "suite.own-answer"
# Disturbances after which the answer must still be a correct SOAP message.
_STILL_SOAP = frozenset({"", "refuse", "soap-fault", "slow"})
_ACTIONS = {
    "PRPA_IN201308UV02": "urn:hl7-org:v3:PRPA_IN201308UV02",
    "RegistryResponse": "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
    "AdhocQueryResponse": "urn:ihe:iti:2007:RegistryStoredQueryResponse",
}
_STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
_STATUSES = ("Success", "Failure")
_ANSWER_OF = {
    "PRPA_IN201307UV02": "PRPA_IN201308UV02",
    "ProvideAndRegisterDocumentSetRequest": "RegistryResponse",
    "AdhocQueryRequest": "AdhocQueryResponse",
}


def own_faults(
    evidence: Evidence, answers: Sequence[Message], members: Sequence[Message]
) -> Iterator[Finding]:
    """One CRASHED finding for each fault of the suite's own answers, and for each crash of it."""
    requests = {each.exchange: each for each in members if each.exchange}
    entries = {str(each.fields["id"]): each for each in evidence.of_kind("exchange")}
    for answer in answers:
        entry = entries[answer.exchange]
        crash = str(entry.fields.get("suite_fault") or "")
        if crash:
            yield _crashed(answer.place(), "", crash, answer.exchange)
        elif str(entry.fields.get("disturbance") or "") in _STILL_SOAP:
            yield from _faults(answer, requests[answer.exchange])


def _faults(answer: Message, request: Message) -> Iterator[Finding]:
    call = _call(request)
    if call is None:
        return
    try:
        found = answer.view(SoapAnswer)
    except Unreadable as stopped:
        yield _crashed(stopped.place, "SOAP 1.2", stopped.reason.en, answer.exchange)
        return
    if found is None:
        yield _crashed(answer.place(), "SOAP 1.2", "no SOAP message", answer.exchange)
        return
    told = (
        *_departures(call, found, _status(answer)),
        *_of_body(found),
        *_of_existence(request.view(ExistenceRequest), answer.view(ExistenceAnswer)),
    )
    for expected, observed in told:
        if observed != expected:
            yield _crashed(found.place, expected, observed, answer.exchange)


def _call(request: Message) -> Soap | None:
    try:
        call = request.view(Soap)
    except Unreadable:
        return None
    return call if call is not None and call.body_name[1] in _ANSWER_OF else None


def _status(answer: Message) -> int:
    http = answer.view(HttpAnswer)
    return http.status.value if http is not None else 0


def _departures(call: Soap, answer: SoapAnswer, status: int) -> Iterator[tuple[str, str]]:
    name = answer.body_name[1]
    yield ns.PREFIXES["soap"], answer.namespace.value
    if call.message_id is not None:
        related = answer.relates_to.value if answer.relates_to else ""
        yield call.message_id.value, related
    if name == "Fault":
        yield "HTTP 4xx or 5xx", "HTTP 4xx or 5xx" if status >= 400 else f"HTTP {status}"
        return
    yield "HTTP 200", f"HTTP {status}"
    yield _ANSWER_OF[call.body_name[1]], name
    yield _ACTIONS.get(name, ""), answer.action.value if answer.action else ""


def _of_body(answer: SoapAnswer) -> Iterator[tuple[str, str]]:
    """The body against our own schema, or a fault's code and reason."""
    body = answer.payload
    if body is None:
        return
    if body.name[1] == "RegistryResponse":
        status = (body.get("status") or "").removeprefix(_STATUS)
        yield "Success or Failure", "Success or Failure" if status in _STATUSES else status
        for wrong in violations(body, "ebrs"):
            yield "a valid RegistryResponse", f"{wrong.place.path}: {wrong.reason}"
    elif body.name[1] == "Fault":
        for path in ("soap:Code/soap:Value", "soap:Reason/soap:Text"):
            held = body.first(path)
            yield path, path if held is not None and held.text.strip() else f"no {path}"


def _of_existence(
    request: ExistenceRequest | None, answer: ExistenceAnswer | None
) -> Iterator[tuple[str, str]]:
    """An answer to TD0.2 against the query that it answers."""
    if request is None or answer is None:
        return
    yield _text(request.id), _text(answer.target)
    yield _text(request.query_id), _text(answer.query_id)
    yield "an id of its own", "an id of its own" if answer.id else "no id"
    code = answer.acknowledgement.value if answer.acknowledgement else ""
    yield "AA, AE or AR", "AA, AE or AR" if code in ("AA", "AE", "AR") else code
    found = answer.response.code.value if answer.response and answer.response.code else ""
    if code == "AA":
        yield "OK or NF", "OK or NF" if found in ("OK", "NF") else found


def _text(identifier: Identifier | None) -> str:
    return identifier.text if identifier is not None else ""


def _crashed(place: Place, expected: str, observed: str, exchange: str) -> Finding:
    return Finding(
        CHECK,
        Outcome.CRASHED,
        (),
        place,
        Text.same(expected),
        Text.same(observed),
        exchange,
        Cause.SUITE,
    )
