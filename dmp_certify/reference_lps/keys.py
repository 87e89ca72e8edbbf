"""The structure's signing certificate and key."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key


class KeyMaterialError(Exception):
    """A certificate or key file cannot be used."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its RSA private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def load(cls, certificate: Path, key: Path) -> Signer:
        """Reads two PEM files. Raises KeyMaterialError with the file's name."""
        try:
            found = x509.load_pem_x509_certificate(certificate.read_bytes())
            private = load_pem_private_key(key.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyMaterialError(f"{certificate} or {key} cannot be read: {error}") from None
        if not isinstance(private, rsa.RSAPrivateKey):
            raise KeyMaterialError(f"{key} does not hold an RSA private key")
        return cls(found, private)

    @property
    def subject(self) -> str:
        """The subject's distinguished name, most specific first (RFC 4514)."""
        return self.certificate.subject.rfc4514_string()

    @property
    def issuer(self) -> str:
        """The issuer's distinguished name, most specific first (RFC 4514)."""
        return self.certificate.issuer.rfc4514_string()

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def base64(self) -> str:
        """The certificate's DER in base64, on one line."""
        return base64.b64encode(self.der).decode()

    def sign(self, data: bytes) -> str:
        """The RSA PKCS#1 v1.5 signature with SHA-256 of `data`, in base64."""
        signature = self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signature).decode()
