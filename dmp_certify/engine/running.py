"""A run under way: the DMP listens, the product can be asked, the ledger is open."""

from __future__ import annotations

import platform
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmp_certify import __version__
from dmp_certify.engine import baseline
from dmp_certify.engine.actor import actor_for
from dmp_certify.engine.config import Sut
from dmp_certify.engine.credentials import Credentials, prepare
from dmp_certify.engine.events import Events
from dmp_certify.engine.plan import Plan
from dmp_certify.engine.resume import Past
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.scenarios import persons
from dmp_certify.scenarios.model import Scenario
from dmp_certify.scenarios.play import Stage, play
from dmp_certify.scenarios.tail import LedgerTail, facts_reader
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World


@dataclass(slots=True)
class Running:
    """Plays scenarios one by one; `end` closes the evidence for good."""

    plan: Plan
    folder: Path
    stage: Stage
    server: DmpServer
    past: Past

    def play(self, scenario: Scenario) -> bool:
        """Play one scenario, unless it is done or the product does not claim it; whether it was
        played. Raises EvidenceError when the disk takes no more."""
        if scenario.id in self.past.finished:
            return False
        unclaimed = scenario.unclaimed(self.plan.sut.conformance)
        if unclaimed:
            self.stage.ledger.append("scenario-skipped", scenario=scenario.id, unclaimed=unclaimed)
            self.stage.tell("scenario-skipped", scenario=scenario.id, unclaimed=unclaimed)
            return False
        play(scenario, 1 + self.past.attempts.get(scenario.id, 0), self.stage)
        if self.server.failure is not None:
            raise self.server.failure
        return True

    def end(self) -> None:
        """Say that the run has ended; what only served to play it is removed."""
        self.stage.ledger.append("run-ended")
        shutil.rmtree(self.folder / "work", ignore_errors=True)


@contextmanager
def running(plan: Plan, folder: Path, tell: Events, past: Past | None = None) -> Iterator[Running]:
    """Open the run in `folder`, new or stopped. Raises ConfigurationError and EvidenceError."""
    work = folder / "work"
    work.mkdir(mode=0o700, exist_ok=True)
    credentials = prepare(plan.pki, plan.sut, work, plan.listen[0])
    actor = actor_for(plan.sut, work)
    evidence = folder / "evidence"
    world = World(work / "world.sqlite")
    try:
        with (
            Ledger.create(evidence) if past is None else Ledger.reopen(evidence) as ledger,
            DmpServer(world, ledger, credentials.pki, *plan.listen) as server,
        ):
            if past is None:
                _record(plan, ledger, credentials)
            stage = Stage(
                server=server,
                world=world,
                ledger=ledger,
                tail=LedgerTail(evidence),
                facts_of=facts_reader(lambda digest: (evidence / "blobs" / digest).read_bytes()),
                actor=actor,
                acting=_acting(plan.sut, credentials, server.base_url),
                conformance=plan.sut.conformance,
                seed=plan.seed,
                patience=plan.sut.patience,
                tell=tell,
            )
            yield Running(plan, folder, stage, server, past or Past.nothing(plan))
    finally:
        world.close()


def _acting(sut: Sut, credentials: Credentials, base_url: str) -> dict[str, Any]:
    return {
        "as": {
            "user": persons.user(sut.conformance, sut.user),
            "structure": persons.structure(sut.structure, *credentials.structure),
            "mode": persons.mode(sut.conformance),
        },
        "endpoint": {"base_url": base_url, **credentials.files},
    }


def _record(plan: Plan, ledger: Ledger, credentials: Credentials) -> None:
    sut = plan.sut
    ledger.append(
        "run",
        id=secrets.token_hex(8),
        seed=plan.seed,
        profiles=[{"id": plan.profile.id, "edition": plan.profile.edition}],
        only=list(plan.only),
        product=dict(sut.product),
        conformance=dict(sut.conformance),
        suite={"version": __version__, "baseline_digest": baseline.digest()},
        environment={
            "python": platform.python_version(),
            "system": platform.system(),
            "driver": str(sut.driver["kind"]),
            **({"sin": sut.sin} if sut.sin else {}),
        },
        trust=[ledger.put(der) for der in credentials.trust],
        crls=[ledger.put(der) for der in credentials.crls],
        sut_toml=ledger.put(sut.text),
        pack=plan.pack.pinned(),
    )
