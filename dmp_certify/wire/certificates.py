"""X.509 certificates as the DMP's texts need them: names, uses, chains, revocation.

The kinds follow the IGC-Santé organisation certificates: ORG_AUTH_CLI opens TLS connections,
ORG_SIGN signs. Paths are built explicitly, for the library's verifier asks for web server rules
(subject alternative names) that these certificates need not keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

from dmp_certify.wire import names
from dmp_certify.wire.message import Trust
from dmp_certify.wire.names import DistinguishedName

MAX_DEPTH = 8
_READ_ERRORS = (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


@dataclass(frozen=True)
class Certificate:
    """One certificate. `purpose` is `authority`, `signature`, `client`, `server` or `unclear`."""

    x509: x509.Certificate

    @cached_property
    def subject(self) -> DistinguishedName:
        """The subject's name."""
        return names.of(self.x509.subject)

    @property
    def subject_text(self) -> str:
        """The subject in RFC 4514 form."""
        return self.x509.subject.rfc4514_string()

    @property
    def issuer_text(self) -> str:
        """The issuer in RFC 4514 form."""
        return self.x509.issuer.rfc4514_string()

    @property
    def structure_ids(self) -> tuple[str, ...]:
        """The OU values of the subject: one is the Struct_IdNat of the organisation."""
        return self.subject.values("OU")

    @property
    def serial(self) -> int:
        """The serial number."""
        return self.x509.serial_number

    @property
    def begins(self) -> datetime:
        """The first moment of validity, in UTC."""
        return self.x509.not_valid_before_utc

    @property
    def ends(self) -> datetime:
        """The last moment of validity, in UTC."""
        return self.x509.not_valid_after_utc

    @cached_property
    def usages(self) -> tuple[str, ...]:
        """The keyUsage and extendedKeyUsage values, in the words of RFC 5280."""
        return _usages(self.x509)

    @cached_property
    def purpose(self) -> str:
        """What the certificate is made for. `unclear` when its extensions do not settle it."""
        if "cA" in self.usages or "keyCertSign" in self.usages:
            return "authority"
        if "clientAuth" in self.usages:
            return "unclear" if "nonRepudiation" in self.usages else "client"
        if "serverAuth" in self.usages:
            return "server"
        if "nonRepudiation" in self.usages:
            return "signature"
        return "client" if "keyEncipherment" in self.usages else "unclear"


@dataclass(frozen=True, slots=True)
class Path:
    """A certificate path at a moment.

    `links` go from the leaf to the last certificate found; `anchored` says whether it ends in the
    trust of the run. `outside` is the first link that is not valid at the moment. `revocation` is
    `revoked`, `good`, or `unknown` when a list is missing, stale or not its issuer's; `revoked` is
    the link concerned.
    """

    links: tuple[Certificate, ...]
    anchored: bool
    outside: Certificate | None
    revocation: str
    revoked: Certificate | None


@lru_cache(maxsize=256)
def load(der: bytes) -> Certificate | None:
    """The certificate of these DER bytes, or None when they are none."""
    try:
        found = Certificate(x509.load_der_x509_certificate(der))
        # Extensions are parsed late: a broken one must stop here, not in a check.
        _ = found.usages, found.subject, found.begins
    except _READ_ERRORS:
        return None
    return found


def _usages(certificate: x509.Certificate) -> tuple[str, ...]:
    found: list[str] = []
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.BasicConstraints) and value.ca:
            found.append("cA")
        elif isinstance(value, x509.KeyUsage):
            stated = {
                "digitalSignature": value.digital_signature,
                "nonRepudiation": value.content_commitment,
                "keyEncipherment": value.key_encipherment,
                "keyCertSign": value.key_cert_sign,
            }
            found += [name for name, held in stated.items() if held]
        elif isinstance(value, x509.ExtendedKeyUsage):
            named = {
                ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
                ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
            }
            found += [named.get(one, one.dotted_string) for one in value]
    return tuple(found)


@lru_cache(maxsize=512)
def path(leaf: bytes, others: tuple[bytes, ...], trust: Trust, moment: datetime) -> Path | None:
    """The path of a leaf (DER) at a moment, or None when the leaf is no certificate.

    `others` are certificates presented with it; they help to build, never to trust.
    """
    first = load(leaf)
    if first is None:
        return None
    pool = [one for one in map(load, (*trust.certificates, *others)) if one is not None]
    trusted = set(trust.certificates)
    links = _links(first, pool)
    anchored = any(_der(link) in trusted for link in links)
    outside = next((one for one in links if not one.begins <= moment <= one.ends), None)
    revocation, revoked = _revocation(links, trust.crls, moment)
    return Path(tuple(links), anchored, outside, revocation, revoked)


def _der(certificate: Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.x509.public_bytes(Encoding.DER)


def _links(first: Certificate, pool: Sequence[Certificate]) -> list[Certificate]:
    links = [first]
    while len(links) < MAX_DEPTH and not _issued(links[-1], links[-1]):
        issuer = next((one for one in pool if _may_issue(one) and _issued(links[-1], one)), None)
        if issuer is None:
            break
        links.append(issuer)
    return links


def _may_issue(certificate: Certificate) -> bool:
    return certificate.purpose == "authority" and "cA" in certificate.usages


def _issued(certificate: Certificate, issuer: Certificate) -> bool:
    if certificate.x509.issuer != issuer.x509.subject:
        return False
    try:
        certificate.x509.verify_directly_issued_by(issuer.x509)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _revocation(
    links: Sequence[Certificate], crls: Sequence[bytes], moment: datetime
) -> tuple[str, Certificate | None]:
    """The leaf decides between good and unknown; any revoked link revokes the path."""
    lists = [one for one in map(_load_crl, crls) if one is not None]
    leaf_state = "unknown"
    for number, link in enumerate(links[:-1]):
        state = _state(link, links[number + 1], lists, moment)
        if state == "revoked":
            return state, link
        if number == 0:
            leaf_state = state
    return leaf_state, None


def _state(
    link: Certificate,
    issuer: Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    moment: datetime,
) -> str:
    state = "unknown"
    for crl in lists:
        if crl.issuer != issuer.x509.subject or not _signed_by(crl, issuer):
            continue
        entry = crl.get_revoked_certificate_by_serial_number(link.serial)
        if entry is not None and entry.revocation_date_utc <= moment:
            return "revoked"
        until = crl.next_update_utc
        if until is None or moment <= until:
            state = "good"
    return state


@lru_cache(maxsize=64)
def _load_crl(der: bytes) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(der)
    except _READ_ERRORS:
        return None


def _signed_by(crl: x509.CertificateRevocationList, issuer: Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.x509.public_key())  # type: ignore[arg-type]
    except (ValueError, TypeError, InvalidSignature):
        return False
