"""X.509 path from a signing certificate to a trust anchor (RFC 5280, the part signing needs).

Offline: revocation is not examined, and a report of a verification says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from dmp_certify import clock
from dmp_certify.errors import VerificationError

E = TypeVar("E", bound=x509.ExtensionType)

DEPTH = 8
_WEAK = (hashes.MD5, hashes.SHA1)
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        # Policies mark a certificate; no policy is demanded, so that none can be missed.
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)
# What may sign a report when a certificate restricts its purposes: a TLS certificate may not.
_SIGNING = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # documentSigning, RFC 9336
    }
)


def check_path(
    chain: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate], at: datetime
) -> None:
    """Raise VerificationError unless chain[0] may sign at `at` and leads to one of the anchors.

    An anchor may be the signing certificate itself (pinned). `chain` holds the leaf, then any
    intermediates in any order.
    """
    leaf = chain[0]
    check_signing_purpose(leaf)
    _check_dates(leaf, at)
    if leaf in anchors:
        return
    reason = _climb(leaf, tuple(chain[1:]), tuple(anchors), at, 0)
    if reason:
        raise VerificationError(reason)


def check_signing_purpose(certificate: x509.Certificate) -> None:
    """Raise VerificationError unless the certificate may sign documents."""
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise VerificationError(
            f"certificate {name_of(certificate)} may not sign: its key usage holds neither "
            "digitalSignature nor nonRepudiation"
        )
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    if extended is not None and not _SIGNING.intersection(extended):
        raise VerificationError(
            f"certificate {name_of(certificate)} may not sign: its extended key usage is kept for "
            "other purposes, such as TLS"
        )


def name_of(certificate: x509.Certificate) -> str:
    """The subject, as messages print it."""
    return certificate.subject.rfc4514_string() or "(no subject)"


def _climb(
    child: x509.Certificate,
    pool: tuple[x509.Certificate, ...],
    anchors: tuple[x509.Certificate, ...],
    at: datetime,
    below: int,
) -> str:
    """Empty when a path leads from `child` to an anchor, else why none does.

    `below` counts the authorities under the issuer of `child`.
    """
    reason = (
        f"no path leads from certificate {name_of(child)} (issued by "
        f"{child.issuer.rfc4514_string()}) to a trusted certificate; give its root with --trust"
    )
    for issuer in (*anchors, *pool) if below < DEPTH else ():
        if not _issued(child, issuer):
            continue
        try:
            _check_strength(child)
            _check_authority(issuer, below, at)
        except VerificationError as refused:
            reason = str(refused)
            continue
        rest = tuple(each for each in pool if each != issuer)
        reason = "" if issuer in anchors else _climb(issuer, rest, anchors, at, below + 1)
        if not reason:
            break
    return reason


def _issued(child: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _check_authority(certificate: x509.Certificate, below: int, at: datetime) -> None:
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise VerificationError(f"certificate {name_of(certificate)} is not an authority")
    if constraints.path_length is not None and below > constraints.path_length:
        raise VerificationError(f"the path below authority {name_of(certificate)} is too long")
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        raise VerificationError(f"authority {name_of(certificate)} may not issue certificates")
    _check_dates(certificate, at)


def _check_dates(certificate: x509.Certificate, at: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= at <= end:
        raise VerificationError(
            f"certificate {name_of(certificate)} is valid from {clock.iso(begin)} to "
            f"{clock.iso(end)}, not at the time of the signature, {clock.iso(at)}"
        )
    for extension in _extensions(certificate):
        if extension.critical and extension.oid not in _UNDERSTOOD:
            raise VerificationError(
                f"certificate {name_of(certificate)} has a critical extension that is not "
                f"understood: {extension.oid.dotted_string}"
            )


def _check_strength(certificate: x509.Certificate) -> None:
    try:
        algorithm = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        algorithm = None
    if algorithm is None or isinstance(algorithm, _WEAK):
        raise VerificationError(
            f"certificate {name_of(certificate)} is signed with a weak or unknown algorithm"
        )


def _extensions(certificate: x509.Certificate) -> x509.Extensions:
    try:
        return certificate.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise VerificationError(
            f"certificate {name_of(certificate)} has unreadable extensions: {error}"
        ) from error


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    _extensions(certificate)
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
