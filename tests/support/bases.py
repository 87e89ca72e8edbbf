"""Base messages of `fixtures/_base`: loaded, wounded, signed and assembled as a product would.

This is the players' side of the fixtures: it signs with python-xmlsec and assembles multiparts by
hand, and shares nothing with `dmp_certify.wire`, which reads the result.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xmlsec
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from lxml import etree

from dmp_certify.wire.message import Message, TlsFacts, Trust

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
BASES = FIXTURES / "_base"
PKI = FIXTURES / "_pki"
RECEIVED_AT = datetime(2026, 11, 20, 9, 30, 0, tzinfo=UTC)
NS = {
    "soap": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xades": "http://uri.etsi.org/01903/v1.1.1#",
    "hl7": "urn:hl7-org:v3",
    "xdsb": "urn:ihe:iti:xds-b:2007",
    "lcm": "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "xop": "http://www.w3.org/2004/08/xop/include",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
}


@dataclass
class Part:
    """One MIME part that is not the root: a document or the lot's signature."""

    name: str
    data: bytes
    cid: str
    type: str
    entry: str


@dataclass
class Base:
    """A message before it is put on the wire; wounds change it in place."""

    target: str
    content: str
    action: str
    envelope: bytes
    parts: list[Part]
    method: str = "POST"
    headers: dict[str, str | None] = field(default_factory=dict)
    vihf_signer: str = "org-sign"
    lot_signer: str = "org-sign"
    tls: dict[str, Any] = field(default_factory=dict)
    received_at: datetime = RECEIVED_AT
    product: dict[str, str] = field(default_factory=dict)
    conformance: dict[str, Any] = field(default_factory=dict)
    body_edits: list[tuple[bytes, bytes]] = field(default_factory=list)
    raw_edits: list[tuple[bytes, bytes]] = field(default_factory=list)

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def get(self, where: str) -> bytes:
        return self.envelope if where == "envelope" else self.part(where).data

    def put(self, where: str, data: bytes) -> None:
        if where == "envelope":
            self.envelope = data
        else:
            self.part(where).data = data


def load(name: str) -> Base:
    """A fresh copy of `fixtures/_base/<name>`."""
    folder = BASES / name
    spec = yaml.safe_load((folder / "message.yaml").read_text("utf-8"))
    parts = [
        Part(p["name"], (folder / p["file"]).read_bytes(), p["cid"], p["type"], p["entry"])
        for p in spec["parts"]
    ]
    return Base(
        target=spec["target"],
        content=spec["content"],
        action=spec["action"],
        envelope=(folder / spec["envelope"]).read_bytes() if "envelope" in spec else b"",
        parts=parts,
        product={
            "vendor": "Éditeur d'essai",
            "name": "LPS d'essai",
            "version": "4.2.0",
            "approval_id": "ABC-123-TEST",
        },
        conformance={
            "auth_modes": ["INDIRECTE"],
            "transactions": ["TD0.2", "TD2.1"],
            "professions": ["10"],
            "documents": ["level1-pdf", "structured"],
        },
    )


def seal(base: Base) -> None:
    """Recompute what depends on the rest: manifest digests, lot signature, hash, size, VIHF."""
    lot = next((part for part in base.parts if part.name == "lot"), None)
    if lot is not None:
        lot.data = _sign_lot(lot.data, base)
    if base.parts and base.envelope:
        base.envelope = _fill_hash_and_size(base.envelope, base.parts)
    base.envelope = _sign_vihf(base.envelope, base.vihf_signer)


