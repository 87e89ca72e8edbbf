"""The suite holds itself to its own rules: a fault in what it sent makes the run VOID.

An answer that a scenario breaks on purpose (`not-soap`, `truncated-answer`…) is left out; so are
the answers to messages that are not a call at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dmp_certify.evidence.entry import Entry
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Place, Text
from dmp_certify.outcome import Cause, Outcome
from dmp_certify.wire import ns
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.soap import Soap, SoapAnswer

CHECK = "suite.own-answer"
# Disturbances after which the answer must still be a correct SOAP message.
_STILL_SOAP = frozenset({"", "refuse", "soap-fault", "slow"})
_ACTIONS = {
    "PRPA_IN201308UV02": "urn:hl7-org:v3:PRPA_IN201308UV02",
    "RegistryResponse": "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse",
    "AdhocQueryResponse": "urn:ihe:iti:2007:RegistryStoredQueryResponse",
}
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
            yield from _faults(answer, requests[answer.exchange], entry)


def _faults(answer: Message, request: Message, entry: Entry) -> Iterator[Finding]:
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
    for expected, observed in _departures(call, found, int(entry.fields["response"]["status"])):
        if observed != expected:
            yield _crashed(found.place, expected, observed, answer.exchange)


def _call(request: Message) -> Soap | None:
    try:
        call = request.view(Soap)
    except Unreadable:
        return None
    return call if call is not None and call.body_name[1] in _ANSWER_OF else None


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
