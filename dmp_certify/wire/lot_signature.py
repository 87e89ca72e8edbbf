"""The signature of a submission set: a ds:Signature that travels as a document of the lot.

Shape: IHE ITI DSG (a Manifest `IHEManifest` whose references name the lot and its documents by
`urn:oid:`), XAdES v1.1.1 or later signed properties, and the purpose of signature of ISO 17090-4 /
ASTM E1762. The digests of the manifest are compared here; xmlsec never fetches its references.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from dmp_certify.finding import Place, Text
from dmp_certify.wire import certificates, dsig, instants, ns, xml
from dmp_certify.wire.certificates import Certificate, Path
from dmp_certify.wire.instants import Instant
from dmp_certify.wire.lot_manifest import HASHES, ManifestReference, method_of, read_reference
from dmp_certify.wire.message import Located, Message, Unreadable, reader
from dmp_certify.wire.vihf import Vihf
from dmp_certify.wire.xds import DocumentEntry, Submission
from dmp_certify.wire.xml import Element

MANIFEST_ID = "IHEManifest"
_XADES = "(local-name()='{0}' and starts-with(namespace-uri(),'http://uri.etsi.org/01903/'))"
_SIGNATURE = (ns.PREFIXES["ds"], "Signature")


@dataclass(frozen=True)
class CertificateDigest:
    """One xades:Cert: the digest and serial number of a certificate of the signer's chain."""

    method: Located[str]
    digest: Located[str]
    serial: Located[str] | None

    def names(self, der: bytes) -> bool:
        """Whether the digest is that of the certificate."""
        name = HASHES.get(self.method.value)
        if name is None:
            return False
        value = base64.b64encode(hashlib.new(name, der).digest()).decode()
        return value == "".join(self.digest.value.split())


@dataclass(frozen=True)
class SignedProperties:
    """xades:SignedProperties. `version` is their namespace."""

    place: Place
    element: Element = field(repr=False)
    id: str
    version: str
    signing_time: Located[Instant] | None
    certificates: tuple[CertificateDigest, ...]
    policy: bool


@dataclass(frozen=True)
class LotSignature:
    """The signature of one submission.

    `manifest` is the element that the SignedInfo references as `#IHEManifest`; `purpose` is the
    SignatureProperty `purposeOfSignature` and `target` what it says it signs. `path` is the
    signer's certificate path at the reception, None without certificate or trust; `vihf_signer`
    the certificate of the assertion of the same call.
    """

    place: Place
    element: Element = field(repr=False)
    submission: Submission = field(repr=False)
    received_at: datetime
    id: str
    signature: dsig.Signature
    manifest: Element | None
    references: tuple[ManifestReference, ...]
    properties: SignedProperties | None
    purpose: Located[str] | None
    target: Located[str] | None
    path: Path | None
    vihf_signer: Certificate | None
    vihf_mode: str

    @cached_property
    def verification(self) -> dsig.Verification:
        return dsig.verify(self.signature)

    @property
    def signer(self) -> Located[Certificate] | None:
        return self.signature.signer

    def covers(self, element: Element | None, identifier: str) -> bool:
        """Whether a reference of the SignedInfo names the id and leads to that very element.

        An element of the right name elsewhere is not the signed one (signature wrapping).
        """
        if element is None or element.get("Id") != identifier or not identifier:
            return False
        if not any(one.uri.value == f"#{identifier}" for one in self.signature.references):
            return False
        return bool(self.verification.code) or element in self.verification.signed

    def reference_to(self, oid: str) -> ManifestReference | None:
        """The manifest's first reference to that OID, or None."""
        return next(iter(self.references_to(oid)), None)

    def references_to(self, oid: str) -> tuple[ManifestReference, ...]:
        """All the manifest's references to that OID: a verifier compares each."""
        return tuple(one for one in self.references if oid and one.oid == oid)

    @property
    def set_id(self) -> str:
        """The uniqueId of the lot, empty when it has none."""
        lot = self.submission.set
        return lot.text("uniqueId") if lot else ""

    def documents(self) -> Iterator[tuple[DocumentEntry, str, bytes | None]]:
        """Each document entry but the signature's, its uniqueId, its bytes."""
        for entry in self.submission.clinical:
            document = self.submission.document_of(entry)
            yield entry, entry.text("uniqueId"), document.data if document else None

    @property
    def sha1(self) -> Located[str] | None:
        """The first use of SHA-1 in the signature or its manifest."""
        methods = (one.method for one in self.references)
        weak = (one for one in methods if one.value in dsig.SHA1_ALGORITHMS)
        return self.signature.sha1 or next(weak, None)


