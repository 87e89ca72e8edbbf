"""One profile, three carriers: the same product gives the same findings through each driver."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.engine import config
from dmp_certify.engine.events import Events
from dmp_certify.engine.replay import judge
from dmp_certify.engine.run import begin
from dmp_certify.evidence.reader import Evidence
from tests.engine.conftest import plan

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ("existence-closed", "feed-lot", "refusal-shown", "retry-once")
PRODUCT = [sys.executable, "-m", "dmp_certify.reference_lps"]


def findings(home: Path, out: Path, driver: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    sut = replace(config.reference(), driver={"patience_seconds": 2, **driver}, folder=out)
    folder = begin(plan(home, *SCENARIOS, sut=sut), out, Events())
    found = judge(Evidence.open(folder / "evidence"))
    return Counter((each.check, each.outcome.value, each.exchange) for each in found)


@pytest.fixture(scope="module")
def bundled(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str, str]]:
    return findings(home, tmp_path_factory.mktemp("bundled"), {"kind": "reference"})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [*PRODUCT, "--state", str(tmp_path / "state"), "--serve", "0"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    try:
        yield next(word for word in line.split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def test_a_command(
    home: Path,
    tmp_path: Path,
    bundled: Counter[tuple[str, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = [*PRODUCT, "--state", str(tmp_path / "state")]
    assert findings(home, tmp_path, {"kind": "command", "command": command}) == bundled


def test_http(
    home: Path, tmp_path: Path, bundled: Counter[tuple[str, str, str]], served: str
) -> None:
    assert findings(home, tmp_path, {"kind": "http", "url": served}) == bundled
