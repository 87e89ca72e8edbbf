"""xmlschema words what libxml2 leaves unclear; it never decides and never fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify import packs
from dmp_certify.packs.explain import explanations

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:hl7-org:v3"
    targetNamespace="urn:hl7-org:v3" elementFormDefault="qualified">
  <xs:simpleType name="day"><xs:restriction base="xs:string">
    <xs:pattern value="[0-9]{8}"/></xs:restriction></xs:simpleType>
  <xs:element name="ClinicalDocument"><xs:complexType><xs:sequence>
    <xs:element name="time"><xs:complexType>
      <xs:attribute name="value" type="day" use="required"/></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""


@pytest.fixture
def pack(tmp_path: Path) -> packs.CompiledPack:
    (tmp_path / "xsd").mkdir()
    (tmp_path / "xsd" / "main.xsd").write_text(SCHEMA)
    return packs.load(tmp_path)


def judged(pack: packs.CompiledPack, inside: str) -> dict[packs.XsdError, str]:
    data = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{inside}</ClinicalDocument>'.encode()
    verdict = pack.judge(data)
    assert not verdict.conforming
    return explanations(pack, data, verdict.xsd_errors)


def test_a_value_outside_a_pattern_is_explained(pack: packs.CompiledPack) -> None:
    found = judged(pack, '<time value="hier"/>')
    assert found and all("[0-9]{8}" in reason for reason in found.values())


def test_what_libxml2_says_well_is_left_to_it(pack: packs.CompiledPack) -> None:
    assert judged(pack, '<other value="20261120"/>') == {}


def test_an_unknown_type_stops_no_one(pack: packs.CompiledPack) -> None:
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="none"'
    assert isinstance(judged(pack, f'<time {xsi} value="hier"/>'), dict)
