"""The suite's own signing identity: a self-signed P-256 certificate in DMP_CERTIFY_HOME.

It serves whoever has no certificate yet. Only those who pin its certificate trust what it signs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError
from dmp_certify.report import sign

VALIDITY = timedelta(days=5 * 365)


def home() -> Path:
    """DMP_CERTIFY_HOME, or `~/.dmp-certify`."""
    stated = os.environ.get("DMP_CERTIFY_HOME")
    return Path(stated) if stated else Path.home() / ".dmp-certify"


@dataclass(frozen=True, slots=True)
class Identity:
    """Where the identity is kept, and what `keys show` prints of it."""

    key: Path
    certificate: Path

    @property
    def exists(self) -> bool:
        return self.key.is_file() and self.certificate.is_file()

    def signer(self) -> sign.Signer:
        """The signer. Raises ConfigurationError when there is none."""
        if not self.exists:
            raise ConfigurationError(
                f"no signing identity in {self.key.parent}; make one with `dmp-certify keys new`"
            )
        return sign.from_pem(self.key, self.certificate)

    def describe(self) -> dict[str, str]:
        """Subject, validity, fingerprint and paths; the key itself is never shown."""
        certificate = self.signer().certificate
        return {
            "subject": certificate.subject.rfc4514_string(),
            "not_before": clock.iso(certificate.not_valid_before_utc),
            "not_after": clock.iso(certificate.not_valid_after_utc),
            "sha256": sign.fingerprint(certificate),
            "keyid": sign.keyid(certificate),
            "certificate": str(self.certificate),
            "key": str(self.key),
        }


def own() -> Identity:
    """The identity of this user, whether or not it exists yet."""
    folder = home()
    return Identity(folder / "identity.key.pem", folder / "identity.cert.pem")


def new(name: str = "dmp-certify", *, now: datetime | None = None) -> Identity:
    """Make the identity. Raises ConfigurationError when there is one: a key is never overwritten.

    `name` is the common name of the certificate (1 to 64 characters).
    """
    identity = own()
    for file in (identity.key, identity.certificate):
        if file.exists():
            raise ConfigurationError(
                f"{file} exists and is kept; move it away to make a new signing identity"
            )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key, name, now or clock.now())
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        identity.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(identity.key, secret, 0o600)
        _write(identity.certificate, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write the signing identity in {identity.key.parent}: {error.strerror}; "
            "set DMP_CERTIFY_HOME to a folder you may write"
        ) from error
    return identity


def ensure() -> Identity:
    """The identity of this user, made on first use."""
    identity = own()
    return identity if identity.exists else new()


def _self_signed(key: ec.EllipticCurvePrivateKey, name: str, now: datetime) -> x509.Certificate:
    if not 1 <= len(name) <= 64:
        raise ConfigurationError("the name of a signing identity has 1 to 64 characters")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write(file: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
