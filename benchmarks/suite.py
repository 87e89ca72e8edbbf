"""What the suite costs: judging one fed document, answering --help, verifying a bundle.

Each figure is a median, beside the figure of a peer measured in the same run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Measure = dict[str, Any]


def results() -> list[Measure]:
    """The measures, as `make bench` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = _demo(Path(folder))
        return [*_help(), *_judging(bundle), *_verifying(bundle)]


def _measure(name: str, value: float, unit: str, against: str | None) -> Measure:
    return {"name": name, "value": round(value, 2), "unit": unit, "against": against}


def _ms(act: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def _run(*command: str, home: str | None = None) -> None:
    environment = {**os.environ, **({"DMP_CERTIFY_HOME": home} if home else {})}
    subprocess.run(command, check=True, capture_output=True, env=environment)


def _help() -> list[Measure]:
    """`dmp-certify --help` against a Python that does nothing."""
    script = "import sys; from dmp_certify.cli import main; sys.exit(main(['--help']))"
    pairs = [
        (
            _ms(lambda: _run(sys.executable, "-c", "pass"), 1),
            _ms(lambda: _run(sys.executable, "-c", script), 1),
        )
        for _ in range(15)
    ]
    bare = statistics.median(pair[0] for pair in pairs)
    over = statistics.median(pair[1] - pair[0] for pair in pairs)
    return [
        _measure("python_bare_start", bare, "ms", None),
        _measure("help_over_bare_python", over, "ms", "python_bare_start; at most 150 ms"),
    ]


def _demo(folder: Path) -> Path:
    """A fresh signed bundle of the reference product."""
    script = "import sys; from dmp_certify.cli import main; sys.exit(main(sys.argv[1:]))"
    _run(
        sys.executable,
        "-c",
        script,
        *("run", "alimentation", "--sut", "reference", "--out", str(folder)),
        home=str(folder / "home"),
    )
    return next(folder.glob("*/*.dmpcert"))


def _judging(bundle: Path) -> list[Measure]:
    """All checks on one fed document (a whole TD2.1 with its VIHF and its lot signature)."""
    from lxml import etree

    from dmp_certify.checks import load_all
    from dmp_certify.engine.judge import judge_message
    from dmp_certify.evidence.reader import Evidence
    from dmp_certify.wire.evidence import messages
    from dmp_certify.wire.subjects import declare_readers
    from dmp_certify.wire.xds import Submission

    declare_readers()
    checks = load_all()
    evidence = Evidence.open(bundle.parent / "evidence")
    fed = next(one for one in messages(evidence) if one.kind == "http" and one.views(Submission))

    def judge() -> None:
        fresh = {name: value for name, value in vars(fed).items() if name != "_views"}
        list(judge_message(type(fed)(**fresh), checks))

    def parse() -> None:
        part = fed.views(Submission)[0]
        etree.fromstring(part.soap.multipart.sound_root().data)

    judge()
    return [
        _measure("lxml_parse_of_its_envelope", _ms(parse, 51), "ms", None),
        _measure(
            "judge_one_fed_document",
            _ms(judge, 31),
            "ms",
            "lxml_parse_of_its_envelope; at most 30 ms",
        ),
    ]


def _verifying(bundle: Path) -> list[Measure]:
    """The whole `report verify` process, replay included."""
    script = "import sys; from dmp_certify.cli import main; sys.exit(main(sys.argv[1:]))"
    home = str(bundle.parent.parent / "home")

    def verify() -> None:
        _run(sys.executable, "-c", script, "report", "verify", str(bundle), home=home)

    return [
        _measure("verify_with_replay", _ms(verify, 5) / 1000, "s", "at most 3 s"),
    ]
