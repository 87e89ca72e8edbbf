"""The VIHF read from calls and from lone files, in shapes that products in the field write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire import instants
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.vihf import PURPOSE, RESOURCE_ID, Vihf
from tests.support import bases
from tests.support.bases import NS
from tests.support.wounds import build

CHECKS = [check for check in load_all() if check.layer in ("soap", "transport", "vihf")]


def failed(message: Message) -> set[str]:
    found = judge_messages((message,), CHECKS)
    assert not [one for one in found if one.outcome is Outcome.CRASHED]
    return {one.check for one in found if one.outcome is Outcome.FAIL}


def lone(*wounds, moment=bases.RECEIVED_AT) -> Message:
    """The assertion of the base as a file, with its signature intact."""
    envelope = etree.fromstring(build("td0_2", [dict(one) for one in wounds]).envelope)
    assertion = envelope.find(".//saml:Assertion", NS)
    return Message("f.xml", "vihf", etree.tostring(assertion, with_tail=False), moment)


def test_every_part_is_read(wounded):
    vihf = wounded("td0_2").view(Vihf)
    assert vihf.alone and vihf.live
    assert (vihf.version.value, vihf.mode.value) == ("2.0", "INDIRECTE")
    assert vihf.issue_instant.value.moment == datetime(2026, 11, 20, 9, 29, 58, tzinfo=UTC)
    assert [role.code.value for role in vihf.roles] == ["10", "SM26"]
    assert [one.code.value for one in vihf.purposes] == ["normal"]
    assert vihf.value(RESOURCE_ID).value.startswith("279035121518989^^^&")
    assert vihf.value(PURPOSE) is None and vihf.named(PURPOSE)
    assert vihf.name_id.place.path.endswith("saml:Subject/saml:NameID")
    assert vihf.signer.value.purpose == "signature" and vihf.tls_client.purpose == "client"
    assert vihf.signer_path.anchored
    assert vihf.body_name == ("urn:hl7-org:v3", "PRPA_IN201307UV02")


def test_a_lone_file_is_judged_without_a_clock():
    message = lone(moment=datetime(2036, 1, 1, tzinfo=UTC))
    vihf = message.view(Vihf)
    assert not vihf.live and vihf.signer_path is None
    assert vihf.verification.code == ""
    assert failed(message) == set()


def test_a_lone_file_keeps_its_faults():
    assert failed(lone({"set": {"//saml:NameID": "cmartin"}})) == {"vihf.user-malformed"}


def test_an_old_capture_is_not_expired():
    base = build("td0_2", [])
    message = Message("f.xml", "soap", base.envelope, datetime(2036, 1, 1, tzinfo=UTC))
    assert failed(message) == set()


def test_an_unsigned_direct_assertion_is_not_failed(wounded):
    message = wounded(
        "td0_2",
        {"remove": "//saml:Assertion/ds:Signature"},
        {"set": {"//saml:Attribute[@Name='Authentification_Mode']/saml:AttributeValue": "DIRECTE"}},
        {"remove": "//saml:Attribute[contains(@Name,'subject-id')]"},
        {"conformance": {"auth_modes": ["DIRECTE"]}},
    )
    assert failed(message) == set()


def test_without_mode_the_declaration_decides_on_the_signature(wounded):
    wounds = (
        {"remove": "//saml:Assertion/ds:Signature"},
        {"remove": "//saml:Attribute[@Name='Authentification_Mode']"},
    )
    assert "vihf.unsigned" in failed(wounded("td0_2", *wounds))
    both = {"conformance": {"auth_modes": ["DIRECTE", "INDIRECTE"]}}
    assert "vihf.unsigned" not in failed(wounded("td0_2", *wounds, both))


def test_another_serialisation_of_the_same_assertion_is_silent(wounded):
    message = wounded(
        "td0_2",
        {"replace-bytes": ["xmlns:saml=", "xmlns:saml2='urn:x' xmlns:saml="]},
        {"set": {"//saml:NameID": "\n  899700000017\n  "}},
        {"insert": {"into": "//saml:AttributeStatement", "at": 0, "xml": "<!-- a comment -->"}},
    )
    assert failed(message) == set()


def test_a_file_without_assertion_holds_no_view(raw):
    assert raw(b"<a/>", "vihf").views(Vihf) == ()
    with pytest.raises(Unreadable):
        raw(b"<a", "vihf").views(Vihf)


@pytest.mark.parametrize(
    ("text", "moment", "zone"),
    [
        ("2026-11-20T09:29:58Z", "2026-11-20T09:29:58+00:00", "Z"),
        ("2026-11-20T09:29:58.1234567Z", "2026-11-20T09:29:58.123456+00:00", "Z"),
        ("2026-11-20T10:29:58+01:00", "2026-11-20T09:29:58+00:00", "+01:00"),
        ("2026-11-20T09:29:58", "2026-11-20T09:29:58+00:00", ""),
        ("2026-02-30T09:29:58Z", None, ""),
        ("0001-01-01T00:00:00+14:00", None, ""),
        ("20261120092958Z", None, ""),
        ("", None, ""),
    ],
)
def test_instants(text, moment, zone):
    found = instants.parse(text)
    assert (found.moment.isoformat() if found.moment else None, found.zone) == (moment, zone)
