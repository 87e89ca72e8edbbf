"""The ledger: chained, content-addressed, and whole after any death of its writer."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.evidence.reader import Evidence


def _lines(folder: Path) -> list[bytes]:
    return (folder / "ledger.jsonl").read_bytes().splitlines()


def _filled(folder: Path) -> None:
    with Ledger.create(folder) as ledger:
        ledger.append("run", id="r1", trust=[ledger.put(b"root")])
        for number in range(3):
            blob = ledger.put(b"body %d" % number)
            ledger.append("exchange", id=f"000{number}", request={"blob": blob, "complete": True})


def test_lines_are_chained_and_canonical(tmp_path: Path) -> None:
    _filled(tmp_path / "e")
    lines = _lines(tmp_path / "e")
    prev = "0" * 64
    for number, line in enumerate(lines):
        value = json.loads(line)
        assert (value["seq"], value["prev"]) == (number, prev)
        prev = hashlib.sha256(line).hexdigest()
    evidence = Evidence.open(tmp_path / "e")
    assert evidence.root == prev
    assert [entry.kind for entry in evidence.entries] == ["run", *["exchange"] * 3]
    assert evidence.blob(hashlib.sha256(b"body 1").hexdigest()) == b"body 1"
    assert [entry.fields["id"] for entry in evidence.of_kind("exchange")] == [
        "0000",
        "0001",
        "0002",
    ]


def test_a_used_folder_is_refused(tmp_path: Path) -> None:
    _filled(tmp_path / "e")
    with pytest.raises(EvidenceError, match="not empty"):
        Ledger.create(tmp_path / "e")


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with (
        Ledger.create(tmp_path / "e"),
        pytest.raises(EvidenceError, match="another process writes"),
    ):
        Ledger.reopen(tmp_path / "e")


def test_reserved_field_is_refused(tmp_path: Path) -> None:
    with Ledger.create(tmp_path) as ledger, pytest.raises(EvidenceError, match="reserved"):
        ledger.append("run", seq=3)


def test_a_closed_ledger_says_so(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)
    ledger.close()
    ledger.close()
    with pytest.raises(EvidenceError, match="closed"):
        ledger.append("run")


@pytest.mark.parametrize("cut", [1, 7, 60])
def test_a_torn_line_is_dropped_and_said(tmp_path: Path, cut: int) -> None:
    _filled(tmp_path)
    path = tmp_path / "ledger.jsonl"
    whole = path.read_bytes()
    last = len(_lines(tmp_path)[-1]) + 1
    path.write_bytes(whole[:-cut])
    with pytest.raises(EvidenceError, match="middle of a line"):
        Evidence.open(tmp_path)
    Ledger.reopen(tmp_path).close()
    evidence = Evidence.open(tmp_path)
    assert evidence.entries[-1].kind == "resumed"
    assert evidence.entries[-1].fields["dropped_bytes"] == last - cut
    assert len(evidence.entries) == 4


def test_traffic_whose_blob_never_reached_the_disk_is_dropped(tmp_path: Path) -> None:
    _filled(tmp_path)
    (tmp_path / "blobs" / hashlib.sha256(b"body 1").hexdigest()).write_bytes(b"")
    lost = sum(len(line) + 1 for line in _lines(tmp_path)[2:])
    Ledger.reopen(tmp_path).close()
    evidence = Evidence.open(tmp_path)
    assert [entry.kind for entry in evidence.entries] == ["run", "exchange", "resumed"]
    assert evidence.entries[-1].fields["dropped_bytes"] == lost


def test_a_blob_lost_before_a_commit_is_no_accident(tmp_path: Path) -> None:
    _filled(tmp_path)
    with Ledger.reopen(tmp_path) as ledger:
        ledger.append("step-begun", scenario="s", step="1")
    (tmp_path / "blobs" / hashlib.sha256(b"body 1").hexdigest()).unlink()
    with pytest.raises(EvidenceError, match="line 3 names a blob"):
        Ledger.reopen(tmp_path)


@pytest.mark.parametrize("line", [0, 1, 2, 3])
def test_a_changed_entry_breaks_the_chain(tmp_path: Path, line: int) -> None:
    _filled(tmp_path)
    lines = _lines(tmp_path)
    lines[line] = lines[line].replace(b'"kind":"', b'"kind":"x', 1)
    (tmp_path / "ledger.jsonl").write_bytes(b"".join(item + b"\n" for item in lines))
    evidence_changed = line < len(lines) - 1
    if evidence_changed:
        with pytest.raises(EvidenceError, match=f"line {line + 2}"):
            Evidence.open(tmp_path)
    else:
        # The last line is sealed by the root, which the signed statement holds.
        assert Evidence.open(tmp_path).root != hashlib.sha256(_lines(tmp_path)[2]).hexdigest()


def test_a_removed_entry_and_a_changed_blob_are_seen(tmp_path: Path) -> None:
    _filled(tmp_path / "a")
    lines = _lines(tmp_path / "a")
    (tmp_path / "a" / "ledger.jsonl").write_bytes(b"\n".join([*lines[:1], *lines[2:]]) + b"\n")
    with pytest.raises(EvidenceError, match="line 2 does not follow"):
        Evidence.open(tmp_path / "a")
    _filled(tmp_path / "b")
    (tmp_path / "b" / "blobs" / hashlib.sha256(b"body 0").hexdigest()).write_bytes(b"other")
    with pytest.raises(EvidenceError, match="blob changed"):
        Evidence.open(tmp_path / "b")
    _filled(tmp_path / "c")
    (tmp_path / "c" / "blobs" / hashlib.sha256(b"root").hexdigest()).unlink()
    with pytest.raises(EvidenceError, match=r"blob missing.*line 1"):
        Evidence.open(tmp_path / "c")


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"null", b"\xff", b'{"seq": 0}', b"[" * 5000, b'{"seq":0,"prev":1}']
)
def test_a_line_that_is_no_entry_is_refused(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "ledger.jsonl").write_bytes(line + b"\n")
    with pytest.raises(EvidenceError, match="line 1"):
        Evidence.open(tmp_path)
    with pytest.raises(EvidenceError, match="line 1"):
        Ledger.reopen(tmp_path)


def test_many_threads_make_one_chain(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path)

    def work(name: int) -> None:
        for number in range(40):
            blob = ledger.put(b"%d" % (number % 7))
            ledger.append("exchange", id=f"{name}-{number}", request={"blob": blob})

    threads = [threading.Thread(target=work, args=(name,)) for name in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    evidence = Evidence.open(tmp_path)
    assert len(evidence.entries) == 240
    assert len({entry.fields["id"] for entry in evidence.entries}) == 240


_KILLED = """
import os, signal, sys
from pathlib import Path
from dmp_certify.evidence.ledger import Ledger
ledger = Ledger.create(Path(sys.argv[1]))
number = 0
while True:
    blob = ledger.put(os.urandom(20000))
    ledger.append("exchange", id=str(number), request={"blob": blob})
    print(number, flush=True)
    number += 1