@dataclass(frozen=True)
class SignaturePart:
    """What the signature entry of a submission carries: `signature`, or `problem` says why not."""

    place: Place
    signature: LotSignature | None
    problem: Unreadable | None


@reader(SignaturePart)
def read_parts(message: Message) -> Iterator[SignaturePart]:
    """The content of each signature entry whose document came along."""
    for submission in message.views(Submission):
        for entry in submission.signatures:
            document = submission.document_of(entry)
            if document is not None and document.data is not None:
                yield _part(message, submission, document.data, document.artifact)


@reader(LotSignature)
def read(message: Message) -> Iterator[LotSignature]:
    """The signature of the lot. Raises Unreadable when its entry carries something else."""
    for part in message.views(SignaturePart):
        if part.problem is not None:
            raise part.problem
        if part.signature is not None:
            yield part.signature


def _part(message: Message, submission: Submission, data: bytes, artifact: str) -> SignaturePart:
    place = Place(artifact)
    try:
        root = xml.parse(data, artifact)
        if root.name != _SIGNATURE:
            seen = f"{{{root.name[0]}}}{root.name[1]}"
            raise Unreadable(root.place, Text(f"la racine est {seen}", f"the root is {seen}"))
    except Unreadable as stopped:
        return SignaturePart(place, None, stopped)
    return SignaturePart(place, _signature(message, submission, root), None)


def _signature(message: Message, submission: Submission, root: Element) -> LotSignature:
    signature = dsig.read(root)
    manifest = root.first(f"ds:Object/ds:Manifest[@Id='{MANIFEST_ID}']") or root.first(
        "ds:Object/ds:Manifest"
    )
    purpose = root.first(".//ds:SignatureProperty[@Id='purposeOfSignature']")
    vihf = _vihf(message)
    path = None
    if signature.signer is not None and message.trust.certificates:
        path = certificates.path(
            signature.signer_der, signature.chain, message.trust, message.received_at
        )
    return LotSignature(
        place=root.place,
        element=root,
        submission=submission,
        received_at=message.received_at,
        id=root.get("Id") or "",
        signature=signature,
        manifest=manifest,
        references=tuple(map(read_reference, manifest.all("ds:Reference"))) if manifest else (),
        properties=_properties(root),
        purpose=purpose.located_text() if purpose else None,
        target=purpose.attribute("Target") if purpose else None,
        path=path,
        vihf_signer=vihf.signer.value if vihf and vihf.signer else None,
        vihf_mode=vihf.mode.value if vihf and vihf.mode else "",
    )


def _vihf(message: Message) -> Vihf | None:
    try:
        return message.view(Vihf)
    except Unreadable:
        return None


def _properties(root: Element) -> SignedProperties | None:
    found = root.first(f"ds:Object//*[{_XADES.format('SignedProperties')}]")
    if found is None:
        return None
    time = found.first(f".//*[{_XADES.format('SigningTime')}]")
    held = found.all(
        f".//*[{_XADES.format('SigningCertificate')} or {_XADES.format('SigningCertificateV2')}]"
        f"/*[{_XADES.format('Cert')}]"
    )
    return SignedProperties(
        found.place,
        found,
        found.get("Id") or "",
        found.name[0],
        Located(instants.parse(time.text), time.place) if time else None,
        tuple(map(_certificate, held)),
        found.first(f".//*[{_XADES.format('SignaturePolicyIdentifier')}]") is not None,
    )


def _certificate(element: Element) -> CertificateDigest:
    digest = element.first("*[local-name()='CertDigest']") or element
    value = digest.first("*[local-name()='DigestValue']")
    serial = element.first(".//*[local-name()='X509SerialNumber']")
    return CertificateDigest(
        method_of(digest),
        value.located_text() if value else Located("", digest.place),
        serial.located_text() if serial else None,
    )
