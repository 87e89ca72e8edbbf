"""How one certificate of the test PKI is made: names, uses and dates.

The shapes follow IGC-Santé, élémentaire range, organisations: issuer
`CN=TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS,OU=IGC-SANTE TEST,OU=0002 187512751,O=ASIP-SANTE,
C=FR`, subject `CN,OU=<Struct_IdNat>,O,ST,C=FR`.
"""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CRL_URL = "http://igc-sante.esante.gouv.fr/CRL/ACI-EL-ORG-TEST.crl"
_ISSUER = (
    (NameOID.COUNTRY_NAME, "FR"),
    (NameOID.ORGANIZATION_NAME, "ASIP-SANTE"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "0002 187512751"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "IGC-SANTE TEST"),
)


class Use(Enum):
    """What a certificate is for."""

    AUTHORITY = "authority"
    CLIENT = "ORG_AUTH_CLI"
    SIGNATURE = "ORG_SIGN"
    SERVER = "ORG_AUTH_SRV"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others, with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Dates:
    """The validity of a certificate, in UTC."""

    begin: datetime.datetime
    end: datetime.datetime


def new_key() -> rsa.RSAPrivateKey:
    """A key as IGC-Santé wants them: RSA, 2048 bits."""
    return rsa.generate_private_key(65537, 2048)


def authority_name(common_name: str) -> x509.Name:
    """The distinguished name of a test authority."""
    return _name([*_ISSUER, (NameOID.COMMON_NAME, common_name)])


def organisation_name(
    common_name: str, structure_id: str, organisation: str, department: str
) -> x509.Name:
    """The distinguished name of an organisation's certificate."""
    return _name(
        [
            (NameOID.COUNTRY_NAME, "FR"),
            (NameOID.STATE_OR_PROVINCE_NAME, department),
            (NameOID.ORGANIZATION_NAME, organisation),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, structure_id),
            (NameOID.COMMON_NAME, common_name),
        ]
    )


def certify(
    subject: x509.Name,
    public_key: rsa.RSAPublicKey,
    issuer: Issuer | rsa.RSAPrivateKey,
    use: Use,
    dates: Dates,
    hosts: Sequence[str] = (),
) -> x509.Certificate:
    """A certificate for `subject`; a bare key as `issuer` makes it self-signed."""
    if isinstance(issuer, Issuer):
        issuer_name, issuer_key = issuer.certificate.subject, issuer.key
    else:
        issuer_name, issuer_key = subject, issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(dates.begin)
        .not_valid_after(dates.end)
        .add_extension(x509.BasicConstraints(use is Use.AUTHORITY, None), critical=True)
        .add_extension(_key_usage(use), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    for extension in _optional_extensions(use, hosts):
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def revocation_list(
    issuer: Issuer, revoked: Sequence[x509.Certificate], dates: Dates, number: int
) -> x509.CertificateRevocationList:
    """The CRL of `issuer`, numbered `number`, valid over `dates`."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(dates.begin)
        .next_update(dates.end)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
    )
    for certificate in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(dates.begin)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            .build()
        )
    return builder.sign(issuer.key, hashes.SHA256())


def _name(parts: Sequence[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _key_usage(use: Use) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=use is not Use.AUTHORITY,
        content_commitment=use is Use.SIGNATURE,
        key_encipherment=use is Use.SERVER,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=use is Use.AUTHORITY,
        crl_sign=use is Use.AUTHORITY,
        encipher_only=False,
        decipher_only=False,
    )


def _optional_extensions(use: Use, hosts: Sequence[str]) -> list[x509.ExtensionType]:
    found: list[x509.ExtensionType] = []
    if use is Use.CLIENT:
        found.append(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]))
    if use is Use.SERVER:
        found.append(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
    if use is not Use.AUTHORITY:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_URL)], None, None, None)
        found.append(x509.CRLDistributionPoints([point]))
    if hosts:
        found.append(x509.SubjectAlternativeName([_general_name(host) for host in hosts]))
    return found


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
