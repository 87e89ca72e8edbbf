"""Judges evidence, and nothing but evidence: at the end of a run and at every verification.

The same evidence gives the same findings in the same order: no clock, no file beside the evidence
and the data of the suite, no order of a set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dmp_certify import clock
from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_message
from dmp_certify.engine.pack_choice import of_run
from dmp_certify.engine.selfcheck import own_faults
from dmp_certify.evidence.entry import Entry
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding
from dmp_certify.scenarios.correlate import Credit, Played, correlate
from dmp_certify.scenarios.facts import Facts, read_facts
from dmp_certify.scenarios.tail import facts_reader
from dmp_certify.wire.evidence import answers, messages
from dmp_certify.wire.message import Message
from dmp_certify.wire.play import ExpectedExchange, StepPlay, play_message, step_place
from dmp_certify.wire.run import run_message
from dmp_certify.wire.subjects import declare_readers


@dataclass(frozen=True, slots=True)
class Judged:
    """Every finding, and the messages it was made on (connections, then requests, as recorded)."""

    findings: tuple[Finding, ...]
    messages: tuple[Message, ...]


def judge(evidence: Evidence) -> tuple[Finding, ...]:
    """Every finding: on each message, on the run as a whole, on each step, on our own answers."""
    return judge_all(evidence).findings


def judge_all(evidence: Evidence) -> Judged:
    """The same, with the messages, whose views are then read already."""
    declare_readers()
    checks = load_all()
    members, own = tuple(messages(evidence)), tuple(answers(evidence))
    pack = of_run(evidence)
    for member in members:
        member.pack = pack
    subjects = (*members, run_message(members), *_plays(evidence, members, own))
    found = [finding for each in subjects for finding in judge_message(each, checks)]
    return Judged((*found, *own_faults(evidence, own, members)), members)


def plays(evidence: Evidence) -> tuple[Played, ...]:
    """The steps of the last attempt at each scenario."""
    return correlate(evidence.entries, facts_reader(evidence.blob))


def _plays(
    evidence: Evidence, members: tuple[Message, ...], own: tuple[Message, ...]
) -> Iterator[Message]:
    requests = {each.exchange: each for each in members if each.exchange}
    replies = {each.exchange: each for each in own}
    conformance: Mapping[str, Any] = members[0].conformance if members else {}
    known: dict[str, Facts] = {}

    def facts_of(entry: Entry) -> Facts:
        name = str(entry.fields["id"])
        if name not in known:
            known[name] = read_facts(requests[name], replies[name])
        return known[name]

    for played in correlate(evidence.entries, facts_of):
        step = _step(played, requests)
        yield play_message(step, clock.parse_iso(played.at), conformance)


def _step(played: Played, by_exchange: Mapping[str, Message]) -> StepPlay:
    return StepPlay(
        place=step_place(played.scenario, played.step),
        scenario=played.scenario,
        step=played.step,
        intent=played.intent,
        order=played.order,
        expect=played.expect,
        outcome=played.outcome,
        shown=played.shown,
        detail=played.detail,
        words=played.words,
        disturbance=played.disturbance,
        exchanges=tuple(_expected(credit, by_exchange) for credit in played.credits),
        led=played.led,
        forbidden=tuple(by_exchange[name] for name in played.forbidden),
        bounded=played.bounded,
        ended=played.ended,
    )


def _expected(credit: Credit, by_exchange: Mapping[str, Message]) -> ExpectedExchange:
    return ExpectedExchange(
        wanted=credit.wanted,
        messages=tuple(by_exchange[name] for name in credit.exchanges),
        surplus=tuple(by_exchange[name] for name in credit.surplus),
        nearest=by_exchange[credit.nearest.exchange] if credit.nearest else None,
        why=credit.nearest.why if credit.nearest else None,
    )
