"""Names and certificate paths."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from dmp_certify.wire import certificates, names
from dmp_certify.wire.message import Trust
from dmp_certify.wire.tls import Tls
from tests.support import bases

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
REST = "O=CENTRE HOSPITALIER DE TEST,ST=Somme (80),C=FR"
SUBJECT = names.of(bases.certificate("org-sign").subject)


def der(slug: str) -> bytes:
    return bases.certificate(slug).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    "text",
    [
        f"CN=CACHET TEST,OU=1800000010,{REST}",
        "C=FR, ST=Somme (80), O=CENTRE HOSPITALIER DE TEST, OU=1800000010, CN=CACHET TEST",
        "C=fr;S=somme  (80);O=Centre Hospitalier de Test;OU=1800000010;CN=Cachet Test",
        "/C=FR/ST=Somme (80)/O=CENTRE HOSPITALIER DE TEST/OU=1800000010/CN=CACHET TEST",
        'cn="CACHET TEST",ou=1800000010,o=CENTRE\\20HOSPITALIER DE TEST,st=Somme \\(80\\),c=FR',
        f"OID.2.5.4.3=CACHET TEST,2.5.4.11=1800000010,{REST}",
        f"CN=CACHET TEST+OU=1800000010,{REST}",
        f"2.5.4.3=#0C0B4341434845542054455354,OU=1800000010,{REST}",
        f"XX=CACHET TEST,OU=1800000010,{REST}",
        f" CN = CACHET TEST , OU = 1800000010 , {REST.replace(',', ' , ').replace('=', ' = ')} ",
    ],
)
def test_spellings_of_one_name_are_alike(text):
    assert names.parse(text).like(SUBJECT)


@pytest.mark.parametrize(
    "text",
    [
        f"CN=CACHET TEST,OU=1800000028,{REST}",
        "CN=CACHET TEST,OU=1800000010,O=CENTRE HOSPITALIER DE TEST,C=FR",
        f"CN=CACHET TEST,CN=CACHET TEST,OU=1800000010,{REST}",
        f"OU=CACHET TEST,CN=1800000010,{REST}",
    ],
)
def test_other_names_are_not_alike(text):
    assert not names.parse(text).like(SUBJECT)


@pytest.mark.parametrize("text", ["", "x", "CN=a,", "CN=a,,OU=b", "=a", "/", "CN=a\\", "https://a"])
def test_what_is_no_name_is_none(text):
    assert names.parse(text) is None


def test_accents_and_multivalued_rdns_of_a_card():
    card = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Médecin"),
            x509.NameAttribute(NameOID.COMMON_NAME, "899700000017"),
            x509.NameAttribute(NameOID.SURNAME, "MARTIN, DIT LE GRAND"),
        ]
    )
    written = "2.5.4.4=MARTIN\\, DIT LE GRAND+CN=899700000017,OU=M\\C3\\A9decin,C=FR"
    assert names.parse(written).like(names.of(card))


@pytest.mark.parametrize(
    ("slug", "purpose"),
    [("org-sign", "signature"), ("org-auth-cli", "client"), ("ca", "authority")],
)
def test_purposes(slug, purpose):
    assert certificates.load(der(slug)).purpose == purpose


def test_the_structure_is_in_the_subject():
    assert certificates.load(der("org-sign")).structure_ids == ("1800000010",)


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x03\x02\x01\x01", b"a" * 4000])
def test_what_is_no_certificate_is_none(data):
    assert certificates.load(data) is None
    assert certificates.path(data, (), bases.trust(), NOW) is None


@pytest.mark.parametrize(
    ("slug", "anchored", "outside", "revocation"),
    [
        ("org-sign", True, False, "good"),
        ("expired-org-sign", True, True, "good"),
        ("revoked-org-sign", True, False, "revoked"),
        ("wrong-ca-sign", False, False, "unknown"),
    ],
)
def test_paths(slug, anchored, outside, revocation):
    path = certificates.path(der(slug), (der("stranger"), der("ca")), bases.trust(), NOW)
    assert (path.anchored, path.outside is not None, path.revocation) == (
        anchored,
        outside,
        revocation,
    )


def test_a_presented_authority_builds_the_path_but_is_not_trusted():
    root_only = Trust((der("root"),), bases.trust().crls)
    assert certificates.path(der("org-sign"), (der("ca"),), root_only, NOW).anchored
    assert not certificates.path(der("org-sign"), (), root_only, NOW).anchored
    presented = (der("stranger"),)
    assert not certificates.path(der("wrong-ca-sign"), presented, root_only, NOW).anchored


def test_an_end_certificate_issues_nothing():
    path = certificates.path(der("org-sign"), (der("org-auth-cli"),), Trust(), NOW)
    assert len(path.links) == 1


def test_without_a_list_nothing_is_said_of_revocation():
    trust = Trust(bases.trust().certificates)
    assert certificates.path(der("revoked-org-sign"), (), trust, NOW).revocation == "unknown"


def test_a_revocation_counts_from_its_date():
    before = datetime(2020, 6, 1, tzinfo=UTC)
    assert (
        certificates.path(der("revoked-org-sign"), (), bases.trust(), before).revocation == "good"
    )


def test_a_stale_list_still_revokes_but_clears_nobody():
    late = datetime(2061, 1, 1, tzinfo=UTC)
    assert certificates.path(der("org-sign"), (), bases.trust(), late).revocation == "unknown"
    assert (
        certificates.path(der("revoked-org-sign"), (), bases.trust(), late).revocation == "revoked"
    )


def test_a_refused_connection_names_its_cause():
    from tests.support.wounds import build

    reason = "no-common-suite: no suite in common; the client offers AES128-SHA"
    wound = {"tls": {"established": False, "chain": [], "reason": reason}}
    tls = bases.connection(build("td0_2", [wound])).view(Tls)
    assert (tls.cause, tls.established, tls.client) == ("no-common-suite", False, None)
    assert tls.reason.value.startswith("no suite in common")
