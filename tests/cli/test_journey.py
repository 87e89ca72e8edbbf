"""What a newcomer meets, from `init` to a first report: silence, dead adapters, wrong paths."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmp_certify import data
from dmp_certify.cli import exits, main
from dmp_certify.cli.argparse_french import HELP, WORDS
from dmp_certify.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newcomer")


def cli(
    home: Path, *arguments: str | Path, lang: str = "", code: int | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DMP_CERTIFY_HOME": str(home / "home"),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "DMP_CERTIFY_LANG": lang,
    }
    done = subprocess.run(
        [sys.executable, "-m", "dmp_certify", *map(str, arguments)],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def stub(home: Path) -> tuple[str, dict[str, object]]:
    """What a run with the adapter of `init` says, and its report."""
    cli(home, "init", "stub", code=0)
    done = cli(home, "run", "alimentation", "--sut", "stub/sut.toml", code=exits.INCOMPLETE)
    (report,) = (home / "reports").glob("Mon-logiciel-*/report.json")
    return done.stderr, json.loads(report.read_text("utf-8"))


def test_a_product_that_does_nothing_is_shown_to_have_met_nothing(
    stub: tuple[str, dict[str, object]],
) -> None:
    report = stub[1]
    requirements = report["requirements"]
    assert isinstance(requirements, list)
    assert report["ruling"] == "INCOMPLETE"
    assert [row["id"] for row in requirements if row["verdict"] in ("MET", "NOT_MET")] == []
    silent = [row for row in requirements if row["verdict"] == "NOT_DEMONSTRATED"]
    assert len(silent) > 300 and all(row["cause"] for row in silent)


def test_the_progress_says_why_nothing_came(
    stub: tuple[str, dict[str, object]], home: Path
) -> None:
    assert "✗ existence-found: le logiciel ne sait pas le faire (test-existence)" in stub[0]
    assert "✗ existence-absent: de même" in stub[0]
    sut = home / "stub" / "sut.toml"
    text = sut.read_text("utf-8")
    (home / "stub" / "dead.toml").write_text(
        text.replace('kind = "command"', 'kind = "http"\nurl = "http://127.0.0.1:1/"', 1).replace(
            'command = ["python3", "adapter.py"]', "", 1
        ),
        "utf-8",
    )
    done = cli(
        home,
        "run",
        "alimentation",
        "--sut",
        "stub/dead.toml",
        "--only",
        "existence-found",
        lang="en",
        code=exits.INCOMPLETE,
    )
    assert "existence-found: http://127.0.0.1:1/ cannot be reached" in done.stderr
    assert "start the adapter or correct [driver] url" in done.stderr


@pytest.mark.parametrize("claim", ["TD9.1", "level3"])
def test_a_misspelt_claim_is_refused(home: Path, claim: str) -> None:
    cli(home, "init", f"claim-{claim}", code=0)
    sut = home / f"claim-{claim}" / "sut.toml"
    text = sut.read_text("utf-8")
    sut.write_text(text.replace("TD2.1" if "TD" in claim else "structured", claim, 1), "utf-8")
    done = cli(home, "run", "alimentation", "--sut", sut, code=exits.USAGE)
    assert f"'{claim}' is not known; use " in done.stderr


def every_help(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help:
            yield action.help
        if isinstance(action, argparse._SubParsersAction):
            yield from (str(each.help) for each in action._choices_actions)
            for each in action.choices.values():
                yield from every_help(each)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_explained_in_french(verb: str) -> None:
    parser = argparse.ArgumentParser()
    importlib.import_module(f"dmp_certify.cli.{VERBS[verb].module}").arguments(parser)
    assert [said for said in every_help(parser) if said not in {**HELP, **WORDS}] == []


def test_help_is_whole_in_both_languages(home: Path) -> None:
    french = cli(home, "check", "--help", code=0).stdout
    english = cli(home, "check", "--help", lang="en", code=0).stdout
    assert "usage :" in french and "Juger des fichiers hors ligne : CDA" in french
    assert "usage:" in english and "Judge files offline: CDA" in english
    assert "tourner la suite ?\n" in cli(home, "doctor", "--help").stdout


def test_the_language_may_be_asked_anywhere(home: Path) -> None:
    for words in (
        ("--lang", "en", "list", "profiles"),
        ("list", "--lang=en", "profiles"),
        ("list", "profiles", "--lang", "en"),
    ):
        assert "Feeding the DMP" in cli(home, *words, code=0).stdout
    cli(home, "pack", "list", "--lang", "en", code=0)
    cli(home, "list", "profiles", "--lang", "de", code=exits.USAGE)


def test_what_cannot_be_read_or_written_is_one_sentence(home: Path) -> None:
    document = home / "a.xml"
    document.write_text("<a/>", "utf-8")
    for words in (
        ("check", "a.xml", "--out", "nowhere/out.txt"),
        ("check", "a.xml", "--out", "/dev/full"),
        ("bulk", "a.xml", "--out", "a.xml/results.jsonl"),
        ("simulate", "--dir", "a.xml/dmp"),
        ("run", "--resume", "a.xml"),
        ("pack", "add", "a.xml"),
    ):
        done = cli(home, *words, code=exits.USAGE)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_folder_is_one_sentence(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0)
    done = cli(home, "check", "closed", code=exits.USAGE)
    assert "cannot read closed" in done.stderr


def test_several_files_are_counted_at_the_end(home: Path) -> None:
    for name in ("b.xml", "c.xml"):
        (home / name).write_text("<b/>", "utf-8")
    done = cli(home, "check", "b.xml", "c.xml", code=exits.INCOMPLETE)
    assert done.stdout.splitlines()[-1] == "2 fichiers : 2 non jugés"


def test_bulk_tells_what_keeps_a_document_from_conforming(home: Path) -> None:
    source = ROOT / "fixtures" / "_base" / "td2_1" / "cda_level1.xml"
    text = source.read_text("utf-8")
    (home / "documents").mkdir()
    (home / "documents" / "one.xml").write_text(text.replace('code="FR"', 'code="BE"'), "utf-8")
    cli(home, "bulk", "documents", "--out", "results.jsonl", code=exits.NON_CONFORMING)
    line = json.loads((home / "results.jsonl").read_text("utf-8"))
    summary = json.loads((home / "results.summary.json").read_text("utf-8"))
    grave = [name for name, each in line["rules"].items() if each["grave"]]
    assert any(name.startswith("cda_header.fixed-value") for name in grave)
    assert summary["grave"] == dict.fromkeys(grave, 1)


def test_a_name_that_is_nearly_right_is_offered(home: Path) -> None:
    done = cli(home, "explain", "vihf.unsinged", code=exits.USAGE)
    assert "did you mean vihf.unsigned" in done.stderr
    assert (
        "XDSDuplicateUniqueIdInRegistry – "
        in cli(home, "explain", "XDSDuplicateUniqueIdInRegistry", code=0).stdout
    )


def test_coverage_is_written_where_its_cases_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("profiles", "reports"):
        (tmp_path / name).symlink_to(ROOT / name)
    before = (ROOT / "profiles" / "requirements" / "COVERAGE.csv").stat().st_mtime_ns
    monkeypatch.setattr(data, "root", lambda: tmp_path)
    assert main(["coverage", "--write"]) == exits.USAGE
    assert "--write is for a checkout" in capsys.readouterr().err
    assert (ROOT / "profiles" / "requirements" / "COVERAGE.csv").stat().st_mtime_ns == before
