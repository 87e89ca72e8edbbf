"""The CDA view: places to the line, times, attachments, references, and hostile documents."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from dmp_certify.checks import load_all
from dmp_certify.checks._core import core_checks
from dmp_certify.engine.judge import judge_message
from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome
from dmp_certify.wire.cda import Cda, read_cda
from dmp_certify.wire.cda_delivery import Delivery
from dmp_certify.wire.cda_presentation import leaves_document
from dmp_certify.wire.cda_time import point_in_time, well_formed
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.pdf import archival_claim, is_pdf
from dmp_certify.wire.xml import Element
from tests.support import bases
from tests.support.wounds import build

LEVEL1 = (bases.BASES / "td2_1" / "cda_level1.xml").read_bytes()
STRUCTURED = (bases.BASES / "cda_structured" / "cda_structured.xml").read_bytes()
SHOWS_ITSELF = (bases.BASES / "cda_self_presentable" / "cda_self_presentable.xml").read_bytes()
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def judge(data: bytes) -> list[Finding]:
    wanted = set(core_checks())
    checks = [one for one in load_all() if one.id in wanted]
    return list(judge_message(Message("file.xml", "cda", data, NOW), checks))


def test_header_and_places() -> None:
    cda = read_cda(LEVEL1, "file.xml")
    lines = LEVEL1.decode().splitlines()
    assert cda.id is not None and cda.id.root == "1.2.250.1.999.1.1.1.20261120.1"
    assert cda.id.at("root").path == "/hl7:ClinicalDocument/hl7:id/@root"
    assert cda.id.line is not None and "<id root=" in lines[cda.id.line - 1]
    assert cda.ins_id is not None and cda.ins_id.extension == "279035121518989"
    assert cda.ins_id.place.path.endswith("/hl7:patientRole/hl7:id[1]")
    assert [one.extension for one in cda.local_ids] == ["IPP-000421"]
    assert cda.authors[0].family == "MARTIN" and cda.authors[0].given == "Camille"
    assert cda.practice_setting is not None and cda.practice_setting.code == "ETABLISSEMENT"
    assert cda.facility is not None and cda.facility.code == "SA01"
    low = cda.main_event.low if cda.main_event else None
    assert low is not None and low.time is not None
    assert low.time.utc == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert cda.replaces is None and not cda.structured
    patient = cda.patient
    assert patient is not None
    assert [one.text for one in patient.families("BR")] == ["DURAND"]
    assert [one.text for one in patient.givens("")] == ["Louise Marie"]


@pytest.mark.parametrize("breaks", [60_000, 70_000])
def test_lines_far_down_are_exact(breaks: int) -> None:
    """libxml2 keeps no line of its own beyond 65535."""
    start = STRUCTURED.index(b"<confidentialityCode")
    near = list(read_cda(STRUCTURED, "f").every("*"))
    far = read_cda(STRUCTURED[:start] + b"\n" * breaks + STRUCTURED[start:], "f").every("*")
    first = STRUCTURED[:start].count(b"\n") + 1
    for before, after in zip(near, far, strict=True):
        assert before.line is not None
        moved = before.line >= first
        assert after.line == before.line + breaks * moved, before.place


def test_self_presentable() -> None:
    cda = read_cda(SHOWS_ITSELF, "file.xml")
    assert cda.presentation.self_presentable
    assert [one.value for one in cda.presentation.sheets] == ["#"]
    assert cda.place.path == "/xsl:stylesheet/*:Contenu/hl7:ClinicalDocument"
    assert list(cda.presentation.active()) == []


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("#x", False),
        ("", False),
        ("data:image/png;base64,AA", False),
        ("{$image}", False),
        ("mailto:a@b.fr", False),
        ("url('data:image/png;base64,AA')", False),
        ("url(https://a.fr/x.png)", True),
        ("https://a.fr/x", True),
        ("//a.fr/x", True),
        ("style.css", True),
        ("file:///etc/passwd", True),
    ],
)
def test_what_leaves_the_document(address: str, outside: bool) -> None:
    assert leaves_document(address) is outside


@pytest.mark.parametrize(
    ("text", "precision", "hours"),
    [
        ("2026", "year", None),
        ("202611", "month", None),
        ("20261120", "day", None),
        ("2026112010", "hour", None),
        ("202611201015+0100", "minute", 1),
        ("20261120101500-0930", "second", -9.5),
        ("20261120101500.123+01", "second", 1),
        ("99991231", "day", None),
        ("20261120235960+0000", "second", 0),
    ],
)
def test_points_in_time(text: str, precision: str, hours: float | None) -> None:
    found = point_in_time(text)
    assert found is not None and found.precision == precision
    assert found.offset == (None if hours is None else timedelta(hours=hours))
    assert found.earliest < found.latest


@pytest.mark.parametrize(
    ("text", "formed"),
    [
        ("20231301", True),
        ("20230229", True),
        ("20261120250000", True),
        ("20261120101500+2500", True),
        ("00000101", True),
        ("2026-11-20", False),
        ("202", False),
        ("", False),
        ("20261120101500Z", False),
        ("２０２６", False),
    ],
)
def test_what_is_no_point_in_time(text: str, formed: bool) -> None:
    assert point_in_time(text) is None
    assert well_formed(text) is formed


def test_a_time_without_offset_may_be_anywhere_on_earth() -> None:
    found = point_in_time("20261120101500")
    assert found is not None and found.utc is None
    assert found.earliest == datetime(2026, 11, 19, 20, 15, tzinfo=UTC)
    assert found.latest == datetime(2026, 11, 20, 22, 15, 1, tzinfo=UTC)


def test_times_of_intervals_and_quantities_are_told_apart() -> None:
    quantity = b'<value xsi:type="IVL_PQ"><low value="1.5" unit="mg"/></value>'
    data = STRUCTURED.replace(b'<statusCode code="completed"/>', quantity)
    assert quantity in data
    names = {(one.parent.name, one.name) for one in read_cda(data, "f").times if one.parent}
    assert ("effectiveTime", "low") in names and ("value", "low") not in names


def test_attachments() -> None:
    (copy,) = read_cda(STRUCTURED, "f").attachments
    assert copy.media_type == "application/pdf" and copy.encoded
    assert copy.data is not None and is_pdf(copy.data)
    assert archival_claim(copy.data) == ("1", "B", True)
    body = read_cda(LEVEL1.replace(b'representation="B64"', b""), "f").body
    assert body is not None and not body.encoded


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("QUJD", b"ABC"),
        ("\n  QUJD\t\n", b"ABC"),
        ("QU\n JD", b"ABC"),
        ("QUI=", b"AB"),
        ("QU I\n=", b"AB"),
        ("", b""),
        ("QUJ", None),
        ("=QUJ", None),
        ("QUJD\u00a0", None),
        ("QU\u2003JD", None),
        ("QU*JD", None),
    ],
)
def test_base64_may_hold_the_white_space_of_xml_and_no_other(text: str, data: bytes | None) -> None:
    start, end = LEVEL1.index(b">", LEVEL1.index(b"<text ")) + 1, LEVEL1.index(b"</text>")
    body = read_cda(LEVEL1[:start] + text.encode() + LEVEL1[end:], "f").body
    assert body is not None and body.data == data
    assert body.node.blank is (not text.strip())


def test_the_steps_of_a_path_are_numbered_among_elements_of_their_name() -> None:
    data = (
        b'<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:o="urn:a/b"><!-- c --><id/><o:id/><x/>'
        b'<id><bare xmlns=""><o:y/><?p?><o:y/></bare></id></ClinicalDocument>'
    )
    root = read_cda(data, "f").node.element
    assert [Element(one, "f").place.path for one in root.node.iter("*")] == [
        "/hl7:ClinicalDocument",
        "/hl7:ClinicalDocument/hl7:id[1]",
        "/hl7:ClinicalDocument/*:id",
        "/hl7:ClinicalDocument/hl7:x",
        "/hl7:ClinicalDocument/hl7:id[2]",
        "/hl7:ClinicalDocument/hl7:id[2]/bare",
        "/hl7:ClinicalDocument/hl7:id[2]/bare/*:y[1]",
        "/hl7:ClinicalDocument/hl7:id[2]/bare/*:y[2]",
    ]


@pytest.mark.parametrize(
    ("later", "earlier", "surely"),
    [
        ("20260104", "20260101", True),
        ("20260101", "20260101", False),
        ("202601010000+0100", "202601010000+0100", False),
        ("202601010001+0100", "202601010000+0100", True),
        ("202601010000-0100", "202601010000+0100", True),
        ("202601010000+0100", "202601010000-0100", False),
        ("20260102", "20260101000000+0100", True),
        ("20260101", "20260101000000+0100", False),
        ("2028", "2026", True),
        ("99991231235959-1200", "99991231235959-1200", False),
    ],
)
def test_one_time_is_surely_after_another(later: str, earlier: str, surely: bool) -> None:
    one, other = point_in_time(later), point_in_time(earlier)
    assert one is not None and other is not None and one.surely_after(other) is surely


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>%s</rdf:RDF></x:xmpmeta>'


@pytest.mark.parametrize(
    ("inner", "part"),
    [
        (b'<rdf:Description pdfaid:part="1" pdfaid:conformance="B"/>', "1"),
        (b"<pdfaid:part>1</pdfaid:part>", "1"),
        (b"<pdfaid:part> 2 </pdfaid:part>", "2"),
        (b"<rdf:Description pdfaid:part = '3'/>", "3"),
        (b"<dc:title>pdfaid</dc:title>", ""),
    ],
)
def test_the_pdf_claim_is_read_however_it_is_written(inner: bytes, part: str) -> None:
    packet = XMP % inner
    assert archival_claim(b"%PDF-1.4\n" + packet).part == part
    wide = b"%PDF-1.4\n<< /Type /Metadata >>\nstream\n" + packet.decode().encode("utf-16-be")
    assert archival_claim(wide + b"\nendstream").part == part


def test_a_compressed_metadata_stream_is_read() -> None:
    import zlib

    packed = zlib.compress(XMP % b"<pdfaid:part>1</pdfaid:part>")
    data = b"%PDF-1.4\n<< /Type /Metadata /Filter /FlateDecode >>\nstream\r\n" + packed
    assert archival_claim(data + b"\nendstream").part == "1"


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-", b"%PDF-1.4\n" + b"/Type /Metadata stream\n" * 2000, bytes(range(256)) * 40],
    ids=["empty", "header", "many", "binary"],
)
def test_hostile_pdfs_claim_nothing(data: bytes) -> None:
    assert archival_claim(data).part == ""


BOMB = (
    b'<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&j;</title></ClinicalDocument>'
)
EXTERNAL = (
    b'<!DOCTYPE c [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&e;</title></ClinicalDocument>'
)
HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 64,
    "truncated": LEVEL1[: len(LEVEL1) // 2],
    "bomb": BOMB,
    "external entity": EXTERNAL,
    "bare": b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>',
    "no namespace": b"<ClinicalDocument/>",
    "style sheet alone": b'<s:stylesheet xmlns:s="http://www.w3.org/1999/XSL/Transform"/>',
    "deep": b"<a>" * 5000 + b"</a>" * 5000,
    "deep document": LEVEL1.replace(b"<title>", b"<x>" * 3000 + b"</x>" * 3000 + b"<title>"),
    "utf-16": LEVEL1.decode().replace('encoding="UTF-8"', "").encode("utf-16"),
    "latin 1 said to be utf-8": LEVEL1.decode().encode("latin-1"),
    "null byte": LEVEL1.replace(b"DURAND", b"DU\x00RAND"),
    "repeated header": LEVEL1.replace(
        b"<realmCode", b'<realmCode code="FR"/>' * 2000 + b"<realmCode"
    ),
    "odd values": LEVEL1.replace(b'value="19790312"', b'value="' + b"9" * 5000 + b'"'),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_document_is_a_finding_and_never_a_crash(data: bytes) -> None:
    found = judge(data)
    assert not [one for one in found if one.outcome is Outcome.CRASHED], found
    assert [one for one in found if one.outcome in (Outcome.FAIL, Outcome.BLOCKED)]


def test_entities_are_never_expanded() -> None:
    for data in (BOMB, EXTERNAL):
        try:
            cda = read_cda(data, "f")
        except Unreadable:
            continue
        assert cda.title is not None and "root:" not in cda.title.text
        assert len(cda.title.text) < 100


def test_a_large_attachment_is_read() -> None:
    text = base64.b64encode(b"%PDF-1.4\n" + b"x" * 12_000_000)
    start, end = LEVEL1.index(b"JVBERi"), LEVEL1.index(b"</text>")
    cda = read_cda(LEVEL1[:start] + text + LEVEL1[end:], "f")
    assert cda.body is not None and cda.body.data is not None
    assert len(cda.body.data) == 12_000_009


def test_the_documents_of_a_submission() -> None:
    message = bases.message(build("td2_1_lot2", []))
    found = message.views(Cda)
    assert [one.id.root[-1] for one in found if one.id] == ["1", "5"]
    assert [one.place.artifact for one in found] == [
        "exchange/0001/request/part/2",
        "exchange/0001/request/part/3",
    ]
    assert all(one.received_at == message.received_at for one in found)


def test_one_unreadable_document_keeps_the_lot_from_passing() -> None:
    base = build("td2_1_lot2", [])
    base.part("document2").data = b"<html/>"
    message = bases.message(base)
    assert [one.problem is None for one in message.views(Delivery)] == [True, False]
    with pytest.raises(Unreadable):
        message.views(Cda)


def test_a_dicom_object_is_no_clinical_document() -> None:
    base = build("td2_1_lot2", [])
    base.part("document2").data = b"\x00" * 128 + b"DICM" + b"\x02\x00"
    assert len(bases.message(base).views(Delivery)) == 1


def test_a_view_at_rest_answers_as_before() -> None:
    message = Message("file.xml", "cda", STRUCTURED, NOW)
    wanted = set(core_checks())
    checks = [one for one in load_all() if one.id in wanted]
    before = list(judge_message(message, checks))
    (cda,) = message.views(Cda)
    message.rest()
    assert set(vars(cda)) == {"node", "presentation", "received_at"}
    assert list(judge_message(message, checks)) == before


BODY_BEFORE_HEADER = STRUCTURED.replace(b"</ClinicalDocument>", b"").replace(
    b"<realmCode",
    b"<component><section><id root='1.2.9'/><name/></section></component><realmCode",
    1,
)


def test_the_header_is_what_no_component_holds() -> None:
    late = b"<author><assignedAuthor><id root='1.2.3'/><addr/></assignedAuthor></author>"
    cda = read_cda(BODY_BEFORE_HEADER + late + b"</ClinicalDocument>", "file.xml")
    roots = [one.root for one in cda.header_ids_where(lambda _: True)]
    plain = read_cda(STRUCTURED, "file.xml").header_ids_where(lambda _: True)
    assert roots == [*(one.root for one in plain), "1.2.3"]
    assert [one.name for one in cda.empty_names()] == ["addr"]
    assert cda.answerable[-1].first("id") is not None
