"""Runs a profile: prepares the world, plays the scenarios, and leaves evidence to be judged.

A run is a folder: `evidence/` is what counts; `work/` holds the simulated DMP's store and what
the lent product keeps, and is removed when the run has ended.
"""

from __future__ import annotations

import platform
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dmp_certify import __version__, clock
from dmp_certify.catalogue.profiles import Profile
from dmp_certify.engine import baseline
from dmp_certify.engine.actor import actor_for
from dmp_certify.engine.config import Sut
from dmp_certify.engine.credentials import Credentials, prepare
from dmp_certify.engine.events import Events
from dmp_certify.engine.resume import Past
from dmp_certify.errors import ConfigurationError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.scenarios import loader, persons
from dmp_certify.scenarios.model import Scenario
from dmp_certify.scenarios.play import Stage, play
from dmp_certify.scenarios.tail import LedgerTail, facts_reader
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `only` are scenario ids (all when empty); `listen` is (host, port), port 0 for
    a free one; `pki` is the folder of the test PKI."""

    profile: Profile
    sut: Sut
    pki: Path
    seed: int = field(default_factory=lambda: secrets.randbelow(2**31))
    only: tuple[str, ...] = ()
    listen: tuple[str, int] = ("127.0.0.1", 0)

    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios to play, in the order of the profile. Raises ConfigurationError."""
        known = loader.load_all()
        for name in self.only:
            if name not in self.profile.scenarios:
                raise ConfigurationError(
                    f"profile {self.profile.id} has no scenario {name!r}; its scenarios are "
                    f"{', '.join(self.profile.scenarios)}"
                )
        return tuple(
            known[name] for name in self.profile.scenarios if name in self.only or not self.only
        )


def folder_name(plan: Plan, at: datetime) -> str:
    """`<product>-<version>-<profile>-<UTC time>`, without what a file system dislikes."""
    stem = "-".join((plan.sut.product["name"], plan.sut.product["version"], plan.profile.id))
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', plain)}-{at:%Y%m%dT%H%M%SZ}"


def begin(plan: Plan, out: Path, tell: Events) -> Path:
    """Play a profile from the beginning; the folder of the run, below `out`."""
    scenarios = plan.scenarios()
    folder = _fresh(out, folder_name(plan, clock.now()))
    with Ledger.create(folder / "evidence") as ledger:
        _play_all(plan, scenarios, folder, ledger, tell)
    return folder


def resume(plan: Plan, past: Past, folder: Path, tell: Events) -> Path:
    """End a run that was stopped: scenarios that ended are not played again."""
    if past.ended:
        return folder
    with Ledger.reopen(folder / "evidence") as ledger:
        _play_all(plan, plan.scenarios(), folder, ledger, tell, past)
    return folder


def _fresh(out: Path, name: str) -> Path:
    for rank in range(1, 1000):
        folder = out / (name if rank == 1 else f"{name}-{rank}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise ConfigurationError(
                f"cannot write reports to {out} ({error.strerror}); choose a folder with --out"
            ) from error
        return folder
    raise ConfigurationError(f"too many runs called {name} in {out}; choose another --out")


def _play_all(
    plan: Plan,
    scenarios: Sequence[Scenario],
    folder: Path,
    ledger: Ledger,
    tell: Events,
    past: Past | None = None,
) -> None:
    work = folder / "work"
    work.mkdir(mode=0o700, exist_ok=True)
    credentials = prepare(plan.pki, plan.sut, work, plan.listen[0])
    if past is None:
        _record_run(plan, ledger, credentials)
    with _stage(plan, work, ledger, credentials, tell) as (stage, server):
        tell(
            "run-begun",
            profile=plan.profile.id,
            product=plan.sut.product,
            scenarios=len(scenarios),
            base_url=server.base_url,
        )
        for scenario in scenarios:
            unclaimed = scenario.unclaimed(plan.sut.conformance)
            if past is not None and scenario.id in past.finished:
                continue
            if unclaimed:
                ledger.append("scenario-skipped", scenario=scenario.id, unclaimed=unclaimed)
                tell("scenario-skipped", scenario=scenario.id, unclaimed=unclaimed)
                continue
            play(scenario, 1 + (past.attempts.get(scenario.id, 0) if past else 0), stage)
            if server.failure is not None:
                raise server.failure
    ledger.append("run-ended")
    shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _stage(
    plan: Plan, work: Path, ledger: Ledger, credentials: Credentials, tell: Events
) -> Iterator[tuple[Stage, DmpServer]]:
    world = World(work / "world.sqlite")
    tail = LedgerTail(ledger.folder)
    try:
        actor = actor_for(plan.sut, work)
        with DmpServer(world, ledger, credentials.pki, *plan.listen) as server:
            yield (
                Stage(
                    server=server,
                    world=world,
                    ledger=ledger,
                    tail=tail,
                    facts_of=facts_reader(lambda digest: _blob(ledger.folder, digest)),
                    actor=actor,
                    acting=_acting(plan.sut, credentials, server.base_url),
                    conformance=plan.sut.conformance,
                    seed=plan.seed,
                    patience=plan.sut.patience,
                    tell=tell,
                ),
                server,
            )
    finally:
        world.close()


def _blob(evidence: Path, digest: str) -> bytes:
    return (evidence / "blobs" / digest).read_bytes()


def _acting(sut: Sut, credentials: Credentials, base_url: str) -> dict[str, Any]:
    return {
        "as": {
            "user": persons.user(sut.conformance, sut.user),
            "structure": persons.structure(sut.structure, *credentials.structure),
            "mode": persons.mode(sut.conformance),
        },
        "endpoint": {"base_url": base_url, **credentials.files},
    }


def _record_run(plan: Plan, ledger: Ledger, credentials: Credentials) -> None:
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
    )
