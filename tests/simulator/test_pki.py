"""The test PKI: shapes of IGC-Santé, one fault per faulty credential, usable files."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator.certificates import Use
from dmp_certify.simulator.pki import STRUCTURE_ID, TestPki

ISSUER = (
    "CN=TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS,OU=IGC-SANTE TEST,OU=0002 187512751,"
    "O=ASIP-SANTE,C=FR"
)


def _leaf(pki: TestPki, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pki.credential(name).certificate.read_bytes())


def _openssl_says(pki: TestPki, name: str, purpose: str) -> str:
    crls = [word for crl in pki.crls for word in ("-CRLfile", str(crl))]
    command = ["openssl", "verify", "-CAfile", str(pki.ca_bundle), *crls, "-crl_check_all"]
    command += ["-purpose", purpose, str(pki.credential(name).certificate)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr


@pytest.mark.parametrize(
    ("name", "purpose", "said"),
    [
        ("org-auth-cli", "sslclient", ""),
        ("org-sign", "any", ""),
        ("server", "sslserver", ""),
        ("expired-auth-cli", "sslclient", "certificate has expired"),
        ("not-yet-valid-auth-cli", "sslclient", "not yet valid"),
        ("revoked-auth-cli", "sslclient", "certificate revoked"),
        ("wrong-purpose", "sslclient", "unsuitable certificate purpose"),
        ("wrong-ca", "sslclient", "unable to get local issuer"),
        ("expired-org-sign", "any", "certificate has expired"),
        ("revoked-org-sign", "any", "certificate revoked"),
        ("wrong-ca-org-sign", "any", "unable to get local issuer"),
    ],
)
def test_openssl_sees_the_one_fault(pki: TestPki, name: str, purpose: str, said: str) -> None:
    found = _openssl_says(pki, name, purpose)
    assert said in found
    assert bool(said) == bool(found)


def test_shapes(pki: TestPki) -> None:
    client, sign = _leaf(pki, "org-auth-cli"), _leaf(pki, "org-sign")
    assert client.issuer.rfc4514_string() == ISSUER
    assert client.subject.rfc4514_string().endswith(
        f"OU={STRUCTURE_ID},O=CENTRE DE SANTE DE TEST,ST=Paris (75),C=FR"
    )
    usage = client.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    keys = sign.extensions.get_extension_for_class(x509.KeyUsage).value
    assert keys.digital_signature and keys.content_commitment and not keys.key_encipherment
    with pytest.raises(x509.ExtensionNotFound):
        sign.extensions.get_extension_for_class(x509.ExtendedKeyUsage)


def test_pkcs12_holds_key_and_chain(pki: TestPki) -> None:
    for name in pki.names():
        credential = pki.credential(name)
        loaded = pkcs12.load_pkcs12(credential.pkcs12.read_bytes(), credential.password.encode())
        assert loaded.key is not None and loaded.cert is not None
        assert loaded.cert.certificate == _leaf(pki, name)
        assert len(loaded.additional_certs) == 1
        assert credential.key.stat().st_mode & 0o077 == 0


def test_created_once_and_reused(tmp_path: Path) -> None:
    began = time.monotonic()
    first = TestPki.create(tmp_path / "pki")
    assert time.monotonic() - began < 10
    before = first.server.certificate.read_bytes()
    assert TestPki.create(tmp_path / "pki").server.certificate.read_bytes() == before
    assert TestPki.open(tmp_path / "pki").server.certificate.read_bytes() == before
    # Another name for the server is a reason to make it again.
    again = TestPki.create(tmp_path / "pki", ("localhost", "dmp.test"))
    assert b"".join([again.server.certificate.read_bytes()]) != before


def test_more_structures(pki: TestPki, tmp_path: Path) -> None:
    own = TestPki.create(tmp_path / "pki")
    own.issue("second-auth-cli", Use.CLIENT, "1990000028", "CLINIQUE DEUX")
    assert "OU=1990000028" in _leaf(own, "second-auth-cli").subject.rfc4514_string()
    assert _openssl_says(own, "second-auth-cli", "sslclient") == ""


def test_what_is_not_there_is_said(pki: TestPki, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no test credential 'nobody'; .*org-auth-cli"):
        pki.credential("nobody")
    with pytest.raises(ConfigurationError, match="no test PKI in"):
        TestPki.open(tmp_path)
