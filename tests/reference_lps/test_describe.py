"""The product's own reading of a CDA document, on the official examples and on broken files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dmp_certify.reference_lps import describe
from dmp_certify.reference_lps.desk import Desk
from dmp_certify.reference_lps.moments import cda_time, dtm, dtm_of_cda
from tests.reference_lps.harness import CORPUS, NS, PATIENT, LoopbackDmp, document, slots

EXAMPLES = sorted((CORPUS / "ans-cda-3.0" / "ExemplesCDA").glob("*.xml"))


@pytest.mark.parametrize(
    ("cda", "xds"),
    [
        ("20261123184512+0100", "20261123174512"),
        ("20260101003000+0200", "20251231223000"),
        ("202611231845+0100", "202611231745"),
        ("20261123", "20261123"),
        ("20261123184512", "20261123184512"),
        ("", ""),
        ("20269999999999+0100", "20269999999999"),
    ],
)
def test_times_become_utc(cda: str, xds: str) -> None:
    assert dtm_of_cda(cda) == xds


@pytest.mark.parametrize(
    ("utc", "offset"),
    [
        ("2026-03-29T00:59", "+0100"),
        ("2026-03-29T01:00", "+0200"),
        ("2026-10-25T00:59", "+0200"),
        ("2026-10-25T01:00", "+0100"),
    ],
)
def test_legal_time_changes_on_the_last_sundays(utc: str, offset: str) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert cda_time(moment)[14:] == offset
    assert dtm_of_cda(cda_time(moment)) == dtm(moment)


@pytest.mark.parametrize("data", [b"", b"<a", b"<a/>", b"%PDF-1.4", b"\xff\xfe\x00"])
def test_what_is_no_cda_is_said(data: bytes) -> None:
    with pytest.raises(describe.NotCda):
        describe.entry(data, "Document01")


@pytest.mark.skipif(not EXAMPLES, reason=f"no corpus in {CORPUS}")
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_every_official_example_is_described(file: Path) -> None:
    data = file.read_bytes()
    entry = describe.entry(data, "Document01")
    assert re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", entry.unique_id)
    assert re.fullmatch(r"\d{14}", entry.created)
    assert re.fullmatch(r"\d{8}(\d{2}){0,3}", entry.service_start)
    assert entry.title
    assert entry.language == "fr-FR"
    assert entry.authors
    assert all(author.person.count("^") == 12 for author in entry.authors)
    assert entry.legal_authenticator.count("^") == 12
    assert entry.type.code
    assert entry.format.code
    assert entry.source_patient_info[0].startswith("PID-5|")
    self_presentable = b"xsl:stylesheet" in data[:100_000] and b"<xsl:template" in data
    assert (entry.mime == "application/xslt+xml") == self_presentable


@pytest.mark.skipif(not EXAMPLES, reason=f"no corpus in {CORPUS}")
@pytest.mark.parametrize(
    "name",
    ["BIO-CR-BIO_2021.01_Auto-Presentable", "DOC_NON_STRUCTURE_CDA-R2-N1", "VAC-NOTE_2023.01"],
)
def test_an_official_example_is_sent_byte_for_byte(dmp: LoopbackDmp, desk: Desk, name: str) -> None:
    file = CORPUS / "ans-cda-3.0" / "ExemplesCDA" / f"{name}.xml"
    ins, _ = describe.patient_ids(describe.clinical_document(file.read_bytes()))
    patient = {**PATIENT, "ins": ins.split("^")[0], "ins_oid": ins.split("&")[1]}
    order = dmp.order("feed", patient=patient, documents=[document("ready-made", path=str(file))])
    told = desk.carry_out(order)
    assert told["outcome"] == "done", told
    (got,) = dmp.received
    assert got.document("Document01") == file.read_bytes()
    entry = got.soap.find(".//rim:ExtrinsicObject[@id='Document01']", NS)
    assert entry is not None
    assert slots(entry)["size"] == [str(file.stat().st_size)]
