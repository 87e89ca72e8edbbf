"""A real Dask scheduler with two workers, one killed in the middle: each document counted once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dmp_certify.bulk.journal import lines
from dmp_certify.bulk.run import Options, run
from dmp_certify.bulk.summary import Summary
from dmp_certify.errors import ConfigurationError
from tests.bulk.test_bulk import folder

distributed = pytest.importorskip("distributed", reason="extra [cluster] is not installed")
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def cluster(place: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler on a free port, and its two worker processes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    file = place / "scheduler.json"
    common = {"cwd": place, "env": environment, "stdout": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [
            *(sys.executable, "-m", "distributed.cli.dask_scheduler"),
            *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
            *("--scheduler-file", str(file)),
        ],
        stderr=subprocess.DEVNULL,
        **common,  # type: ignore[call-overload]
    )
    worker = [
        *(sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file)),
        *("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"),
    ]
    workers = [
        subprocess.Popen(worker, stderr=subprocess.DEVNULL, **common)  # type: ignore[call-overload]
        for _ in range(2)
    ]
    try:
        yield _address(file), workers
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def _address(file: Path) -> str:
    import json

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if file.exists() and (text := file.read_text()):
            return str(json.loads(text)["address"])
        time.sleep(0.05)
    raise AssertionError("the scheduler did not start")


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(tmp_path: Path) -> None:
    docs, out = folder(tmp_path / "docs", 400), tmp_path / "r.jsonl"
    with cluster(tmp_path) as (address, workers):
        killed: list[int] = []

        def kill_one(summary: Summary) -> None:
            if summary.total == 40 and not killed:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(workers[0].wait())

        summary = run(Options([str(docs)], out, cluster=address), kill_one)
    names = [line["document"] for line in lines(out)]
    assert killed == [-signal.SIGKILL]
    assert len(names) == len(set(names)) == summary.total == 400
    troubles = [line["problem"] for line in lines(out) if line["verdict"] == "unreadable"]
    assert not troubles, troubles
    assert summary.verdicts == {"conforming": 320, "non-conforming": 80}


def test_no_scheduler_is_said(tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 1)
    with pytest.raises(ConfigurationError, match="no Dask scheduler answers"):
        run(Options([str(docs)], tmp_path / "r.jsonl", cluster="tcp://127.0.0.1:9"))
