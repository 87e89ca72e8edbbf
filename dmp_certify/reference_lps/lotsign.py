"""The signature document of a lot: XML-DSig over a manifest of its documents, XAdES 1.1.1 shape.

Every signed piece is written in its inclusive canonical form (it declares its own namespace, and
nothing else is in scope), so that what is digested here is what a verifier canonicalises.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from dmp_certify.reference_lps.keys import Signer
from dmp_certify.reference_lps.markup import Xml, document, el
from dmp_certify.reference_lps.moments import instant

DSIG = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.1.1#"
C14N_COMMENTS = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
PURPOSE = "1.2.840.10065.1.12.1.14"
# The digest of what cannot be digested: the lot itself.
ZERO = "AA=="


@dataclass(slots=True)
class Line:
    """One reference of the manifest."""

    oid: str
    digest: str
    canonical: bool


@dataclass(slots=True)
class Manifest:
    """What is signed, before it is written."""

    lines: list[Line]
    signer: Signer
    moment: datetime
    id: str = field(default_factory=lambda: f"_{uuid.uuid4()}")


def build(
    lot_id: str, documents: list[tuple[str, bytes]], signer: Signer, moment: datetime
) -> Manifest:
    """The manifest of a lot and its documents (uniqueId, bytes)."""
    lines = [Line(lot_id, ZERO, canonical=False)]
    lines += [_line(unique_id, data) for unique_id, data in documents]
    return Manifest(lines, signer, moment)


def _line(unique_id: str, data: bytes) -> Line:
    canonical = _canonical(data)
    digest = hashlib.sha256(data if canonical is None else canonical).digest()
    return Line(unique_id, base64.b64encode(digest).decode(), canonical is not None)


def _canonical(data: bytes) -> bytes | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None
    return etree.tostring(root.getroottree(), method="c14n", with_comments=True)


def write(manifest: Manifest) -> bytes:
    """The signature document."""
    body = el(
        "Manifest", *[_reference(line) for line in manifest.lines], xmlns=DSIG, Id="IHEManifest"
    )
    properties = _signed_properties(manifest)
    signed_info = el(
        "SignedInfo",
        el("CanonicalizationMethod", Algorithm=C14N_COMMENTS),
        el("SignatureMethod", Algorithm=RSA_SHA256),
        _digested("#IHEManifest", f"{DSIG}Manifest", body),
        _digested("#S0-SignedProperties", f"{XADES}SignedProperties", properties),
        xmlns=DSIG,
    )
    return document(
        el(
            "Signature",
            signed_info,
            el("SignatureValue", manifest.signer.sign(signed_info.encode())),
            el(
                "KeyInfo",
                el("X509Data", el("X509Certificate", manifest.signer.base64)),
            ),
            el("Object", body),
            el("Object", _purpose(manifest.id)),
            el(
                "Object",
                el(
                    "QualifyingProperties",
                    properties,
                    xmlns=XADES,
                    Target=f"#{manifest.id}",
                ),
            ),
            xmlns=DSIG,
            Id=manifest.id,
        )
    )


def _reference(line: Line) -> Xml:
    transforms = el("Transforms", el("Transform", Algorithm=C14N_COMMENTS))
    return el(
        "Reference",
        transforms if line.canonical else None,
        el("DigestMethod", Algorithm=SHA256),
        el("DigestValue", line.digest),
        URI=f"urn:oid:{line.oid}",
    )


def _digested(uri: str, kind: str, piece: Xml) -> Xml:
    digest = base64.b64encode(hashlib.sha256(piece.encode()).digest()).decode()
    return el(
        "Reference",
        el("DigestMethod", Algorithm=SHA256),
        el("DigestValue", digest),
        Type=kind,
        URI=uri,
    )


def _purpose(signature_id: str) -> Xml:
    return el(
        "SignatureProperties",
        el("SignatureProperty", PURPOSE, Id="purposeOfSignature", Target=f"#{signature_id}"),
    )


def _signed_properties(manifest: Manifest) -> Xml:
    signer = manifest.signer
    digest = base64.b64encode(hashlib.sha256(signer.der).digest()).decode()
    certificate = el(
        "Cert",
        el(
            "CertDigest",
            el("DigestMethod", Algorithm=SHA256),
            el("DigestValue", digest),
        ),
        el(
            "IssuerSerial",
            el("X509IssuerName", signer.issuer, xmlns=DSIG),
            el("X509SerialNumber", str(signer.certificate.serial_number), xmlns=DSIG),
        ),
    )
    return el(
        "SignedProperties",
        el(
            "SignedSignatureProperties",
            el("SigningTime", instant(manifest.moment)),
            el("SigningCertificate", certificate),
            el("SignaturePolicyIdentifier", el("SignaturePolicyImplied")),
        ),
        el("SignedDataObjectProperties"),
        xmlns=XADES,
        Id="S0-SignedProperties",
    )
