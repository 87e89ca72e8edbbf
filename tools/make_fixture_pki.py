"""Make the keys and certificates of `fixtures/_pki`, shaped like those of IGC-Santé TEST.

Test material only. Validity spans 2020 to 2060 so that fixtures judged at a fixed moment never age.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
OUT = Path(__file__).resolve().parent.parent / "fixtures" / "_pki"


def name(**parts: str) -> x509.Name:
    order = {
        "C": NameOID.COUNTRY_NAME,
        "ST": NameOID.STATE_OR_PROVINCE_NAME,
        "O": NameOID.ORGANIZATION_NAME,
        "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "CN": NameOID.COMMON_NAME,
    }
    rdns = []
    for key, oid in order.items():
        values = parts.get(key, "")
        rdns += [x509.NameAttribute(oid, value) for value in values.split("|") if value]
    return x509.Name(rdns)


ISSUER = {"C": "FR", "O": "ASIP-SANTE", "OU": "0002 187512751|IGC-SANTE TEST"}
STRUCTURE = {
    "C": "FR",
    "ST": "Somme (80)",
    "O": "CENTRE HOSPITALIER DE TEST",
    "OU": "1800000010",
}


def issue(
    subject: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer: x509.Name,
    by: rsa.RSAPrivateKey,
    *,
    ca: bool = False,
    usage: str = "",
    eku: str = "",
    end: datetime = END,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
    )
    flags = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    flags.update(
        {
            "ca": {"key_cert_sign": True, "crl_sign": True},
            "auth": {"digital_signature": True, "key_encipherment": True},
            "sign": {"digital_signature": True, "content_commitment": True},
        }[usage]
    )
    builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    if eku == "client":
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
    return builder.sign(by, hashes.SHA256())


def save(slug: str, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
    (OUT / f"{slug}.key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (OUT / f"{slug}.crt.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)

    def new() -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, 2048)

    root_name = name(CN="TEST AC RACINE IGC-SANTE ELEMENTAIRE", **ISSUER)
    ca_name = name(CN="TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS", **ISSUER)
    root_key, ca_key, stranger_key = new(), new(), new()
    root = issue(root_name, root_key, root_name, root_key, ca=True, usage="ca")
    ca = issue(ca_name, ca_key, root_name, root_key, ca=True, usage="ca")
    stranger_name = name(C="FR", O="AUTRE AC", CN="AC INCONNUE")
    stranger = issue(stranger_name, stranger_key, stranger_name, stranger_key, ca=True, usage="ca")
    save("root", root_key, root)
    save("ca", ca_key, ca)
    save("stranger", stranger_key, stranger)
    made = {}
    for slug, cn, usage, eku, end in (
        ("org-auth-cli", "AUTH CLI TEST", "auth", "client", END),
        ("org-sign", "CACHET TEST", "sign", "", END),
        ("expired-auth-cli", "AUTH CLI EXPIRE", "auth", "client", datetime(2024, 1, 1, tzinfo=UTC)),
        ("expired-org-sign", "CACHET EXPIRE", "sign", "", datetime(2024, 1, 1, tzinfo=UTC)),
        ("revoked-org-sign", "CACHET REVOQUE", "sign", "", END),
        ("revoked-auth-cli", "AUTH CLI REVOQUE", "auth", "client", END),
    ):
        key = new()
        made[slug] = issue(
            name(CN=cn, **STRUCTURE), key, ca_name, ca_key, usage=usage, eku=eku, end=end
        )
        save(slug, key, made[slug])
    for slug, ou in (
        ("other-structure-sign", "1800000028"),
        ("other-structure-auth-cli", "1800000028"),
    ):
        key = new()
        usage, eku = ("sign", "") if "sign" in slug else ("auth", "client")
        save(
            slug,
            key,
            issue(
                name(CN="AUTRE STRUCTURE", **{**STRUCTURE, "OU": ou}),
                key,
                ca_name,
                ca_key,
                usage=usage,
                eku=eku,
            ),
        )
    for slug, cn, usage, eku in (
        ("wrong-ca-sign", "CACHET AUTRE AC", "sign", ""),
        ("wrong-ca-auth-cli", "AUTH CLI AUTRE AC", "auth", "client"),
    ):
        key = new()
        subject = name(CN=cn, **STRUCTURE)
        save(
            slug,
            key,
            issue(subject, key, stranger_name, stranger_key, usage=usage, eku=eku),
        )
    crl = _revocation_list(ca_name, ca_key, (made["revoked-org-sign"], made["revoked-auth-cli"]))
    (OUT / "ca.crl.pem").write_bytes(crl.public_bytes(serialization.Encoding.PEM))
    return 0


def _revocation_list(
    issuer: x509.Name, key: rsa.RSAPrivateKey, revoked: tuple[x509.Certificate, ...]
) -> x509.CertificateRevocationList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(START)
        .next_update(END)
    )
    for certificate in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(datetime(2021, 1, 1, tzinfo=UTC))
            .build()
        )
    return builder.sign(key, hashes.SHA256())


if __name__ == "__main__":
    sys.exit(main())
