"""The core pack on the official examples and on their mutants.

No finding on an official example is without its justification; a mutant that changes nothing that
matters trips nothing; faults that the official rules let pass are caught.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome
from tests.corpus import official

pytestmark = pytest.mark.skipif(
    not official.EXAMPLES, reason=f"no official examples below {official.CORPUS}"
)
# What each family of faults must trip, where the official rules let it pass.
CAUGHT = {
    "author_time_bad": {"DC-CDA-AUTHOR-STAMP"},
    "base64_corrupt": {"DC-CDA-BASE64", "EX_GEN-1060"},
    "birthTime_after_document": {"DC-CDA-BIRTH-BEFORE-DOCUMENT"},
    "birthplace_insee_bad": {"DC-CDA-BIRTH-PLACE-COG"},
    "body_duplicate_statement_id": {"DC-CDA-IDENTIFIER-SHARED"},
    "body_id_oid_bad": {"DC-CDA-ROOT-RESERVED", "DC-CDA-ROOT-FORM"},
    "body_ivl_low_after_high": {"DC-CDA-INTERVAL"},
    "body_time_impossible": {"DC-CDA-TIME-REAL"},
    "del_legalAuth_part": {"DC-CDA-PROFESSIONAL-PERSON"},
    "doc_code_codeSystem_wrong": {"DC-CDA-JDV-CODE"},
    "doc_code_displayName_wrong": {"DC-CDA-DISPLAY-UNRELATED"},
    "effectiveTime_date_only": {"DC-CDA-EFFECTIVE-TIME-SECOND"},
    "effectiveTime_far_future": {"DC-CDA-EFFECTIVE-TIME-PAST"},
    "effectiveTime_no_timezone": {"DC-CDA-EFFECTIVE-TIME-SECOND"},
    "id_oid_bad_arc": {"EX_2.1-1130"},
    "id_oid_too_long": {"EX_2.1-1130"},
    "ins_id_missing": {"DC-CDA-INS"},
    "ins_nir_bad_key": {"DC-CDA-INS-KEY"},
    "ins_nir_bad_length": {"DC-CDA-INS-KEY"},
    "ins_root_wrong": {"DC-CDA-INS"},
    "ins_sex_vs_gender": {"DC-CDA-INS-SEX"},
    "entry_value_code_wrong": {"DC-CDA-LOINC-CODE"},
    "languageCode_wrong": {"DC-CDA-LANGUAGE-FR"},
    "mime_wrong": {
        "DC-CDA-CONTENT-TYPE",
        "DC-CDA-MEDIA-TYPE-FORM",
        "DC-CDA-MEDIA-TYPE-NARRATIVE",
    },
    "name_empty": {"DC-CDA-EMPTY-ELEMENT"},
    "ps_id_bad": {"DC-CDA-NATIONAL-REGISTER"},
    "reference_dangling": {"DC-CDA-REFERENCE"},
    "reference_empty": {"DC-CDA-REFERENCE"},
    "representation_wrong": {"DC-CDA-BODY-B64"},
    "section_code_wrong": {"DC-CDA-LOINC-CODE"},
    "section_text_empty": {"DC-CDA-SECTION-TEXT", "DC-CDA-SECTION-EMPTY"},
    "serviceEvent_low_after_high": {"DC-CDA-INTERVAL"},
    "versionNumber_bad": {"DC-CDA-VERSION-POSITIVE"},
}


@cache
def mutants() -> tuple[dict[str, Any], ...]:
    file = official.CORPUS / "oracle" / "mutants.jsonl"
    if not file.is_file():
        return ()
    return tuple(json.loads(line) for line in file.read_text("utf-8").splitlines())


def signature_of(findings: list[Finding]) -> Counter[tuple[str, str]]:
    return Counter((one.requirement_ids[0], one.observed.en) for one in findings)


@cache
def before(example: str) -> Counter[tuple[str, str]]:
    file = official.CORPUS / "ans-cda-3.0" / "ExemplesCDA" / f"{example}.xml"
    return signature_of(official.judge(file.read_bytes(), file.name))


def after(mutant: dict[str, Any]) -> list[Finding]:
    file = official.CORPUS / "mutants" / f"{mutant['id']}.xml.gz"
    return official.judge(gzip.decompress(file.read_bytes()), file.name)


def test_every_finding_on_an_official_example_is_justified() -> None:
    found = official.on_examples()
    strange = [one for hits in found.values() for one in hits if one.outcome is not Outcome.FAIL]
    assert not strange, strange
    assert set(found) <= set(official.REASONS), set(found) - set(official.REASONS)
    assert official.PAGE.read_text("utf-8") == official.page(found), (
        "the page is stale: run python -m tests.corpus.official"
    )


def test_a_reason_without_a_finding_is_removed() -> None:
    assert set(official.REASONS) <= set(official.on_examples())


@pytest.mark.parametrize("example", sorted({one["example"] for one in mutants()}))
def test_a_benign_change_trips_nothing(example: str) -> None:
    benign = [
        one
        for one in mutants()
        if one["example"] == example and one["kind"] == "benign" and one["official"] == "pass"
    ]
    for mutant in benign:
        new = signature_of(after(mutant)) - before(example)
        assert not new, (mutant["id"], mutant["detail"], new)


@pytest.mark.parametrize("family", sorted(CAUGHT))
def test_a_fault_the_official_rules_let_pass_is_caught(family: str) -> None:
    missed = []
    let_pass = [
        one
        for one in mutants()
        if (one["op"], one["kind"], one["official"]) == (family, "fault", "pass")
    ]
    for mutant in let_pass:
        new = signature_of(after(mutant)) - before(mutant["example"])
        if not {row for row, _ in new} & CAUGHT[family]:
            missed.append((mutant["id"], sorted(new)))
    assert let_pass and not missed, missed
