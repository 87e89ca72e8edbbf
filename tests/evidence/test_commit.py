"""Group commit: what is on stable storage, in which order, and what a failing disk does."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence import commit
from dmp_certify.evidence import ledger as ledgers
from dmp_certify.evidence.ledger import Ledger


def _watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    fsync, fdatasync = os.fsync, os.fdatasync

    def spy_fsync(fd: int) -> None:
        seen.append(Path(f"/proc/self/fd/{fd}").readlink().name)
        fsync(fd)

    def spy_fdatasync(fd: int) -> None:
        seen.append(Path(f"/proc/self/fd/{fd}").readlink().name)
        fdatasync(fd)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "fdatasync", spy_fdatasync)
    return seen


def test_blobs_reach_the_disk_before_the_line_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "COMMIT_IDLE_SECONDS", 60.0)
    monkeypatch.setattr(ledgers, "COMMIT_LONGEST_SECONDS", 60.0)
    with Ledger.create(tmp_path) as ledger:
        seen = _watched(monkeypatch)
        digest = ledger.put(b"body")
        ledger.append("exchange", id="1", request={"blob": digest})
        assert seen == []
        ledger.append("step-ended", step="1")
        assert seen == [digest, "blobs", "ledger.jsonl"]


def test_many_blobs_are_flushed_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    real = commit._flush_file_system
    monkeypatch.setattr(
        commit,
        "_flush_file_system",
        lambda fd: flushed.append(fd) or real(fd),  # type: ignore
    )
    with Ledger.create(tmp_path) as ledger:
        for number in range(40):
            ledger.put(b"%d" % number)
        ledger.sync()
        assert len(flushed) >= 1


def test_where_no_flush_is_to_be_had_each_file_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "_flush_file_system", lambda fd: False)
    monkeypatch.setattr(ledgers, "COMMIT_IDLE_SECONDS", 60.0)
    monkeypatch.setattr(ledgers, "COMMIT_LONGEST_SECONDS", 60.0)
    with Ledger.create(tmp_path) as ledger:
        seen = _watched(monkeypatch)
        digests = [ledger.put(b"%d" % number) for number in range(40)]
        ledger.sync()
        assert seen == [*digests, "blobs", "ledger.jsonl"]


def test_the_background_commits_at_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "COMMIT_IDLE_SECONDS", 0.01)
    done = threading.Event()
    fdatasync = os.fdatasync
    with Ledger.create(tmp_path) as ledger:
        monkeypatch.setattr(os, "fdatasync", lambda fd: (fdatasync(fd), done.set()))
        ledger.append("exchange", id="1")
        assert done.wait(10)


def test_a_disk_that_fails_behind_the_traffic_stops_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "COMMIT_IDLE_SECONDS", 0.01)
    failed = threading.Event()

    def broken(fd: int) -> None:
        failed.set()
        raise OSError(errno.EIO, "Input/output error")

    ledger = Ledger.create(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdatasync", broken)
        ledger.append("exchange", id="1")
        assert failed.wait(10)
        ledger._commit._thread.join(10)
        with pytest.raises(EvidenceError, match="Input/output error"):
            ledger.append("exchange", id="2")
        with pytest.raises(EvidenceError, match="stopped at an earlier fault"):
            ledger.append("exchange", id="3")
    ledger.close()
