"""Any code of a value set, stated alike in the metadata and in the document, is silent."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_certify.terminology.valuesets import association, value_set
from tests.metamorphic.judging import assert_silent
from tests.metamorphic.shaping import (
    CLINICAL,
    DOCUMENT,
    Edit,
    both,
    classified,
    drop,
    every,
    put,
    shaped,
)

SETTINGS = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
Pair = tuple[str, str]
ENTRIES = "//rim:ExtrinsicObject"
SECTOR = "//saml:Attribute[@Name='Secteur_Activite']/saml:AttributeValue"
SPECIALTIES = "//rim:Slot[@name='authorSpecialty']//rim:Value"
# A private practice is not a hospital (EX_GEN-1377), and the bases have the setting of one.
SECTORS = sorted(pair for pair in value_set("J02") if pair[0] != "SA07")
TYPES = sorted(pair for pair in association("ASS_X16") if pair[0] != "E1762")


def described(scheme: str, code: Pair, path: str = CLINICAL) -> Edit:
    """The code in the metadata."""

    def edit(root: etree._Element) -> None:
        for owner in every(root, path):
            found = classified(owner, scheme)
            found.set("nodeRepresentation", code[0])
            every(found, ".//rim:Value")[0].text = code[1]

    return edit


def held(path: str, code: Pair) -> Edit:
    """The code in the document, without the names that went with the former one."""
    names = drop(path, "displayName", "codeSystemName")
    return both(put(path, "codeSystem", code[1]), put(path, "code", code[0]), names)


@pytest.mark.parametrize("code", TYPES, ids=lambda code: code[0])
def test_any_type_and_its_class_are_silent(code: Pair) -> None:
    target = association("ASS_X16")[code]
    system = next(s for c, s in value_set("J57") if c == target)
    envelope = both(
        described("f0306f51-975f-434e-a61c-c59651d33983", code),
        described("41a5887f-8865-4c09-adf7-e362475b143a", (target, system)),
    )
    documents = held(f"{DOCUMENT}/hl7:code", code)
    if code != ("34112-3", "2.16.840.1.113883.6.1"):  # the type of the base
        assert_silent(shaped("td2_1", envelope=envelope, documents=documents))


@SETTINGS
@given(code=st.sampled_from(SECTORS))
def test_any_sector_is_silent(code: Pair) -> None:
    envelope = both(
        described("f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", code, ENTRIES),
        put(SECTOR, "text", "^".join(code)),
    )
    documents = both(
        held("//hl7:healthCareFacility/hl7:code", code),
        put(f"{DOCUMENT}/hl7:code", "codeSystemVersion", "2.77"),
    )
    assert_silent(shaped("td2_1", envelope=envelope, documents=documents))


@SETTINGS
@given(code=st.sampled_from(sorted(value_set("J04"))))
def test_any_practice_setting_is_silent(code: Pair) -> None:
    envelope = described("cccf5598-8b07-4b77-a05e-ae952c785ead", code, ENTRIES)
    documents = both(
        held("//hl7:standardIndustryClassCode", code),
        put(f"{DOCUMENT}/hl7:code", "codeSystemVersion", "2.77"),
    )
    assert_silent(shaped("td2_1", envelope=envelope, documents=documents))


@SETTINGS
@given(code=st.sampled_from(sorted(value_set("J01"))))
def test_any_profession_is_silent(code: Pair) -> None:
    display = value_set("J01").display(*code)
    stated = "^".join((code[0], str(display), code[1]))
    path = "//hl7:assignedAuthor/hl7:code"
    documents = both(held(path, code), put(path, "displayName", str(display)))
    envelope = put(SPECIALTIES, "text", stated)
    assert_silent(shaped("td2_1", envelope=envelope, documents=documents))


@SETTINGS
@given(code=st.sampled_from(sorted(value_set("J59"))))
def test_any_content_type_is_silent(code: Pair) -> None:
    lot = described("aa543740-bdda-424e-8c96-df4873be8500", code, "//rim:RegistryPackage")
    assert_silent(shaped("td2_1", envelope=both(lot, put("//wsa:To", "text", "https://x.test/"))))
