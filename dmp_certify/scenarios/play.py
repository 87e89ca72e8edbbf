"""Plays a scenario step by step: casts it, asks the product, waits, and writes down what happens.

Nothing is judged here. Every act is in the ledger before the next begins, so that a run that is
killed can be resumed: an interrupted scenario is played again from its beginning with fresh data.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dmp_certify.errors import SuiteError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.finding import Text
from dmp_certify.scenarios.cast import Cast, Unresolved, cast
from dmp_certify.scenarios.correlate import FactsOf, Played, correlate
from dmp_certify.scenarios.model import Attest, Scenario, Step
from dmp_certify.scenarios.tail import LedgerTail
from dmp_certify.simulator.people import Patient
from dmp_certify.simulator.world import World

_ENDPOINTS = {"": "", "TD0.2": "patients", "TD2.1": "repository", "TD3.1": "registry"}
_POLL_SECONDS = 0.05


class Server(Protocol):
    """What a play needs of the simulated DMP."""

    @property
    def base_url(self) -> str: ...
    def label(self, scenario: str | None, step: str | None) -> None: ...
    def disturb(self, name: str, **parameters: Any) -> None: ...
    def calm(self) -> int: ...


class Actor(Protocol):
    """What a play needs of a driver: an order of docs/contract.md in, its answer out."""

    def ask(self, order: Mapping[str, Any], say: Text) -> Mapping[str, Any]: ...
    def attest(self, question: Text) -> Mapping[str, Any] | None: ...


class Told(Protocol):
    """Hears of each act, for a progress view."""

    def __call__(self, kind: str, **fields: Any) -> None: ...


@dataclass(slots=True)
class Stage:
    """What all scenarios of a run share. `patience` is in seconds; `acting` is the `as` and
    `endpoint` of every order."""

    server: Server
    world: World
    ledger: Ledger
    tail: LedgerTail
    facts_of: FactsOf
    actor: Actor
    acting: Mapping[str, Any]
    conformance: Mapping[str, Any]
    seed: int
    patience: float
    tell: Told

    def steps_of(self, scenario: str) -> list[Played]:
        """The steps of the scenario's present attempt, as far as they went."""
        self.tail.read()
        return list(correlate(self.tail.entries, self.facts_of, scenario))


def play(scenario: Scenario, attempt: int, stage: Stage) -> None:
    """Play one scenario; `attempt` counts from 1 and changes the data."""
    stage.ledger.append("scenario-begun", scenario=scenario.id, attempt=attempt)
    stage.tell("scenario-begun", scenario=scenario.id, title=scenario.title)
    parts = cast(
        scenario,
        f"{stage.seed}/{scenario.id}/{attempt}",
        stage.conformance,
        lambda ins, oid: stage.world.patient(ins, oid) is not None,
    )
    _populate(scenario, parts, stage.world)
    unplayed: list[Any] = []
    for step in scenario.steps:
        try:
            _play_step(scenario, step, parts, stage)
        except Unresolved as missing:
            unplayed.append({"step": step.id, "missing": str(missing)})
    stage.server.label(None, None)
    stage.ledger.append("scenario-ended", scenario=scenario.id, unplayed=unplayed)
    stage.tell("scenario-ended", scenario=scenario.id, steps=stage.steps_of(scenario.id))


def _populate(scenario: Scenario, parts: Cast, world: World) -> None:
    for given in scenario.patients:
        traits = dict(parts.patients[given.name])
        local = traits.pop("local_id")
        patient = Patient(**traits, local_id=local["id"], local_oid=local["oid"])
        record = {} if given.record == "absent" else {"authorisation": given.authorisation}
        world.add(patient, given.record, **record)


def _play_step(scenario: Scenario, step: Step, parts: Cast, stage: Stage) -> None:
    order = {
        "intent": step.intent,
        "parameters": parts.resolve(step.parameters),
        **stage.acting,
        "scenario": scenario.id,
        "step": step.id,
    }
    expect, say = parts.resolve(step.expect), parts.text(step.say)
    stage.server.label(scenario.id, step.id)
    stage.ledger.append(
        "step-begun",
        scenario=scenario.id,
        step=step.id,
        act="ask",
        order=_recordable(order),
        expect=expect,
        disturbance=step.answer.disturb if step.answer else None,
    )
    stage.tell("step-begun", scenario=scenario.id, step=step.id, say=say)
    _disturb(step, parts, stage.server)
    answer = dict(stage.actor.ask(order, say))
    if answer.get("outcome") == "done":
        _await(scenario, step, stage)
    stage.server.calm()
    stage.ledger.append(
        "step-ended",
        scenario=scenario.id,
        step=step.id,
        answer=answer,
        words=dict(parts.words),
    )
    stage.tell("step-ended", scenario=scenario.id, step=step.id, outcome=answer.get("outcome"))
    _learn(scenario, step, parts, stage)
    if step.attest is not None and answer.get("outcome") != "unsupported":
        _attest(scenario, step, step.attest, parts, stage)


def _disturb(step: Step, parts: Cast, server: Server) -> None:
    if step.answer is None:
        return
    parameters = parts.resolve(step.answer.parameters)
    endpoint = _ENDPOINTS[step.answer.transaction]
    if endpoint:
        parameters["endpoint"] = endpoint
    server.disturb(step.answer.disturb, **parameters)


def _await(scenario: Scenario, step: Step, stage: Stage) -> None:
    """Give a product that sends in the background the time to do so."""
    end = time.monotonic() + stage.patience
    while not _played(scenario, step, stage).satisfied and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)


def _played(scenario: Scenario, step: Step, stage: Stage) -> Played:
    for each in stage.steps_of(scenario.id):
        if each.step == step.id:
            return each
    raise SuiteError(f"step {scenario.id}/{step.id} is not in the ledger that it was written to")


def _learn(scenario: Scenario, step: Step, parts: Cast, stage: Stage) -> None:
    """Take what the step put into the DMP, so that later steps can refer to it."""
    credited = {
        name for credit in _played(scenario, step, stage).credits for name in credit.exchanges
    }
    for entry in stage.tail.entries:
        if entry.kind == "exchange" and entry.fields["id"] in credited:
            for fed in stage.facts_of(entry).documents:
                document = stage.world.document(fed.unique_id)
                if document is not None and step.id not in parts.documents:
                    parts.documents[step.id] = {
                        "unique_id": document.unique_id,
                        "entry_uuid": document.entry_uuid,
                    }


def _attest(scenario: Scenario, step: Step, attest: Attest, parts: Cast, stage: Stage) -> None:
    question = parts.text(attest.question)
    word = stage.actor.attest(question) or {}
    seen = [name for each in _played(scenario, step, stage).credits for name in each.exchanges]
    stage.ledger.append(
        "attestation",
        scenario=scenario.id,
        step=step.id,
        requirements=list(attest.requirements),
        question={"fr": question.fr, "en": question.en},
        holds=word.get("holds"),
        by=str(word.get("by") or ""),
        evidence=[str(piece) for piece in word.get("evidence") or seen],
        remark=str(word.get("remark") or ""),
    )


def _recordable(order: Mapping[str, Any]) -> dict[str, Any]:
    """The order without paths of this machine, and above all without a password."""
    return {**order, "endpoint": {"base_url": order["endpoint"]["base_url"]}}
