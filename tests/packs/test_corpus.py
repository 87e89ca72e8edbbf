"""The verdicts recorded for the official examples and for the documents made from them.

They need the official pack (`DMP_CERTIFY_PACK`, a folder that stays outside the repository) and
the corpus (`DMP_CERTIFY_CORPUS`, or `../shared/corpus` beside the checkout).
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.packs import Assertion, CompiledPack, load

CORPUS = Path(
    os.environ.get("DMP_CERTIFY_CORPUS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
)
PACK = os.environ.get("DMP_CERTIFY_PACK", "")
KEPT = 390  # the corpus keeps the beginning of long messages

pytestmark = [
    pytest.mark.skipif(not PACK, reason="no official pack: set DMP_CERTIFY_PACK to its folder"),
    pytest.mark.skipif(
        not (CORPUS / "oracle").is_dir(),
        reason=f"no corpus at {CORPUS}: set DMP_CERTIFY_CORPUS to its folder",
    ),
]


@pytest.fixture(scope="module")
def pack() -> CompiledPack:
    return load(Path(PACK))


def ours(item: Assertion) -> tuple[str, ...]:
    text = " ".join(item.message.split())[:KEPT]
    return (item.schematron, item.role, item.pattern, item.context, item.location, text)


def theirs(item: dict[str, Any]) -> tuple[str, ...]:
    text = " ".join(item["text"].split())[:KEPT]
    return (item["sch"], item["role"], item["pattern"] or "", item["context"], item["loc"], text)


def examples() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CORPUS / "oracle" / "examples.json").read_bytes())
    return found


def test_every_example_has_the_recorded_verdict(pack: CompiledPack) -> None:
    folder = CORPUS / "ans-cda-3.0" / "ExemplesCDA"
    for name, told in examples().items():
        verdict = pack.judge((folder / name).read_bytes(), name=name)
        assert verdict.volet == told["volet"], name
        assert Counter(map(ours, verdict.failed)) == Counter(map(theirs, told["failed"])), name
        assert (verdict.xsd_errors == ()) is told["xsd_valid"], name
        assert verdict.conforming is (told["verdict"] == "pass"), name
        assert verdict.aborted == (), name


def test_every_mutant_has_the_recorded_verdict(pack: CompiledPack) -> None:
    known = examples()
    for line in (CORPUS / "oracle" / "mutants.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        data = gzip.decompress((CORPUS / "mutants" / f"{told['id']}.xml.gz").read_bytes())
        verdict = pack.judge(data, name=f"{told['id']}.xml")
        example = known.get(f"{told['example']}.xml", {"failed": []})
        before = Counter(map(theirs, example["failed"]))
        new = Counter(map(ours, verdict.failed)) - before
        assert verdict.volet == told["volet"], told["id"]
        assert new == Counter(map(theirs, told["new_fails"])), told["id"]
        assert bool(verdict.xsd_errors) is bool(told["xsd_errors"]), told["id"]
        conforms = told["total_fails"] == 0 and not told["xsd_errors"]
        assert verdict.conforming is conforms, told["id"]


def test_what_is_broken_in_the_published_pack_is_said(pack: CompiledPack) -> None:
    kinds = Counter(repair.kind for repair in pack.repairs)
    assert kinds["vocabulary"] == 1 and kinds["case"] and kinds["include"] and kinds["empty"]
    rebuilt = next(r for r in pack.repairs if r.kind == "vocabulary")
    assert "JDV_J07" in rebuilt.done.fr and "JDV_J07" in rebuilt.done.en
