"""Our engine against Saxon, on documents edited at random: the same failures, rules and aborts.

The packs are our own (`small/`) and so is the translation to a stylesheet, so that no official
content is needed; `tools/oracle.py` does the same with an official pack. A difference names the
document that shows it: `fuzzed` makes it again from the same seed and edits.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.plain_reference import PlainReference
from tools.oracle import Bench, documents, fuzzed

pytest.importorskip("saxonche", reason="Saxon is not installed: pip install dmp-certify[saxon]")

SMALL = Path(__file__).with_name("small")
BASES = Path(__file__).resolve().parents[2] / "fixtures" / "_base"
OURS = list(documents([SMALL / "documents"]))
CDA = [
    (file.name, file.read_bytes())
    for file in (
        BASES / "cda_structured" / "cda_structured.xml",
        BASES / "td2_1" / "cda_level1.xml",
        BASES / "cda_self_presentable" / "cda_self_presentable.xml",
    )
]


@pytest.fixture(scope="module", params=["plain", "errors", "language"])
def bench(request: pytest.FixtureRequest) -> Bench:
    folder = SMALL / request.param
    return Bench(folder, PlainReference(folder))


def differences(bench: Bench, judged: list[tuple[str, bytes]]) -> list[str]:
    return [f"{name}: {said}" for name, data in judged for said in bench.differences(name, data)]


def test_the_documents_as_they_are(bench: Bench) -> None:
    assert differences(bench, [*OURS, *CDA]) == []


@pytest.mark.parametrize("edits", [2, 12, 60])
def test_documents_with_many_edits(bench: Bench, edits: int) -> None:
    few = bench.pack.name == "language"  # it says the value of every expression: a lot
    made = [
        *fuzzed(OURS, 16 if few else 80, edits, 1),
        *fuzzed(CDA, 3 if few else 20, edits, 2),
    ]
    assert differences(bench, made) == []
    # The comparison met what it is for, and where Saxon stops at errors it did.
    assert bench.firings > 300 and bench.lines > 300
    assert bench.aborts > 100 or bench.pack.name != "errors"
