"""Credits the exchanges of a run to the steps that expected them. Pure; used live and in replay.

An exchange is credited to any step that has begun, is still short of it and fits it; a step under
way comes before an older one. What fits none is kept with the nearest expectation and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dmp_certify.evidence.entry import Entry
from dmp_certify.finding import Text
from dmp_certify.scenarios.facts import Facts, departure

FactsOf = Callable[[Entry], Facts]


@dataclass(frozen=True, slots=True)
class Miss:
    """An exchange that came close to an expectation, and what kept it out."""

    exchange: str
    why: Text


@dataclass(frozen=True, slots=True)
class Credit:
    """One expected exchange: what was credited, what came beyond the count, what came close."""

    wanted: Mapping[str, Any]
    exchanges: tuple[str, ...]
    surplus: tuple[str, ...]
    nearest: Miss | None

    @property
    def missing(self) -> int:
        """How many exchanges are still short."""
        return max(0, int(self.wanted.get("count", 1)) - len(self.exchanges))


@dataclass(frozen=True, slots=True)
class Played:
    """One step as it went; `at` is when it ended, or began when it never ended.

    `bounded`: a later step was answered, so that what did not come is known not to come.
    `forbidden`: exchanges of a transaction that the step says must not come. `led`: what the
    steps before it expect has come, so that the step asks of the product what it is meant to ask.
    """

    scenario: str
    step: str
    intent: str
    order: Mapping[str, Any]
    disturbance: str
    words: Mapping[str, str]
    at: str
    outcome: str
    shown: str
    detail: Mapping[str, Any]
    expect: Mapping[str, Any]
    credits: tuple[Credit, ...]
    forbidden: tuple[str, ...]
    led: bool
    bounded: bool
    ended: bool

    @property
    def satisfied(self) -> bool:
        """Whether every exchange that the step expects has come."""
        return not any(credit.missing for credit in self.credits)


@dataclass(slots=True)
class _Slot:
    wanted: Mapping[str, Any]
    credited: list[str] = field(default_factory=list)

    @property
    def room(self) -> bool:
        return "count" not in self.wanted or len(self.credited) < int(self.wanted["count"])


@dataclass(slots=True)
class _Step:
    entry: Entry
    slots: list[_Slot]
    end: Entry | None = None
    next_seq: float = float("inf")

    @property
    def short(self) -> bool:
        """Whether an expected exchange has not come."""
        return any(len(slot.credited) < int(slot.wanted.get("count", 1)) for slot in self.slots)

    def under_way(self, seq: int) -> bool:
        return self.entry.seq < seq < self.next_seq


def correlate(entries: Iterable[Entry], facts_of: FactsOf, only: str = "") -> tuple[Played, ...]:
    """The steps of the last attempt at each scenario (or at `only`), in the order of play."""
    attempts: dict[str, list[Entry]] = {}
    current: list[Entry] | None = None
    for entry in entries:
        if entry.kind == "scenario-begun":
            # A scenario played again supersedes its interrupted attempt.
            attempts.pop(entry.fields["scenario"], None)
            current = attempts.setdefault(entry.fields["scenario"], [])
        elif entry.kind == "scenario-ended":
            current = None
        elif current is not None and entry.kind in ("step-begun", "step-ended", "exchange"):
            current.append(entry)
    return tuple(
        played
        for scenario, attempt in attempts.items()
        if only in ("", scenario)
        for played in _correlate(attempt, facts_of)
    )


def _correlate(attempt: Sequence[Entry], facts_of: FactsOf) -> list[Played]:
    steps = _steps(attempt)
    received = [(entry, facts_of(entry)) for entry in attempt if entry.kind == "exchange"]
    left = [(entry, facts) for entry, facts in received if not _credit(steps, entry, facts)]
    return [_played(step, steps[:rank], steps[rank + 1 :], left) for rank, step in enumerate(steps)]


def _steps(attempt: Sequence[Entry]) -> list[_Step]:
    steps: list[_Step] = []
    for entry in attempt:
        if entry.kind == "step-begun":
            wanted = entry.fields["expect"].get("exchanges") or ()
            if steps:
                steps[-1].next_seq = entry.seq
            steps.append(_Step(entry, [_Slot(each) for each in wanted]))
        elif entry.kind == "step-ended":
            for step in steps:
                if step.entry.fields["step"] == entry.fields["step"]:
                    step.end = entry
    return steps


def _credit(steps: Sequence[_Step], entry: Entry, facts: Facts) -> bool:
    begun = [step for step in steps if step.entry.seq < entry.seq]
    begun.sort(key=lambda step: not step.under_way(entry.seq))
    for step in begun:
        for slot in step.slots:
            if slot.room and departure(slot.wanted, facts) is None:
                slot.credited.append(str(entry.fields["id"]))
                return True
    return False


def _played(
    step: _Step,
    earlier: Sequence[_Step],
    later: Sequence[_Step],
    left: Sequence[tuple[Entry, Facts]],
) -> Played:
    fields = step.entry.fields
    expect = fields["expect"]
    since = [(entry, facts) for entry, facts in left if entry.seq > step.entry.seq]
    forbidden = tuple(
        str(entry.fields["id"])
        for entry, facts in since
        if facts.transaction in (expect.get("none") or ())
    )
    answer = step.end.fields["answer"] if step.end else {}
    return Played(
        scenario=fields["scenario"],
        step=fields["step"],
        intent=fields["order"]["intent"],
        order=fields["order"],
        disturbance=str(fields.get("disturbance") or ""),
        words=(step.end.fields.get("words") if step.end else None) or {},
        at=(step.end or step.entry).at,
        outcome=str(answer.get("outcome", "")),
        shown=str(answer.get("shown", "")),
        detail=answer.get("detail") or {},
        expect=expect,
        credits=tuple(_credited(step, slot, since) for slot in step.slots),
        forbidden=forbidden,
        led=not any(other.short for other in earlier),
        bounded=any(slot.credited for other in later for slot in other.slots),
        ended=step.end is not None,
    )


def _credited(step: _Step, slot: _Slot, since: Sequence[tuple[Entry, Facts]]) -> Credit:
    surplus: list[str] = []
    nearest: Miss | None = None
    smallest = 0
    for entry, facts in since:
        wrong = departure(slot.wanted, facts)
        exchange = str(entry.fields["id"])
        if wrong is None:
            if step.under_way(entry.seq):
                surplus.append(exchange)
        elif nearest is None or wrong.weight < smallest:
            nearest, smallest = Miss(exchange, wrong.why), wrong.weight
    full = not slot.room or ("count" not in slot.wanted and bool(slot.credited))
    return Credit(slot.wanted, tuple(slot.credited), tuple(surplus), None if full else nearest)
