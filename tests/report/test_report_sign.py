"""Keys: from PEM, from PKCS#12, and the suite's own identity."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from dmp_certify.errors import ConfigurationError
from dmp_certify.report import identity, sign
from tests.report import pki

PEM = serialization.Encoding.PEM


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@pytest.mark.parametrize("password", ["", "motdepasse é"])
def test_a_key_from_files_signs(tmp_path: Path, kind: str, password: str) -> None:
    made = pki.signer(kind)
    key, chain, p12 = pki.files(tmp_path, made, password)
    for signer in (sign.from_pem(key, chain, password or None), sign.from_pkcs12(p12, password)):
        assert signer.chain == made.chain
        signature = signer.sign(b"data")
        assert sign.signature_holds(signer.certificate, signature, b"data")
        assert not sign.signature_holds(signer.certificate, signature, b"datb")
        assert not sign.signature_holds(signer.certificate, b"", b"data")


def test_a_wrong_password_is_one_clear_sentence(tmp_path: Path) -> None:
    key, chain, p12 = pki.files(tmp_path, pki.signer(), "right")
    for attempt in (
        lambda: sign.from_pkcs12(p12, "wrong"),
        lambda: sign.from_pkcs12(p12, ""),
        lambda: sign.from_pem(key, chain, "wrong"),
    ):
        with pytest.raises(ConfigurationError, match=f"wrong password for .*{tmp_path}") as raised:
            attempt()
        assert "\n" not in str(raised.value)
    with pytest.raises(ConfigurationError, match="is encrypted: give its password"):
        sign.from_pem(key, chain)


def test_a_password_too_many_is_said(tmp_path: Path) -> None:
    key, chain, _ = pki.files(tmp_path, pki.signer())
    with pytest.raises(ConfigurationError, match="has no password"):
        sign.from_pem(key, chain, "something")


def _pem(private: object) -> bytes:
    return private.private_bytes(  # type: ignore[attr-defined,no-any-return]
        PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"", "not a PEM private key"),
        (lambda: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "not a PEM"),
        (lambda: _pem(ed25519.Ed25519PrivateKey.generate()), "use an RSA key"),
        (lambda: _pem(ec.generate_private_key(ec.SECP521R1())), "use an RSA key"),
        (lambda: _pem(rsa.generate_private_key(65537, 1024)), "use an RSA key"),
        (lambda: _pem(ec.generate_private_key(ec.SECP256R1())), "is not that of the key"),
    ],
)
def test_keys_that_cannot_sign(tmp_path: Path, make: Callable[[], bytes], reason: str) -> None:
    key, chain, _ = pki.files(tmp_path, pki.signer())
    key.write_bytes(make())
    with pytest.raises(ConfigurationError, match=reason):
        sign.from_pem(key, chain)


def test_files_that_are_missing_or_something_else(tmp_path: Path) -> None:
    key, chain, p12 = pki.files(tmp_path, pki.signer())
    with pytest.raises(ConfigurationError, match=r"cannot read .*none"):
        sign.from_pem(tmp_path / "none", chain)
    with pytest.raises(ConfigurationError, match="no readable certificate"):
        sign.from_pem(key, key)
    with pytest.raises(ConfigurationError, match="not a PKCS#12"):
        sign.from_pkcs12(key, "x")
    with pytest.raises(ConfigurationError, match="cannot read"):
        sign.from_pkcs12(tmp_path, "x")
    damaged = tmp_path / "damaged.p12"
    damaged.write_bytes(p12.read_bytes()[:200])
    with pytest.raises(ConfigurationError, match="damaged"):
        sign.from_pkcs12(damaged, "")


def test_too_many_certificates_are_refused_before_signing(tmp_path: Path) -> None:
    key, chain, _ = pki.files(tmp_path, pki.signer())
    chain.write_bytes(chain.read_bytes() * 6)
    with pytest.raises(ConfigurationError, match="holds 12 certificates"):
        sign.from_pem(key, chain)


def test_anchors_come_from_files_and_folders(tmp_path: Path) -> None:
    root, other = pki.authority().certificate, pki.intermediate().certificate
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.pem").write_bytes(root.public_bytes(PEM) + other.public_bytes(PEM))
    (tmp_path / "b.der").write_bytes(root.public_bytes(serialization.Encoding.DER))
    assert sign.load_anchors([tmp_path / "folder", tmp_path / "b.der"]) == (root, other, root)
    with pytest.raises(ConfigurationError, match="cannot read"):
        sign.load_anchors([tmp_path / "none"])


def test_the_own_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "home"))
    with pytest.raises(ConfigurationError, match="keys new"):
        identity.own().signer()
    made = identity.new("Éditeur X")
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.key.parent.stat().st_mode) == 0o700
    shown = made.describe()
    assert shown["subject"] == "CN=Éditeur X"
    assert "PRIVATE" not in str(shown)
    signer = identity.ensure().signer()
    assert signer.certificate == x509.load_pem_x509_certificate(made.certificate.read_bytes())
    with pytest.raises(ConfigurationError, match="exists and is kept"):
        identity.new()
    with pytest.raises(ConfigurationError, match="1 to 64"):
        monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "other"))
        identity.new("")


def test_an_identity_is_made_on_first_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "a" / "b"))
    first = identity.ensure()
    assert identity.ensure().describe() == first.describe()


def test_a_home_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "file"))
    with pytest.raises(ConfigurationError, match="set DMP_CERTIFY_HOME"):
        identity.new()