"""


def test_kill_9_loses_nothing_that_was_appended(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path / "e")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 50:
            break
    os.kill(child.pid, signal.SIGKILL)
    said = [int(line) for line in child.stdout.read().split()]
    child.wait()
    last = said[-1] if said else 50
    Ledger.reopen(tmp_path / "e").close()
    recorded = [entry.fields["id"] for entry in Evidence.open(tmp_path / "e").of_kind("exchange")]
    assert recorded[: last + 1] == [str(number) for number in range(last + 1)]


def test_a_full_disk_is_said_and_the_ledger_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger.create(tmp_path)
    ledger.append("run", id="r")
    real = os.write

    def full(fd: int, data: bytes) -> int:
        monkeypatch.setattr(os, "write", _refuse)
        return real(fd, data[:10])

    def _refuse(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(EvidenceError, match=r"no room .*ledger\.jsonl.*free some space"):
        ledger.append("exchange", id="1")
    monkeypatch.setattr(os, "write", real)
    ledger.append("exchange", id="1")
    ledger.close()
    assert [entry.kind for entry in Evidence.open(tmp_path).entries] == ["run", "exchange"]


_LIMITED = """
import resource, sys
from pathlib import Path
from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.ledger import Ledger
ledger = Ledger.create(Path(sys.argv[1]))
ledger.append("run", id="r")
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
try:
    ledger.put(b"x" * 20000)
except EvidenceError as error:
    print(error)
ledger.append("exchange", id="small")
try:
    ledger.append("exchange", id="y" * 20000)
except EvidenceError as error:
    print(error)
ledger.close()
"""


def test_a_write_that_the_system_cuts_short_leaves_no_trace(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path / "e")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("no room to record evidence") == 2
    evidence = Evidence.open(tmp_path / "e")
    assert [entry.fields["id"] for entry in evidence.entries] == ["r", "small"]
    assert list((tmp_path / "e" / "blobs").iterdir()) == []


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no ledger at"):
        Evidence.open(tmp_path / "none")
    with pytest.raises(EvidenceError, match="no evidence at"):
        Ledger.reopen(tmp_path / "none")


def test_a_digest_cannot_leave_the_folder(tmp_path: Path) -> None:
    _filled(tmp_path)
    with pytest.raises(EvidenceError, match="not the digest"):
        Evidence.open(tmp_path).blob("../ledger.jsonl")
