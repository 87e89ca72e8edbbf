"""Rules made at random, judged by our engine and by Saxon on documents made at random.

A failing test prints the rule and the document; `expressions.Maker(seed)` makes them again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.packs.build import compile_pack
from dmp_certify.packs.schematron.errors import PackRefused
from tests.support.expressions import Maker, document, schema
from tests.support.plain_reference import PlainReference
from tools.oracle import Bench

pytest.importorskip("saxonche", reason="Saxon is not installed: pip install dmp-certify[saxon]")

RULES = 40
DOCUMENTS = [document(seed, 1 + seed % 3) for seed in range(9)]


def accepted(folder: Path, rule: str) -> bool:
    """Whether the rule is within the language; what is not is refused, never skipped."""
    folder.mkdir()
    (folder / "rules.sch").write_text(schema(rule), encoding="utf-8")
    try:
        compile_pack(folder)
    except PackRefused:
        return False
    return True


@pytest.mark.parametrize("seed", range(12))
def test_rules_made_at_random(tmp_path: Path, seed: int) -> None:
    maker = Maker(seed)
    rules = [maker.rule() for _ in range(RULES)]
    kept = {f"r{at}": rule for at, rule in enumerate(rules) if accepted(tmp_path / f"{at}", rule)}
    assert len(kept) > RULES * 0.8
    pack = tmp_path / "pack"
    pack.mkdir()
    for name, rule in kept.items():
        (pack / f"{name}.sch").write_text(schema(rule), encoding="utf-8")
    bench = Bench(pack, PlainReference(pack))
    for number, data in enumerate(DOCUMENTS):
        for said in bench.differences(f"{number}.xml", data):
            raise AssertionError(f"{said}\n{kept[said.split()[0]]}\n{data.decode()}")
    assert bench.firings > RULES and bench.lines > RULES
