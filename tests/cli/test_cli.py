"""The command line: help at once, exit codes, one sentence for what is wrong, nothing asked."""

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

from dmp_certify.cli import exits
from dmp_certify.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
HELP_BUDGET_SECONDS = 0.150


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def command(home: Path, *arguments: str | Path) -> tuple[list[str], dict[str, str]]:
    environment = {
        **os.environ,
        "DMP_CERTIFY_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
    }
    return [sys.executable, "-m", "dmp_certify", *map(str, arguments)], environment


def cli(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    words, environment = command(home, *arguments)
    return subprocess.run(
        words,
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


@pytest.fixture(scope="module")
def delivered(home: Path) -> dict[str, Path]:
    """The files of one run of the whole profile."""
    done = cli(home, "run", "alimentation", "--sut", "reference", "--json", "--seed", "3")
    (told,) = json.loads(done.stdout)
    assert done.returncode == exits.of_rulings([told["ruling"]]), done.stderr
    return {name: home / path for name, path in told["files"].items()}


def fastest(words: list[str], environment: dict[str, str]) -> float:
    times = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return min(times)


def test_help_answers_within_the_budget(home: Path) -> None:
    words, environment = command(home, "--help")
    bare = fastest([sys.executable, "-c", "pass"], environment)
    assert fastest(words, environment) - bare < HELP_BUDGET_SECONDS


def test_help_names_every_verb_and_each_verb_has_its_own(home: Path) -> None:
    told = cli(home, "--help")
    assert told.returncode == 0 and all(f"  {name}" in told.stdout for name in VERBS)
    for name in VERBS:
        own = cli(home, name, "--help")
        assert own.returncode == 0 and f"dmp-certify {name}" in own.stdout, own.stderr


def test_french_comes_first_and_english_on_demand(home: Path) -> None:
    assert "jouer un profil" in cli(home, "--help").stdout
    assert "play a profile" in cli(home, "--help", "--lang", "en").stdout


def test_plain_output_holds_no_colour(home: Path, delivered: dict[str, Path]) -> None:
    told = cli(home, "run", "alimentation", "--sut", "reference", "--only", "existence-found")
    assert "\x1b" not in told.stdout + told.stderr
    assert told.returncode == exits.INCOMPLETE and "INCOMPLETE" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fly"], "verbe inconnu : fly"),
        (["run"], "name a profile and the product"),
        (["run", "alimentation", "--sut", "nowhere.toml"], "dmp-certify init"),
        (["run", "nothing", "--sut", "reference"], "unknown profile 'nothing'"),
        (["run", "alimentation", "--sut", "reference", "--listen", "x"], "is not HOST:PORT"),
        (["run", "alimentation", "--sut", "reference", "--only", "x"], "no scenario 'x'"),
        (["run", "--resume", "nowhere"], "holds no run"),
        (["run", "alimentation", "--sut", "reference", "--key", "no.p12"], "cannot read no.p12"),
        (["report", "verify", "nowhere.dmpcert"], "does not exist"),
        (["explain", "nothing"], "nothing is called 'nothing'"),
        (["list", "nothing"], "choix inconnu"),
        (["self-test", "--sin", "nothing"], "no sin is called nothing"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_code_2(
    home: Path, arguments: list[str], said: str
) -> None:
    done = cli(home, *arguments)
    assert done.returncode == exits.USAGE
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_human_is_not_asked_off_a_terminal(home: Path) -> None:
    cli(home, "init", "human")
    sut = home / "human" / "sut.toml"
    sut.write_text(sut.read_text("utf-8").replace('kind = "command"', 'kind = "human"', 1), "utf-8")
    done = cli(home, "run", "alimentation", "--sut", sut)
    assert done.returncode == exits.USAGE and "needs a terminal" in done.stderr


def test_init_writes_a_product_that_runs_and_keeps_what_is_there(home: Path) -> None:
    assert cli(home, "init", "fresh").returncode == 0
    done = cli(
        home,
        "run",
        "alimentation",
        "--sut",
        "fresh/sut.toml",
        "--only",
        "existence-found",
        "--json",
    )
    assert done.returncode == exits.INCOMPLETE, done.stderr
    again = cli(home, "init", "fresh")
    assert again.returncode == exits.USAGE and "exists and is kept" in again.stderr


def test_a_run_leaves_every_form_of_the_report(delivered: dict[str, Path]) -> None:
    names = ["report.html", "report.pdf", "report.json", "junit.xml", "dmpcert"]
    assert list(delivered) == names
    assert all(path.stat().st_size > 500 for path in delivered.values())
    assert delivered["dmpcert"].name == f"{delivered['dmpcert'].parent.name}.dmpcert"


def test_its_bundle_verifies_by_replay(home: Path, delivered: dict[str, Path]) -> None:
    done = cli(home, "report", "verify", delivered["dmpcert"], "--json")
    (told,) = json.loads(done.stdout)
    assert done.returncode == 0 and told["verified"] is True and told["findings"] > 100


def test_a_changed_byte_is_refused_with_code_5(home: Path, delivered: dict[str, Path]) -> None:
    data = bytearray(delivered["dmpcert"].read_bytes())
    data[len(data) // 2] ^= 1
    (home / "changed.dmpcert").write_bytes(data)
    done = cli(home, "report", "verify", "changed.dmpcert")
    assert done.returncode == exits.VERIFICATION_FAILED and "REFUSÉ" in done.stderr


def test_a_stranger_is_not_trusted(home: Path, delivered: dict[str, Path], tmp_path: Path) -> None:
    done = cli(tmp_path, "report", "verify", delivered["dmpcert"])
    assert done.returncode == exits.VERIFICATION_FAILED and "nobody is trusted" in done.stderr
    trust = home / "identity.cert.pem"
    done = cli(tmp_path, "report", "verify", delivered["dmpcert"], "--trust", trust)
    assert done.returncode == 0, done.stderr


def test_the_report_is_rendered_again_from_the_bundle(
    home: Path, delivered: dict[str, Path]
) -> None:
    for name, kind in (("report.html", "html"), ("report.json", "json"), ("junit.xml", "junit")):
        out = home / f"again.{kind}"
        done = cli(home, "report", "render", delivered["dmpcert"], "--format", kind, "--out", out)
        assert done.returncode == 0, done.stderr
        assert out.read_bytes() == delivered[name].read_bytes()


def test_an_authority_adds_its_decision_and_it_is_verified(
    home: Path, delivered: dict[str, Path], tmp_path: Path
) -> None:
    bundle = tmp_path / "signed.dmpcert"
    bundle.write_bytes(delivered["dmpcert"].read_bytes())
    authority = tmp_path / "authority"
    authority.mkdir()
    assert cli(authority, "keys", "new", "--name", "GCS").returncode == 0
    own, theirs = home / "identity.cert.pem", authority / "identity.cert.pem"
    key = ("--key", authority / "identity.key.pem", "--certificate", theirs)
    words = ("--decision", "accepted", "--by", "Ada, GCS", "--trust", own, theirs)
    done = cli(authority, "report", "countersign", bundle, *words, *key)
    assert done.returncode == 0, done.stderr
    told = cli(authority, "report", "verify", bundle, "--trust", own, theirs)
    assert told.returncode == 0 and "accepted – Ada, GCS" in told.stdout
    told = cli(authority, "report", "verify", bundle, "--trust", own)
    assert told.returncode == exits.VERIFICATION_FAILED


def test_two_reports_are_compared(home: Path, delivered: dict[str, Path]) -> None:
    same = cli(home, "report", "diff", delivered["dmpcert"], delivered["dmpcert"])
    assert same.returncode == 0 and "Aucune différence" in same.stdout
    sin = ("--sin", "hl7v3-reason", "--only", "existence-found", "--json")
    done = cli(home, "run", "alimentation", "--sut", "reference", *sin)
    assert done.returncode == exits.NON_CONFORMING, done.stderr
    other = home / json.loads(done.stdout)[0]["files"]["dmpcert"]
    differs = cli(home, "report", "diff", delivered["dmpcert"], other, "--json")
    appeared = {each["check"] for each in json.loads(differs.stdout)["appeared"]}
    assert differs.returncode == 1 and appeared == {"hl7v3.reason-unknown"}


def test_several_profiles_are_played_in_turn(home: Path) -> None:
    twice = ("run", "alimentation", "alimentation", "--sut", "reference")
    done = cli(home, *twice, "--only", "existence-found", "--json")
    told = json.loads(done.stdout)
    assert len(told) == 2 and told[0]["files"]["dmpcert"] != told[1]["files"]["dmpcert"]


def test_a_killed_run_loses_no_answered_exchange_and_is_resumed(home: Path) -> None:
    words, environment = command(
        home, "run", "alimentation", "--sut", "reference", "--out", "killed", "--seed", "9"
    )
    process = subprocess.Popen(
        words,
        env=environment,
        cwd=home,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "feed-pdf" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    (folder,) = (home / "killed").iterdir()
    before = (folder / "evidence" / "ledger.jsonl").read_bytes()
    whole = before[: before.rfind(b"\n") + 1]
    done = cli(home, "run", "--resume", folder, "--json")
    (told,) = json.loads(done.stdout)
    assert done.returncode == exits.of_rulings([told["ruling"]]), done.stderr
    after = (folder / "evidence" / "ledger.jsonl").read_bytes()
    assert after.startswith(whole) and b'"kind":"run-ended"' in after
    assert whole.count(b'"kind":"exchange"') >= 5
    verified = cli(home, "report", "verify", told["files"]["dmpcert"])
    assert verified.returncode == 0, verified.stderr


def test_the_bundle_holds_what_it_must(delivered: dict[str, Path]) -> None:
    with zipfile.ZipFile(delivered["dmpcert"]) as bundle:
        names = bundle.namelist()
    assert {"manifest.json", "report.json", "statement.dsse.json", "sut.toml"} <= set(names)
    assert "evidence/ledger.jsonl" in names


def test_lists_and_explanations(home: Path) -> None:
    for what in ("profiles", "requirements", "checks", "scenarios", "sins"):
        rows = json.loads(cli(home, "list", what, "--json").stdout)
        assert rows and all(row["id"] and row["title"]["fr"] for row in rows)
        told = cli(home, "explain", rows[0]["id"])
        assert told.returncode == 0 and rows[0]["id"] in told.stdout


def test_error_codes_of_the_dmp_are_explained(home: Path) -> None:
    told = cli(home, "explain", "XDSUnknownPatientId", "DMPInvalidCertificate", "--lang", "en")
    assert told.returncode == 0
    assert "no active DMP" in told.stdout and "signature certificate" in told.stdout


def test_keys_are_made_once_and_never_shown(tmp_path: Path) -> None:
    assert cli(tmp_path, "keys", "show").returncode == exits.USAGE
    assert cli(tmp_path, "keys", "new", "--name", "Essai").returncode == 0
    again = cli(tmp_path, "keys", "new")
    assert again.returncode == exits.USAGE and "Traceback" not in again.stderr
    shown = cli(tmp_path, "keys", "show", "--json")
    assert "Essai" in json.loads(shown.stdout)["subject"] and "PRIVATE" not in shown.stdout


def test_the_doctor_finds_this_computer_fit(home: Path) -> None:
    done = cli(home, "doctor", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["fit"] is True and len(told["probes"]) >= 5


def test_gravest_ruling_decides_the_code() -> None:
    assert exits.of_rulings(["CONFORMING"]) == 0
    assert exits.of_rulings(["CONFORMING", "INCOMPLETE"]) == 3
    assert exits.of_rulings(["INCOMPLETE", "NON_CONFORMING"]) == 1
    assert exits.of_rulings(["NON_CONFORMING", "VOID"]) == 4
    assert exits.of_rulings([]) == 3
