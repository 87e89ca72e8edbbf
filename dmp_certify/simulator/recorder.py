"""From connections and requests to entries of the ledger."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from dmp_certify import clock
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.simulator.http import Received
from dmp_certify.simulator.tls import Handshake


@dataclass(frozen=True, slots=True)
class Label:
    """What a run was doing when an exchange took place."""

    scenario: str | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds one exchange. `suite_fault` is a traceback of ours, empty when all is well."""

    connection: str
    received_at: str
    label: Label
    disturbance: str | None = None
    suite_fault: str = ""


class Recorder:
    """Numbers and records what happens. With no ledger it only numbers: the bare server."""

    def __init__(self, ledger: Ledger | None) -> None:
        self.ledger = ledger
        self._changed = threading.Condition()
        counts = ledger.counts if ledger is not None else {}
        self._numbers = {kind: counts.get(kind, 0) for kind in ("connection", "exchange")}
        self._done: Counter[str] = Counter()

    def count(self, kind: str) -> int:
        """How many entries of this kind (`connection`, `exchange`, `sent`) are recorded."""
        with self._changed:
            return self._done[kind]

    def wait(self, kind: str, count: int, timeout: float) -> bool:
        """Wait until `count` of this kind are recorded; False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._done[kind] >= count, timeout)

    def connection(self, peer: str, handshake: Handshake) -> str:
        """Record a connection, established or refused; its id."""
        name = f"c{self._next('connection'):04d}"
        if self.ledger is None:
            return name
        chain: list[JsonValue] = [self.ledger.put(der) for der in handshake.chain]
        facts: dict[str, JsonValue] = {**handshake.facts, "client_chain": chain}
        told: dict[str, JsonValue] = {
            "id": name,
            "peer": peer,
            "established": handshake.established,
        }
        if not handshake.established:
            told |= {"reason": handshake.reason, "cause": handshake.cause}
        self._append("connection", **told, tls=facts)
        return name

    def exchange(self, received: Received, answer: bytes, status: int, context: Context) -> str:
        """Record an exchange before its answer leaves; its id."""
        name = f"{self._next('exchange'):04d}"
        if self.ledger is None:
            return name
        request: dict[str, JsonValue] = {
            "blob": received.raw.keep(),
            "complete": received.complete,
            "problem": received.problem,
        }
        extra: dict[str, JsonValue] = {}
        if received.interim:
            extra["interim"] = {"blob": self.ledger.put(received.interim)}
        if context.suite_fault:
            extra["suite_fault"] = context.suite_fault
        self._append(
            "exchange",
            id=name,
            connection=context.connection,
            received_at=context.received_at,
            answered_at=clock.iso(clock.now()),
            request=request,
            response={"blob": self.ledger.put(answer), "status": status},
            scenario=context.label.scenario,
            step=context.label.step,
            disturbance=context.disturbance,
            **extra,
        )
        return name

    def sent(self, exchange: str, problem: str) -> None:
        """Record whether the answer left whole."""
        if self.ledger is not None:
            self._append("sent", exchange=exchange, complete=not problem, problem=problem)

    def _next(self, kind: str) -> int:
        with self._changed:
            self._numbers[kind] += 1
            return self._numbers[kind]

    def _append(self, kind: str, **fields: JsonValue) -> None:
        assert self.ledger is not None
        self.ledger.append(kind, **fields)
        with self._changed:
            self._done[kind] += 1
            self._changed.notify_all()
