"""Runs a profile: plays its scenarios and leaves evidence to be judged.

A run is a folder: `evidence/` is what counts; `work/` holds the simulated DMP's store and what
the lent product keeps, and is removed when the run has ended.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from dmp_certify.engine.events import Events
from dmp_certify.engine.plan import Plan
from dmp_certify.engine.resume import Past
from dmp_certify.engine.running import running
from dmp_certify.errors import ConfigurationError


def begin(plan: Plan, out: Path, tell: Events) -> Path:
    """Play a profile from the beginning; the folder of the run, below `out`.

    Raises ConfigurationError, and then leaves no folder, or EvidenceError.
    """
    plan.scenarios()
    folder = plan.folder(out)
    try:
        _play_all(plan, folder, tell, None)
    except ConfigurationError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def resume(plan: Plan, past: Past, folder: Path, tell: Events) -> Path:
    """End a run that was stopped: scenarios that ended are not played again."""
    if not past.ended:
        _play_all(plan, folder, tell, past)
    return folder


def _play_all(plan: Plan, folder: Path, tell: Events, past: Past | None) -> None:
    scenarios = plan.scenarios()
    with running(plan, folder, tell, past) as run:
        tell(
            "run-begun",
            profile=plan.profile.id,
            product=plan.sut.product,
            scenarios=len(scenarios),
            base_url=run.server.base_url,
            folder=folder,
        )
        for scenario in scenarios:
            run.play(scenario)
        run.end()
