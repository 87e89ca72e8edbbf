"""What a scenario is: a world that is given, and steps of ask, answer, expect and attest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dmp_certify.finding import Text


@dataclass(frozen=True, slots=True)
class GivenPatient:
    """A patient of the world: `record` is active, closed or absent."""

    name: str
    record: str
    authorisation: str = "VALIDE"


@dataclass(frozen=True, slots=True)
class Answer:
    """A named disturbance of the simulator for the next exchange of `transaction` (any when "")."""

    disturb: str
    transaction: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attest:
    """A question to a human, and the rows that the answer speaks of."""

    question: Text
    requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `parameters` and `expect` still hold their references (`${patient.anne}`)."""

    id: str
    intent: str
    parameters: Mapping[str, Any]
    say: Text
    answer: Answer | None
    expect: Mapping[str, Any]
    attest: Attest | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. `when` says which conformance statements bring it into play."""

    id: str
    title: Text
    when: Mapping[str, str]
    patients: tuple[GivenPatient, ...]
    steps: tuple[Step, ...]

    def unclaimed(self, conformance: Mapping[str, object]) -> str:
        """The first term of `when` that the conformance statement does not hold, or ""."""
        for key, wanted in self.when.items():
            stated = conformance.get(key)
            values = stated if isinstance(stated, list | tuple) else [stated]
            if wanted not in [str(value) for value in values]:
                return f"{key}={wanted}"
        return ""
