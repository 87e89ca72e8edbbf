"""What a stopped run had already done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dmp_certify.engine import config
from dmp_certify.engine.config import Sut
from dmp_certify.engine.plan import Plan
from dmp_certify.errors import ConfigurationError
from dmp_certify.scenarios.tail import LedgerTail


@dataclass(frozen=True, slots=True)
class Past:
    """`finished` are the scenarios that ended (or were skipped); `attempts` counts beginnings."""

    profile: str
    seed: int
    only: tuple[str, ...]
    sut: Sut
    finished: frozenset[str]
    attempts: Mapping[str, int]
    ended: bool

    @classmethod
    def nothing(cls, plan: Plan) -> Past:
        """The past of a run that begins."""
        return cls(plan.profile.id, plan.seed, plan.only, plan.sut, frozenset(), {}, False)


def read(folder: Path, sut_file: str | None = None) -> Past:
    """The past of the run in `folder`; `sut_file` says where the sut.toml is now, so that its
    relative paths hold. Raises ConfigurationError when there is no run to resume."""
    evidence = folder / "evidence"
    if not (evidence / "ledger.jsonl").is_file():
        raise ConfigurationError(
            f"{folder} holds no run; give the folder that the stopped run was writing"
        )
    tail = LedgerTail(evidence)
    entries = tail.read()
    run = next((entry for entry in entries if entry.kind == "run"), None)
    if run is None:
        raise ConfigurationError(f"the run in {folder} had not begun; start it again")
    finished = {
        str(entry.fields["scenario"])
        for entry in entries
        if entry.kind in ("scenario-ended", "scenario-skipped")
    }
    begun = Counter(
        str(entry.fields["scenario"]) for entry in entries if entry.kind == "scenario-begun"
    )
    recorded = (evidence / "blobs" / run.fields["sut_toml"]).read_bytes()
    return Past(
        profile=str(run.fields["profiles"][0]["id"]),
        seed=int(run.fields["seed"]),
        only=tuple(run.fields.get("only") or ()),
        sut=_sut(recorded, run.fields["environment"], sut_file),
        finished=frozenset(finished),
        attempts=begun,
        ended=any(entry.kind == "run-ended" for entry in entries),
    )


def _sut(recorded: bytes, environment: Mapping[str, str], sut_file: str | None) -> Sut:
    if environment.get("driver") == config.REFERENCE:
        return config.reference(environment.get("sin", ""))
    if sut_file is None:
        return config.parse(recorded, Path("sut.toml"))
    found = config.load(sut_file)
    if found.text != recorded:
        raise ConfigurationError(
            f"{sut_file} is not the one the run began with; restore it, or start a new run"
        )
    return found
