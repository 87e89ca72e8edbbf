"""Tools of an attacker: sealed messages are rearranged, and signed with keys that are at hand."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from lxml import etree

from tests.support import bases
from tests.support.bases import NS, Base
from tests.support.wounds import build

DS, SAML, HL7 = NS["ds"], NS["saml"], NS["hl7"]
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
HMAC_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def one(root: etree._Element, path: str) -> etree._Element:
    """The first element of a path, with the prefixes of the fixtures."""
    return root.xpath(path, namespaces=NS)[0]


def der(slug: str) -> str:
    """A certificate of the fixtures as KeyInfo holds it."""
    return base64.b64encode(bases.certificate(slug).public_bytes(Encoding.DER)).decode()


def detach(signature: etree._Element) -> None:
    """Take a signature out as the enveloped-signature transform does: the text after it stays."""
    before = signature.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (signature.tail or "")
    signature.getparent().remove(signature)


def attacked(name: str, attack: Callable[[etree._Element], None]) -> Base:
    """The sealed base whose envelope was rearranged afterwards."""
    base = build(name, [])
    root = etree.fromstring(base.envelope)
    attack(root)
    base.envelope = etree.tostring(root)
    return base


def lot_attacked(attack: Callable[[etree._Element], None], name: str = "td2_1") -> Base:
    """The sealed base whose lot signature was rearranged; hash, size and VIHF are made anew, so
    that nothing but the signature of the lot can tell."""
    base = build(name, [])
    lot = base.part("lot")
    root = etree.fromstring(lot.data)
    attack(root)
    lot.data = etree.tostring(root)
    return resealed(base)


def resealed(base: Base) -> Base:
    """Hash, size and VIHF made anew; the signature of the lot stays as it is."""
    base.envelope = bases._fill_hash_and_size(base.envelope, base.parts)
    base.envelope = bases._sign_vihf(base.envelope, base.vihf_signer)
    return base


def exclusive(node: etree._Element) -> bytes:
    return etree.tostring(node, method="c14n", exclusive=True, with_tail=False)


def digest(octets: bytes) -> str:
    return base64.b64encode(hashlib.sha256(octets).digest()).decode()


def signature_over(
    octets: bytes,
    uri: str,
    signer: str,
    *,
    transforms: str = "",
    method: str = RSA_SHA256,
    certificates: tuple[str, ...] = (),
    references: str | None = None,
) -> etree._Element:
    """A ds:Signature made by hand, whose one Reference holds the digest of those octets."""
    if references is None:
        references = reference(octets, uri, transforms)
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>{references}</ds:SignedInfo>'
    )
    canonical = exclusive(etree.fromstring(info))
    value = base64.b64encode(_value(canonical, signer, method)).decode()
    held = "".join(
        f"<ds:X509Certificate>{der(slug)}</ds:X509Certificate>"
        for slug in certificates or (signer,)
    )
    return etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}">{info}<ds:SignatureValue>{value}</ds:SignatureValue>'
        f"<ds:KeyInfo><ds:X509Data>{held}</ds:X509Data></ds:KeyInfo></ds:Signature>"
    )


def reference(octets: bytes, uri: str | None, transforms: str) -> str:
    named = "" if uri is None else f' URI="{uri}"'
    return (
        f"<ds:Reference{named}>{transforms}"
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{digest(octets)}</ds:DigestValue>'
        "</ds:Reference>"
    )


def transforms(*each: str) -> str:
    """Transforms by algorithm, or whole when they are written as XML."""
    held = (t if t.startswith("<") else f'<ds:Transform Algorithm="{t}"/>' for t in each)
    return f"<ds:Transforms>{''.join(held)}</ds:Transforms>"


def _value(canonical: bytes, signer: str, method: str) -> bytes:
    if method == HMAC_SHA256:
        public: x509.Certificate = bases.certificate(signer)
        key = public.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return hmac.new(key, canonical, "sha256").digest()
    private = load_pem_private_key((bases.PKI / f"{signer}.key.pem").read_bytes(), None)
    return private.sign(canonical, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def evil_twin(assertion: etree._Element, identifier: str | None = "_evil") -> etree._Element:
    """A copy of the assertion that names another user."""
    twin = copy.deepcopy(assertion)
    one(twin, "saml:Subject/saml:NameID").text = "899700000025"
    if identifier is not None:
        twin.set("ID", identifier)
    return twin
