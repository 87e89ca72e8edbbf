"""Signing keys and the two signature schemes of a bundle.

RSA keys (2048 bits or more) sign with PKCS#1 v1.5 and SHA-256, P-256 keys with ECDSA and SHA-256
in DER: `openssl dgst -sha256 -verify` checks both without an option. A key comes from PEM files or
from a PKCS#12 file as IGC-Santé delivers it. PKCS#11 tokens are not supported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from dmp_certify.errors import ConfigurationError

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Certificates: TypeAlias = tuple[x509.Certificate, ...]

MAX_CHAIN = 10


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and its certificate chain, leaf first, without the root if it is elsewhere."""

    key: PrivateKey
    chain: Certificates

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        return self.chain[0]

    @property
    def keyid(self) -> str:
        return keyid(self.certificate)

    def sign(self, data: bytes) -> bytes:
        """The signature of `data` by the scheme of the key."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def from_pem(key: Path, certificates: Path, password: str | None = None) -> Signer:
    """The signer of a PEM key and of a PEM file that holds its certificate, then the issuers.

    Raises ConfigurationError that names the file at fault.
    """
    try:
        private = serialization.load_pem_private_key(
            _bytes(key), password.encode() if password else None
        )
    except TypeError:
        state = "is encrypted: give its password" if not password else "has no password"
        raise ConfigurationError(f"signing key {key} {state}") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        what = "wrong password for" if password else "not a PEM private key:"
        raise ConfigurationError(f"{what} signing key {key}") from error
    return _signer(private, load_certificates(certificates), key)


def from_pkcs12(file: Path, password: str) -> Signer:
    """The signer of a PKCS#12 file (.p12, .pfx). Raises ConfigurationError that names the file."""
    data = _bytes(file)
    if not data.startswith(b"\x30"):
        raise ConfigurationError(f"{file} is not a PKCS#12 file; give a .p12 or .pfx file")
    try:
        private, leaf, others = pkcs12.load_key_and_certificates(data, password.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(
            f"wrong password for {file}, or the file is damaged; check the password first"
        ) from error
    if private is None or leaf is None:
        raise ConfigurationError(f"{file} holds no private key with its certificate")
    return _signer(private, (leaf, *others), file)


def load_certificates(file: Path) -> Certificates:
    """The certificates of a PEM or DER file, in order. Raises ConfigurationError."""
    data = _bytes(file)
    try:
        if b"-----BEGIN" in data:
            return tuple(x509.load_pem_x509_certificates(data))
        return (x509.load_der_x509_certificate(data),)
    except ValueError as error:
        raise ConfigurationError(f"{file} holds no readable certificate: {error}") from error


def load_anchors(paths: Sequence[Path]) -> Certificates:
    """The trust anchors in files or folders of PEM or DER certificates."""
    found: list[x509.Certificate] = []
    for path in paths:
        files = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else []
        for file in files or [path]:
            found.extend(load_certificates(file))
    return tuple(found)


def signature_holds(certificate: x509.Certificate, signature: bytes, data: bytes) -> bool:
    """Whether the key of `certificate` made `signature` over `data`; False for other key kinds."""
    public = certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey) and public.key_size >= 2048:
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name == "secp256r1":
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def keyid(certificate: x509.Certificate) -> str:
    """SHA-256 of the public key (SubjectPublicKeyInfo, DER)."""
    return hashlib.sha256(_spki(certificate.public_key())).hexdigest()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate (DER)."""
    return hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest()


def _signer(private: object, chain: Certificates, source: Path) -> Signer:
    if isinstance(private, rsa.RSAPrivateKey):
        fit = private.key_size >= 2048
    else:
        fit = isinstance(private, ec.EllipticCurvePrivateKey) and private.curve.name == "secp256r1"
    if not fit or not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ConfigurationError(f"{source}: use an RSA key of 2048 bits or more, or a P-256 key")
    if len(chain) > MAX_CHAIN:
        raise ConfigurationError(
            f"{source} holds {len(chain)} certificates; keep the key's own and its issuers, "
            f"{MAX_CHAIN} at most"
        )
    if _spki(private.public_key()) != _spki(chain[0].public_key()):
        raise ConfigurationError(
            f"{source}: the first certificate is not that of the key; "
            "put the key's own certificate first, then its issuers"
        )
    return Signer(private, chain)


def _spki(public: object) -> bytes:
    encoding, shape = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(public.public_bytes(encoding, shape))  # type: ignore[attr-defined]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"cannot read {file}: {error.strerror}") from error