def _write(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def certificate(slug: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((PKI / f"{slug}.crt.pem").read_bytes())


def _key(slug: str) -> xmlsec.Key:
    return xmlsec.Key.from_file(str(PKI / f"{slug}.key.pem"), xmlsec.KeyFormat.PEM)


def _base64_der(slug: str) -> str:
    return base64.b64encode(certificate(slug).public_bytes(Encoding.DER)).decode()


def _sign_vihf(envelope: bytes, signer: str) -> bytes:
    if not envelope:
        return envelope
    try:
        root = etree.fromstring(envelope)
    except etree.XMLSyntaxError:
        return envelope
    for assertion in root.iterfind(".//saml:Assertion", NS):
        signature = assertion.find("ds:Signature", NS)
        if signature is None:
            continue
        for slot in signature.iterfind(".//ds:X509Certificate", NS):
            slot.text = _base64_der(signer)
        _sign(assertion, signature, signer)
    return _write(root)


def _sign(scope: etree._Element, signature: etree._Element, signer: str) -> None:
    context = xmlsec.SignatureContext()
    context.key = _key(signer)
    xmlsec.tree.add_ids(scope, ["ID", "Id"])
    key_info = signature.find("ds:KeyInfo", NS)
    kept = None if key_info is None else list(key_info)
    for child in kept or ():
        key_info.remove(child)  # type: ignore[union-attr]
    context.sign(signature)
    for child in kept or ():
        key_info.append(child)  # type: ignore[union-attr]


def _sign_lot(data: bytes, base: Base) -> bytes:
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    ids = _unique_ids(base.envelope)
    manifest = root.find(".//ds:Manifest", NS)
    for reference in manifest if manifest is not None else ():
        value = reference.find("ds:DigestValue", NS)
        if value is None or value.text == "AA==":
            continue
        wanted = str(reference.get("URI")).removeprefix("urn:oid:")
        for part in base.parts:
            if ids.get(part.entry) == wanted:
                method = reference.find("ds:DigestMethod", NS).get("Algorithm")  # type: ignore[union-attr]
                value.text = _document_digest(part.data, _DIGESTS[str(method)])
    _fill_signing_certificate(root, base.lot_signer)
    for slot in root.iterfind(".//ds:X509Certificate", NS):
        slot.text = _base64_der(base.lot_signer)
    if root.tag == f"{{{NS['ds']}}}Signature" and root.find("ds:SignedInfo", NS) is not None:
        _sign_by_hand(root, base.lot_signer)
    return _write(root)


def _sign_by_hand(root: etree._Element, signer: str) -> None:
    """Sign a detached-manifest signature; xmlsec would fetch the manifest's `urn:oid:` references.

    The templates may have a default namespace, where lxml's C14N of an inner element is wrong.
    """
    info = root.find("ds:SignedInfo", NS)
    assert info is not None
    for reference in info.iterfind("ds:Reference", NS):
        target = next(
            (node for node in root.iter() if node.get("Id") == reference.get("URI", "")[1:]), None
        )
        value = reference.find("ds:DigestValue", NS)
        if target is not None and value is not None:
            canonical = _canonical(target, with_comments=False)
            method = reference.find("ds:DigestMethod", NS).get("Algorithm")  # type: ignore[union-attr]
            digest = hashlib.new(_DIGESTS[str(method)], canonical).digest()
            value.text = base64.b64encode(digest).decode()
    algorithm = info.find("ds:SignatureMethod", NS).get("Algorithm")  # type: ignore[union-attr]
    chosen = hashes.SHA1() if str(algorithm).endswith("rsa-sha1") else hashes.SHA256()
    canonical = _canonical(info, with_comments=True)
    key = load_pem_private_key((PKI / f"{signer}.key.pem").read_bytes(), None)
    signed = key.sign(canonical, padding.PKCS1v15(), chosen)  # type: ignore[union-attr,call-arg]
    slot = root.find("ds:SignatureValue", NS)
    assert slot is not None
    slot.text = base64.b64encode(signed).decode()


def _canonical(node: etree._Element, with_comments: bool) -> bytes:
    """Inclusive C14N of an inner element: it is made a document of its own, namespaces and all."""
    alone = etree.fromstring(etree.tostring(node, with_tail=False))
    return etree.tostring(alone, method="c14n", with_comments=with_comments)


def _fill_signing_certificate(root: etree._Element, signer: str) -> None:
    leaf = certificate(signer)
    for cert in root.xpath("//*[local-name()='SigningCertificate']/*[local-name()='Cert']"):
        method = cert.find(".//{*}DigestMethod")
        algorithm = _DIGESTS[str(method.get("Algorithm"))]
        for value in cert.iterfind(".//{*}DigestValue"):
            if value.text == "AA==":
                continue
            digest = hashlib.new(algorithm, leaf.public_bytes(Encoding.DER)).digest()
            value.text = base64.b64encode(digest).decode()
        for name in cert.iterfind(".//ds:X509IssuerName", NS):
            name.text = leaf.issuer.rfc4514_string()
        for serial in cert.iterfind(".//ds:X509SerialNumber", NS):
            serial.text = str(leaf.serial_number)


def _document_digest(data: bytes, algorithm: str) -> str:
    tree = etree.fromstring(data).getroottree()
    canonical = etree.tostring(tree, method="c14n", with_comments=True)
    return base64.b64encode(hashlib.new(algorithm, canonical).digest()).decode()


def _unique_ids(envelope: bytes) -> dict[str, str]:
    root = etree.fromstring(envelope)
    return {
        str(entry.get("id")): str(ident.get("value"))
        for entry in root.iterfind(".//rim:ExtrinsicObject", NS)
        for ident in entry.iterfind("rim:ExternalIdentifier", NS)
        if str(ident.get("identificationScheme")).endswith("2e82c1f6-a085-4c72-9da3-8640a32e42ab")
    }


def _fill_hash_and_size(envelope: bytes, parts: list[Part]) -> bytes:
    root = etree.fromstring(envelope)
    for part in parts:
        values = {"hash": hashlib.sha1(part.data).hexdigest(), "size": str(len(part.data))}
        for entry in root.iterfind(".//rim:ExtrinsicObject", NS):
            if entry.get("id") != part.entry:
                continue
            for slot in entry.iterfind("rim:Slot", NS):
                if slot.get("name") in values:
                    slot.find(".//rim:Value", NS).text = values[slot.get("name")]  # type: ignore
    return _write(root)


def multipart(base: Base) -> tuple[str, bytes]:
    """(Content-Type, body) of the MTOM message."""
    boundary = "uuid:4c1a2f0b-8f0e-4d1b-9a57-6f3f1f1f1a01"
    start = "root@lps.test"
    head = (
        f'Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"; '
        f'action="{base.action}"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{start}>'
    )
    pieces = [(head, base.envelope)] + [
        (
            f"Content-Type: {part.type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{part.cid}>",
            part.data,
        )
        for part in base.parts
    ]
    body = b"".join(
        b"--" + boundary.encode() + b"\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n"
        for head, data in pieces
    )
    content_type = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; '
        f'start="<{start}>"; start-info="application/soap+xml"; action="{base.action}"'
    )
    return content_type, body + b"--" + boundary.encode() + b"--\r\n"


def http_bytes(base: Base) -> bytes:
    """The raw HTTP/1.1 request."""
    if base.content == "mtom":
        content_type, body = multipart(base)
    else:
        content_type = f'application/soap+xml; charset=UTF-8; action="{base.action}"'
        body = base.envelope
    body = _edited(body, base.body_edits)
    headers: dict[str, str | None] = {
        "Host": "dmp.test",
        "User-Agent": "LPS-essai/4.2.0",
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        **base.headers,
    }
    lines = [f"{base.method} {base.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return _edited("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body, base.raw_edits)


def _edited(data: bytes, edits: list[tuple[bytes, bytes]]) -> bytes:
    for old, new in edits:
        assert old in data, f"{old!r} is not on the wire: the case would prove nothing"
        data = data.replace(old, new, 1)
    return data


def trust() -> Trust:
    """The anchors of the fixtures' PKI and its revocation list."""
    crl = x509.load_pem_x509_crl((PKI / "ca.crl.pem").read_bytes())
    anchors = (certificate(slug).public_bytes(Encoding.DER) for slug in ("root", "ca"))
    return Trust(tuple(anchors), (crl.public_bytes(Encoding.DER),))


def tls_facts(overrides: Mapping[str, Any]) -> TlsFacts:
    """TLS facts of a good connection, changed by the case (`chain` lists slugs of the PKI)."""
    chain = overrides.get("chain", ["org-auth-cli", "ca"])
    return TlsFacts(
        connection="c0001",
        established=overrides.get("established", True),
        version=overrides.get("version", "TLSv1.2"),
        cipher=overrides.get("cipher", "ECDHE-RSA-AES256-GCM-SHA384"),
        client_chain=tuple(certificate(slug).public_bytes(Encoding.DER) for slug in chain),
        reason=overrides.get("reason", ""),
    )


def message(base: Base) -> Message:
    """What the judge receives; a base without envelope is a lone document."""
    if not base.envelope:
        document = base.part("document")
        return Message("document.xml", "cda", document.data, base.received_at)
    return Message(
        artifact="exchange/0001/request",
        kind="http",
        raw=http_bytes(base),
        received_at=base.received_at,
        exchange="0001",
        tls=tls_facts(base.tls),
        trust=trust(),
        product=base.product,
        conformance=base.conformance,
    )


def connection(base: Base) -> Message:
    """The connection of the message, a subject of its own."""
    return Message(
        artifact="connection/c0001",
        kind="connection",
        raw=b"",
        received_at=base.received_at,
        tls=tls_facts(base.tls),
        trust=trust(),
        product=base.product,
        conformance=base.conformance,
    )
