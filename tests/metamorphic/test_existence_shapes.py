"""Other legal shapes of the existence test, of who calls, of the connection and of lone files."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from dmp_certify.outcome import Outcome
from dmp_certify.wire.message import Message, Trust
from tests.metamorphic.judging import assert_silent, judged, named, said, wrong
from tests.metamorphic.test_call_shapes import insert
from tests.support import bases
from tests.support.wounds import build

QUERY = "//hl7:queryByParameter"
BODY = "//hl7:PRPA_IN201307UV02"
ACT = "//hl7:controlActProcess"
SENDER = "//hl7:sender/hl7:device"
PROFESSIONS, KNOW_HOW = "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5"
UUID = "3C1F3B8E-0C5F-4A1F-9C39-1D5F5C9C7D01"


def hl7(into: str, xml: str, at: int | None = None) -> dict[str, Any]:
    """Insert elements of HL7 V3 written without a prefix."""
    return insert(into, re.sub(r"<(/?)(\w)", r"<\1hl7:\2", xml), at)


QUERIES: dict[str, list[dict[str, Any]]] = {
    **{
        f"processing {code}": [{"set": {f"{BODY}/hl7:processingCode/@code": code}}]
        for code in ("P", "T")
    },
    **{
        f"made at {text}": [{"set": {f"{BODY}/hl7:creationTime/@value": text}}]
        for text in (
            "20261120103000+0100",
            "20261120093000+0000",
            "20261120103000.123",
            "20261120052959-0400",
        )
    },
    "an attention line": [hl7(BODY, '<attentionLine xsi:nil="true"/>', 8)],
    "versionCode": [hl7(BODY, '<versionCode code="NE2009"/>', 2)],
    "profileId": [hl7(BODY, '<profileId root="1.2.3"/>', 3)],
    "no softwareName": [{"remove": "//hl7:softwareName"}],
    "a device with a name": [hl7(SENDER, "<name>LPS</name>", 1)],
    "a device with a model": [hl7(SENDER, "<manufacturerModelName>x</manufacturerModelName>", 1)],
    "a device of an organisation": [
        hl7(
            SENDER,
            '<asAgent classCode="AGNT"><representedOrganization classCode="ORG" '
            'determinerCode="INSTANCE"><id root="1.2.250.1.71.4.2.2" extension="1800000010"/>'
            "</representedOrganization></asAgent>",
        )
    ],
    "an act with id, code and time": [
        hl7(
            ACT,
            '<id root="1.2.3" extension="x"/><code code="PRPA_TE201307UV02" '
            'codeSystem="2.16.840.1.113883.1.6"/><effectiveTime value="20261120103000"/>',
            0,
        )
    ],
    "an act with an author": [
        hl7(
            ACT,
            '<authorOrPerformer typeCode="AUT"><assignedDevice classCode="ASSIGNED">'
            '<id root="1.2.3"/></assignedDevice></authorOrPerformer>',
            1,
        )
    ],
    "response modality": [
        hl7(QUERY, '<responseModalityCode code="R"/><responsePriorityCode code="I"/>', 2)
    ],
    "initial quantity": [hl7(QUERY, '<initialQuantity value="1"/>', 2)],
    "no semanticsText": [{"remove": "//hl7:semanticsText"}],
    "no dataSource": [{"remove": "//hl7:dataSource"}],
    "ids that are UUIDs": [
        {"remove": [f"{BODY}/hl7:id/@extension", "//hl7:queryId/@extension"]},
        {"set": {f"{BODY}/hl7:id/@root": UUID, "//hl7:queryId/@root": UUID.lower()}},
    ],
    "ids with assigning names": [
        {"set": {"//hl7:value/@assigningAuthorityName": "INS", "//hl7:id/@displayable": "false"}}
    ],
    "consultation of the data": [{"set": {"//hl7:reasonCode/@code": "CNSLT_DATA"}}],
    "no displayName": [{"remove": "//hl7:reasonCode/@displayName"}],
    "no ITSVersion": [{"remove": f"{BODY}/@ITSVersion"}],
    "xsi:type on identifiers": [
        {
            "set": {
                "//hl7:patientIdentifier/hl7:value/@xsi:type": "hl7:II",
                "//hl7:id/@xsi:type": "hl7:II",
            }
        }
    ],
}


@pytest.mark.parametrize("wounds", QUERIES.values(), ids=QUERIES)
def test_another_shape_of_the_query_is_silent(wounds: list[dict[str, Any]]) -> None:
    assert_silent(build("td0_2", wounds))


# Who calls.


@pytest.mark.parametrize(
    ("roles", "profession", "mode"),
    [
        ([("10", PROFESSIONS), ("SM54", KNOW_HOW)], "10", "INDIRECTE"),
        ([("21", PROFESSIONS), ("1", "1.2.250.1.71.1.2.5")], "21", "INDIRECTE"),
        ([("21", PROFESSIONS), ("SP01", KNOW_HOW)], "21", "INDIRECTE"),
        ([("50", PROFESSIONS)], "50", "INDIRECTE"),
        ([("60", PROFESSIONS)], "60", "INDIRECTE"),
        ([("70", PROFESSIONS)], "70", "INDIRECTE"),
        ([("AUTOMATE", "1.2.250.1.213.1.1.4.6")], "", "INDIRECTE"),
        ([("10", "1.2.250.1.71.1.2.8")], "", "INDIRECTE"),
        ([("10", PROFESSIONS), ("SM26", KNOW_HOW)], "10", "DIRECTE"),
        ([("10", PROFESSIONS), ("SM26", KNOW_HOW)], "10", "INDIRECTE_RENFORCEE"),
    ],
)
def test_another_caller_is_silent(roles: list[tuple[str, str]], profession: str, mode: str) -> None:
    values = "".join(
        f'<saml:AttributeValue><hl7:Role xsi:type="hl7:CE" code="{code}" codeSystem="{system}" '
        'displayName="x"/></saml:AttributeValue>'
        for code, system in roles
    )
    role = "//saml:Attribute[contains(@Name,'role')]"
    declared = {"professions": [profession] if profession else [], "auth_modes": [mode]}
    named_mode = "//saml:Attribute[@Name='Authentification_Mode']/saml:AttributeValue"
    wounds = [
        {"remove": f"{role}/saml:AttributeValue"},
        insert(role, values),
        {"set": {named_mode: mode}},
        {"conformance": declared},
    ]
    assert_silent(build("td0_2", wounds))


def test_a_geographic_site_of_the_certificate_s_structure_is_reported_only() -> None:
    """The certificate may name the legal entity and the VIHF one of its sites."""
    path = "//saml:Attribute[@Name='Identifiant_Structure']/saml:AttributeValue"
    subject = build("td0_2", [{"set": {path: "1800000028"}}])
    assert_silent(subject, noted=frozenset({"DC-VIHF-STRUCTURE-CERT"}))


# The connection.


@pytest.mark.parametrize(
    "tls",
    [
        *(
            {"cipher": f"ECDHE-RSA-{name}"}
            for name in (
                "AES256-SHA384",
                "AES256-GCM-SHA384",
                "AES128-GCM-SHA256",
                "CHACHA20-POLY1305",
            )
        ),
        {"chain": ["org-auth-cli"]},
        {"chain": ["org-auth-cli", "ca", "root"]},
        {"chain": ["org-auth-cli", "root", "ca"]},
    ],
    ids=str,
)
def test_another_connection_is_silent(tls: dict[str, Any]) -> None:
    assert_silent(build("td0_2", [{"tls": tls}]))


# The same messages, handed in as files or seen by a suite that knows less.


@pytest.mark.parametrize("headed", [True, False])
def test_a_captured_multipart_is_silent(headed: bool) -> None:
    base = build("td2_1_lot2", [])
    content_type, body = bases.multipart(base)
    head = f"MIME-Version: 1.0\r\nContent-Type: {content_type}\r\n\r\n".encode() if headed else b""
    assert_silent(Message("capture.mime", "mime", head + body, base.received_at))


@pytest.mark.parametrize("name", ["td0_2", "td2_1"])
def test_a_lone_envelope_is_silent(name: str) -> None:
    base = build(name, [])
    assert_silent(Message("envelope.xml", "soap", base.envelope, base.received_at))


def test_a_capture_without_trust_nor_declaration_is_silent() -> None:
    whole = bases.message(build("td2_1", []))
    bare = dataclasses.replace(
        whole, trust=Trust(), product={}, conformance={}, tls=None, _views={}
    )
    assert_silent(bare)


def test_two_calls_of_one_run_are_silent() -> None:
    first, second = bases.message(build("td0_2", [])), bases.message(build("td2_1", []))
    second = dataclasses.replace(
        second, artifact="exchange/0002/request", exchange="0002", _views={}
    )
    found = wrong(judged(first, second))
    assert not found, [said(one) for one in found]


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /si-dmp-server/v2/services/patients?wsdl HTTP/1.1\r\nHost: x\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_no_call_is_not_held_against_the_product(raw: bytes) -> None:
    whole = bases.message(build("td0_2", []))
    found = judged(dataclasses.replace(whole, raw=raw, _views={}))
    assert not named(found, Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED)
