"""The driver contract: an order in, an answer out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from dmp_certify.errors import CertifyError
from dmp_certify.finding import Text
from dmp_certify.outcome import DriverOutcome

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Order:
    """What the suite asks of the product.

    `acting` is the `as` of the contract: who acts, for which structure, in which mode.
    `say` is the sentence a human reads; it does not travel.
    """

    intent: str
    parameters: Mapping[str, Any]
    acting: Mapping[str, Any]
    endpoint: Mapping[str, Any]
    scenario: str = ""
    step: str = ""
    say: Text | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], say: Text | None = None) -> Order:
        """The order of a JSON object of the contract. Raises KeyError when a member is missing."""
        return cls(
            intent=raw["intent"],
            parameters=raw["parameters"],
            acting=raw["as"],
            endpoint=raw["endpoint"],
            scenario=raw.get("scenario", ""),
            step=raw.get("step", ""),
            say=say,
        )

    def as_json(self) -> dict[str, Any]:
        """The JSON object of the contract."""
        return {
            "intent": self.intent,
            "parameters": dict(self.parameters),
            "as": dict(self.acting),
            "endpoint": dict(self.endpoint),
            "scenario": self.scenario,
            "step": self.step,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What the product says it did, and what its user saw."""

    outcome: DriverOutcome
    shown: str = ""
    detail: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    def as_json(self) -> dict[str, Any]:
        """The JSON object of the contract."""
        return {"outcome": str(self.outcome), "shown": self.shown, "detail": dict(self.detail)}


class DriverError(CertifyError):
    """The product gave no answer that can be used; `text` says what, where and what next."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Driver(Protocol):
    """One way to make the product act."""

    def carry_out(self, order: Order) -> Answer:
        """Has the product carry out one intent. Raises DriverError."""
        ...


def read_answer(data: bytes, where: Text) -> Answer:
    """The answer that a product wrote, checked against the contract. Raises DriverError.

    `data` is one JSON object; lines before it are tolerated, because log lines slip into stdout.
    """
    found = _json(data)
    if found is None:
        seen = excerpt(data) or "∅"
        raise DriverError(
            Text(
                f"{where.fr} n'a pas répondu en JSON : {seen} ; "
                "écrire un seul objet JSON (docs/contract.md)",
                f"{where.en} did not answer in JSON: {seen}; "
                "write a single JSON object (docs/contract.md)",
            )
        )
    problem = _departure(found)
    if problem:
        raise DriverError(
            Text(
                f"la réponse de {where.fr} ne suit pas le contrat : {problem} ; "
                "voir docs/contract.md",
                f"the answer of {where.en} departs from the contract: {problem}; "
                "see docs/contract.md",
            )
        )
    return Answer(
        DriverOutcome(found["outcome"]), found.get("shown") or "", found.get("detail") or {}
    )


def excerpt(data: bytes, length: int = 300) -> str:
    """The end of what a product wrote, on one line, for an error message."""
    line = " ".join(data.decode("utf-8", "replace").split())
    return line if len(line) <= length else f"…{line[-length:]}"


def _json(data: bytes) -> Any:
    for candidate in (data, data.rstrip().rpartition(b"\n")[2]):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    return None


def _departure(found: Any) -> str:
    """Where and how the answer departs from the schema; empty when it does not."""
    from jsonschema import Draft202012Validator

    from dmp_certify.drivers.schema import ANSWER

    errors = sorted(Draft202012Validator(ANSWER).iter_errors(found), key=lambda e: list(e.path))
    if not errors:
        return ""
    path = "/".join(str(part) for part in errors[0].path)
    return f"{path}: {errors[0].message}" if path else errors[0].message
