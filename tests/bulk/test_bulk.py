"""Many documents: each judged once, hostile ones isolated, nothing lost by a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from dmp_certify.bulk import pool
from dmp_certify.bulk.journal import Journal, lines
from dmp_certify.bulk.run import Options, run
from dmp_certify.bulk.source import Item, items
from dmp_certify.errors import ConfigurationError
from tests.support.wounds import build

GOOD = build("td2_1", []).part("document").data
BAD = GOOD.replace(b'languageCode code="fr-FR"', b'languageCode code="xx"')
BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(5))
    + b"]><ClinicalDocument xmlns='urn:hl7-org:v3'>&a4;</ClinicalDocument>"
)


def folder(path: Path, count: int) -> Path:
    path.mkdir(exist_ok=True)
    for number in range(count):
        (path / f"{number:05}.xml").write_bytes(BAD if number % 5 == 0 else GOOD)
    return path


def test_a_folder_is_judged_and_summed(tmp_path: Path) -> None:
    out = tmp_path / "results.jsonl"
    summary = run(Options([str(folder(tmp_path / "docs", 10))], out))
    assert summary.verdicts == {"conforming": 8, "non-conforming": 2}
    assert not summary.conforming
    written = list(lines(out))
    assert len({line["document"] for line in written}) == 10
    assert all(line["source"]["institution"] for line in written)


def test_the_results_do_not_depend_on_the_workers(tmp_path: Path) -> None:
    docs = str(folder(tmp_path / "docs", 8))

    def verdicts(name: str, workers: int) -> dict[str, str]:
        run(Options([docs], tmp_path / name, workers=workers))
        return {line["document"]: line["verdict"] for line in lines(tmp_path / name)}

    assert verdicts("serial", 0) == verdicts("two", 2)


def test_a_zip_and_a_list_name_their_documents(tmp_path: Path) -> None:
    archive = tmp_path / "docs.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a/1.xml", GOOD)
        out.writestr("readme.txt", "no document")
    (tmp_path / "one.xml").write_bytes(GOOD)
    (tmp_path / "list").write_text("one.xml\n\nabsent.xml\n")
    found = [item.key for item in items([str(archive), f"@{tmp_path / 'list'}"])]
    assert found == [f"{archive}!a/1.xml", "one.xml", "absent.xml"]
    summary = run(Options([str(archive), f"@{tmp_path / 'list'}"], tmp_path / "r.jsonl"))
    assert summary.verdicts == {"conforming": 2, "unreadable": 1}


def test_nothing_at_the_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing at"):
        list(items([str(tmp_path / "absent")]))


def test_hostile_files_cost_only_themselves(tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 2)
    (docs / "bomb.xml").write_bytes(BOMB)
    (docs / "empty.xml").write_bytes(b"")
    (docs / "binary.xml").write_bytes(bytes(range(256)) * 50)
    with (docs / "huge.xml").open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)
    summary = run(Options([str(docs)], tmp_path / "r.jsonl", workers=2))
    by_name = {Path(line["document"]).name: line for line in lines(tmp_path / "r.jsonl")}
    assert summary.total == 6
    assert by_name["00001.xml"]["verdict"] == "conforming"
    for name in ("bomb.xml", "empty.xml", "binary.xml", "huge.xml"):
        assert by_name[name]["verdict"] != "conforming", name


def test_an_encrypted_member_and_a_broken_one_are_unreadable(tmp_path: Path) -> None:
    archive = tmp_path / "docs.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("1.xml", GOOD)
    data = bytearray(archive.read_bytes())
    data[60:80] = b"\xff" * 20
    archive.write_bytes(bytes(data))
    summary = run(Options([str(archive)], tmp_path / "r.jsonl"))
    assert summary.verdicts == {"unreadable": 1}


def test_a_worker_that_dies_costs_its_document_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew: list[pool._Worker] = []
    made = pool._Worker.__init__

    def record(self: pool._Worker, pack: str, alone: bool) -> None:
        made(self, pack, alone)
        crew.append(self)

    monkeypatch.setattr(pool._Worker, "__init__", record)
    docs = folder(tmp_path / "docs", 6)
    os.mkfifo(docs / "hang.xml")  # never read to its end: its worker hangs
    everything = [Item(str(p), p) for p in sorted(docs.iterdir())]
    found = []
    for line in pool.parallel(iter(everything), "", False, 2, seconds=3.0):
        found.append(line)
    verdicts = {Path(line["document"]).name: line["verdict"] for line in found}
    assert len(found) == 7
    assert verdicts["hang.xml"] == "unreadable"
    assert list(verdicts.values()).count("conforming") == 4
    assert len(crew) == 3  # one was replaced


def test_results_are_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    out.write_text('{"document":"x"}\n')
    with pytest.raises(ConfigurationError, match="--resume"):
        Journal(out, resume=False)


def test_a_torn_line_is_done_again(tmp_path: Path) -> None:
    docs = folder(tmp_path / "docs", 4)
    out = tmp_path / "r.jsonl"
    run(Options([str(docs)], out))
    whole = out.read_bytes()
    out.write_bytes(whole[:-7])
    summary = run(Options([str(docs)], out, resume=True))
    assert summary.total == 4
    assert len(list(lines(out))) == 4


KILLED = """
import sys
from pathlib import Path
from dmp_certify.bulk.run import Options, run
if __name__ == "__main__":
    run(Options([sys.argv[1]], Path(sys.argv[2]), workers=2, resume=True))
"""


def test_kill_9_loses_and_doubles_nothing(tmp_path: Path) -> None:
    docs, out = folder(tmp_path / "docs", 300), tmp_path / "r.jsonl"
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    home = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    began = subprocess.Popen([sys.executable, str(script), str(docs), str(out)], env=home)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (not out.exists() or out.stat().st_size < 20_000):
        time.sleep(0.01)
    began.send_signal(signal.SIGKILL)
    began.wait()
    before = sum(1 for _ in lines(out))
    assert 0 < before < 300, "the kill came too early or too late to prove anything"
    summary = run(Options([str(docs)], out, workers=2, resume=True))
    names = [json.loads(raw)["document"] for raw in out.read_text().splitlines()]
    assert len(names) == len(set(names)) == 300
    assert summary.total == 300
