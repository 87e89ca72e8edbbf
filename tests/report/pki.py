"""Certificates made for a test: an authority, an intermediate, signers that may or may not sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dmp_certify.report.sign import PrivateKey, Signer
from tests.report.sample import BEGUN


@dataclass(frozen=True)
class Authority:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def _usage(*, sign: bool = False, issue: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=False,
        key_encipherment=not sign,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issue,
        crl_sign=issue,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    name: str,
    key: PrivateKey,
    issuer: Authority | None,
    *,
    ca: bool = False,
    sign: bool = True,
    tls_only: bool = False,
    days: tuple[int, int] = (-30, 3650),
    hash_: hashes.HashAlgorithm | None = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGUN + timedelta(days=days[0]))
        .not_valid_after(BEGUN + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(_usage(sign=sign, issue=ca), critical=True)
    )
    if tls_only:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer.key if issuer else key, hash_ or hashes.SHA256())  # type: ignore[arg-type]


@cache
def authority(name: str = "Autorité de test") -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _certificate(name, key, None, ca=True))


@cache
def intermediate() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _certificate("Intermédiaire", key, authority(), ca=True))


@cache
def key(kind: str = "ec") -> PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def signer(
    kind: str = "ec",
    *,
    issuer: Authority | None = None,
    sign: bool = True,
    tls_only: bool = False,
    ca: bool = False,
    days: tuple[int, int] = (-30, 3650),
) -> Signer:
    """A signer below the intermediate (or `issuer`), its chain without the root."""
    above = issuer or intermediate()
    private = key(kind)
    leaf = _certificate(
        "Éditeur de test", private, above, sign=sign, tls_only=tls_only, ca=ca, days=days
    )
    return Signer(private, (leaf,) if issuer else (leaf, above.certificate))


def at(day: int = 0) -> datetime:
    return BEGUN + timedelta(days=day, hours=1)


def files(folder: Path, made: Signer, password: str = "") -> tuple[Path, Path, Path]:
    """The signer as PEM key, PEM chain and PKCS#12."""
    secret = (
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        made.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, secret)
    )
    (folder / "chain.pem").write_bytes(b"".join(each.public_bytes(pem) for each in made.chain))
    (folder / "key.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"sign", made.key, made.certificate, made.chain[1:], secret
        )
    )
    return folder / "key.pem", folder / "chain.pem", folder / "key.p12"
