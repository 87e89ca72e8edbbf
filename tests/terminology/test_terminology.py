"""OIDs, INS keys, HL7 data types and value sets."""

from __future__ import annotations

import hashlib
import tomllib
from datetime import UTC, datetime

import pytest

from dmp_certify import data
from dmp_certify.errors import SuiteError
from dmp_certify.terminology import identifiers, ins, oids, valuesets

SAMPLES = [
    "207058575627097",
    "153078987658513",
    "157069329642881",
    "279035121518989",
    "277076322082910",
    "124018852493334",
]
XCN = "899700000017^MARTIN^Camille^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"


@pytest.mark.parametrize("value", SAMPLES)
def test_known_ins_have_their_key(value: str) -> None:
    assert ins.fault_of(value) is None


@pytest.mark.parametrize(("department", "digits"), [("2A", "19"), ("2B", "18")])
def test_corsica(department: str, digits: str) -> None:
    matricule = f"28503{department}004108"[:13]
    same = matricule.replace(department, digits)
    assert ins.key_of(matricule) == f"{97 - int(same) % 97:02d}"
    assert ins.fault_of(matricule + ins.key_of(matricule)) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("279035121518990", "key 90 instead of 89"),
        ("27903512151898", "14 characters instead of 15"),
        ("27903X121518989", "characters not allowed"),
        ("279035A21518989", "characters not allowed"),
        ("", "0 characters"),
        ("２79035121518989", "characters not allowed"),
    ],
)
def test_a_wrong_ins_says_why(value: str, reason: str) -> None:
    found = ins.fault_of(value)
    assert found is not None and reason in found.en


def test_kinds_of_ins_oids() -> None:
    assert ins.is_ins_oid(oids.INS_NIR_TEST) and not ins.is_ins_oid(oids.INS_C)
    assert ins.KINDS[oids.INS_NIA] == "production"
    parsed = ins.parse("279035121518989")
    assert parsed is not None and (parsed.sex, parsed.year, parsed.month) == ("F", "79", "03")


@pytest.mark.parametrize(
    "value",
    ["1.2.250.1.71", "2.25.340282366920938463463374607431768211455", "0.39", "2.999.1", "2.25.1.7"],
)
def test_oids(value: str) -> None:
    assert oids.fault_of(value) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("1.2.03", "leading zeros"),
        ("3.1", "not an OID"),
        ("1.40", "second arc"),
        ("urn:oid:1.2", "not an OID"),
        ("1.2.3^4", "not an OID"),
        ("1.2." + "1" * 61, "at most 64"),
        ("2.25.340282366920938463463374607431768211456", "128 bits"),
    ],
)
def test_what_is_not_an_oid(value: str, reason: str) -> None:
    found = oids.fault_of(value)
    assert found is not None and reason in found.en


def test_cx() -> None:
    cx = identifiers.parse_cx("279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH^^20100907")
    assert cx == identifiers.Cx("279035121518989", oids.INS_NIR_TEST, "NH")
    assert identifiers.parse_cx("a\\S\\b^^^&1.2.3&ISO^PI").id == "a^b"


def test_xcn_xon_and_coded() -> None:
    person = identifiers.parse_xcn(XCN)
    assert (person.id, person.family, person.authority) == (
        "899700000017",
        "MARTIN",
        oids.PS_IDNAT,
    )
    xon = identifiers.parse_xon("CH^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1800000010")
    assert (xon.name, xon.id, xon.id_type) == ("CH", "1800000010", "IDNST")
    assert identifiers.parse_xon("CH").id == ""
    assert identifiers.parse_coded("G15_10/SM26^Médecin^1.2.3").code == "G15_10/SM26"


@pytest.mark.parametrize(
    ("parse", "value", "reason"),
    [
        (identifiers.parse_cx, "", "CX-1"),
        (identifiers.parse_cx, "1^^^", "CX-4 (assigning authority) missing"),
        (identifiers.parse_cx, "1^^^1.2.3&ISO^NH", "instead of &OID&ISO"),
        (identifiers.parse_cx, "1^^^&1.2.x&ISO^NH", "not an OID"),
        (identifiers.parse_cx, "1^x^^&1.2.3&ISO^NH", "CX-2"),
        (identifiers.parse_xcn, "^^", "neither identifier"),
        (identifiers.parse_xcn, "899^A^B", "XCN-9"),
        (identifiers.parse_xon, "", "neither name"),
        (identifiers.parse_xon, "CH^^^^^^^^^180", "XON-6"),
        (identifiers.parse_coded, "SM26", "three non-empty components"),
        (identifiers.parse_coded, "SM26^Médecin^x", "not an OID"),
        (identifiers.parse_dtm, "20261120T09", "digits"),
        (identifiers.parse_dtm, "20261301", "no such date"),
        (identifiers.parse_dtm, "20261120091500+0100", "digits"),
        (identifiers.parse_dtm, "٢٠٢٦", "digits"),
    ],
)
def test_malformed_values_say_why(parse, value: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(identifiers.Malformed) as caught:
        parse(value)
    assert reason in caught.value.reason.en and caught.value.reason.fr


def test_dtm() -> None:
    moment = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert identifiers.parse_dtm("20261120091500") == (moment, 14)
    assert identifiers.parse_dtm("2026")[1] == 4


def test_value_sets() -> None:
    j58 = valuesets.value_set("J58")
    assert ("N", oids.HL7_CONFIDENTIALITY) in j58 and ("N", "1.2.3") not in j58
    assert j58.display("MASQUE_PS", oids.DMP_VISIBILITY) == "Masqué aux professionnels de santé"
    assert j58.nearest("MASQUE-PS") == ("MASQUE_PS",)
    assert valuesets.association("ASS_X16")[("34112-3", oids.LOINC)] == "10"
    assert len(valuesets.union("J57", "J58")) == 18


def test_every_class_code_of_the_association_is_in_its_value_set() -> None:
    classes = valuesets.value_set("J57")
    assert all(classes.has_code(one) for one in valuesets.association("ASS_X16").values())
    formats = valuesets.value_set("J60")
    for name in ("ASS_A11", "ASS_A12"):
        assert all(formats.has_code(one) for one in valuesets.association(name).values())


def test_an_unknown_value_set_is_a_fault_of_the_suite() -> None:
    with pytest.raises(SuiteError, match="J999"):
        valuesets.value_set("J999")


def test_the_lock_names_every_file_and_its_digest() -> None:
    folder = data.path("profiles", "valuesets")
    lock = tomllib.loads((folder / "SOURCES.lock").read_text("utf-8"))
    held = {entry["name"]: entry["sha256"] for entry in lock["file"]}
    real = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.glob("*.csv")}
    assert held == real
    assert all(entry["source"] and entry["edition"] for entry in lock["file"])
