"""The messages as bytes: signatures hold for another library, schemas hold, hashes are true."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator

import pytest
import xmlsec
from lxml import etree

from dmp_certify.reference_lps.desk import Desk
from tests.reference_lps.harness import (
    CORPUS,
    NS,
    PATIENT,
    LoopbackDmp,
    Received,
    document,
    slots,
)

IDS = {"{urn:oasis:names:tc:SAML:2.0:assertion}Assertion": "ID"}


@pytest.fixture
def fed(dmp: LoopbackDmp, desk: Desk) -> Received:
    """One lot of a level 1 document and a structured one."""
    orders = [document(), document("structured")]
    told = desk.carry_out(dmp.order("feed", patient=PATIENT, documents=orders))
    assert told["outcome"] == "done", told
    return dmp.received[0]


def verify(root: etree._Element) -> None:
    """Verifies the first signature below `root` with xmlsec and the certificate it holds."""
    signature = root if root.tag.endswith("}Signature") else root.find(".//ds:Signature", NS)
    assert signature is not None
    for node in root.iter(tag=etree.Element):
        for name in ("Id", "ID"):
            if name in node.attrib:
                xmlsec.tree.add_ids(node, [name])
    der = signature.findtext(".//ds:X509Certificate", "", NS)
    pem = f"-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n"
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pem.encode(), xmlsec.constants.KeyDataFormatCertPem, None)
    context.verify(signature)


def test_the_vihf_signature_holds_inside_the_message(fed: Received) -> None:
    verify(fed.soap)


def test_a_touched_vihf_no_longer_holds(fed: Received) -> None:
    root = fed.soap
    value = root.find(".//saml:Attribute[@Name='LPS_Version']/saml:AttributeValue", NS)
    assert value is not None
    value.text = "0.0.1"
    with pytest.raises(xmlsec.VerificationError):
        verify(root)


def test_the_vihf_speaks_of_the_signing_certificate(fed: Received) -> None:
    issuer = fed.soap.findtext(".//saml:Issuer", "", NS)
    assert re.fullmatch(r"CN=.*ORG-SIGN,OU=\d+,O=[^,]+,ST=[^,]+,C=FR", issuer)


@pytest.fixture
def documents_by_oid(fed: Received) -> Iterator[None]:
    """Lets xmlsec fetch the `urn:oid:` references of the manifest from the lot itself."""
    data = [fed.document(name) for name in ("Document01", "Document02")]
    found = {_oid(d): d for d in data}

    def read(stream: io.BytesIO, buffer: memoryview) -> int:
        return stream.readinto(buffer)

    xmlsec.cleanup_callbacks()
    xmlsec.register_callbacks(
        lambda name: name.startswith(b"urn:oid:"),
        lambda name: io.BytesIO(found.get(name.decode(), b"<lot/>")),
        read,
        lambda stream: stream.close(),
    )
    yield
    xmlsec.cleanup_callbacks()
    xmlsec.register_default_callbacks()


def _oid(cda: bytes) -> str:
    identifier = etree.fromstring(cda).find("hl7:id", NS)
    assert identifier is not None
    return f"urn:oid:{identifier.get('root')}"


@pytest.mark.usefixtures("documents_by_oid")
def test_the_lot_signature_holds(fed: Received) -> None:
    verify(etree.fromstring(fed.document("Signature01")))


def test_the_manifest_digests_the_documents(fed: Received) -> None:
    signature = etree.fromstring(fed.document("Signature01"))
    references = signature.findall(".//ds:Manifest/ds:Reference", NS)
    assert references[0].findtext("ds:DigestValue", "", NS) == "AA=="
    for reference, name in zip(references[1:], ("Document01", "Document02"), strict=True):
        data = fed.document(name)
        unique_id = etree.fromstring(data).find("hl7:id", NS)
        assert unique_id is not None
        assert reference.get("URI") == f"urn:oid:{unique_id.get('root')}"
        digest = reference.findtext("ds:DigestValue", "", NS)
        assert digest == _xmlsec_digest(data)


def _xmlsec_digest(data: bytes) -> str:
    """The digest of a whole document under C14N with comments, as xmlsec computes it."""
    holder = etree.fromstring(data)
    with_comments = xmlsec.constants.TransformInclC14NWithComments
    signature = xmlsec.template.create(holder, with_comments, xmlsec.constants.TransformHmacSha1)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, with_comments)
    holder.append(signature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, b"key")
    context.sign(signature)
    return reference.findtext("ds:DigestValue", "", NS).strip()


def test_hash_and_size_are_those_of_the_bytes(fed: Received) -> None:
    for entry in fed.soap.findall(".//rim:ExtrinsicObject", NS):
        data = fed.document(entry.get("id", ""))
        assert slots(entry)["hash"] == [hashlib.sha1(data).hexdigest()]
        assert slots(entry)["size"] == [str(len(data))]


def test_the_request_is_mtom(fed: Received) -> None:
    kind = fed.headers["Content-Type"]
    assert kind.startswith('multipart/related; type="application/xop+xml"')
    assert 'start-info="application/soap+xml"' in kind
    headers, _ = fed.parts()[0]
    assert headers["Content-Type"].startswith(
        'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    )
    assert len(fed.parts()) == 4


def test_the_metadata_is_valid_ebxml(fed: Received) -> None:
    schema_file = CORPUS / "xsd-ebxml" / "lcm.xsd"
    if not schema_file.exists():
        pytest.skip(f"no corpus: {schema_file}")
    schema = etree.XMLSchema(file=str(schema_file))
    request = fed.soap.find(".//lcm:SubmitObjectsRequest", NS)
    assert request is not None
    schema.assertValid(etree.ElementTree(request))


def test_the_documents_are_valid_cda(fed: Received) -> None:
    schema_file = CORPUS / "ans-cda-3.0" / "infrastructure" / "cda" / "CDA_extended.xsd"
    if not schema_file.exists():
        pytest.skip(f"no corpus: {schema_file}")
    schema = etree.XMLSchema(file=str(schema_file))
    for name in ("Document01", "Document02"):
        schema.assertValid(etree.ElementTree(etree.fromstring(fed.document(name))))


def test_each_call_has_its_own_identifiers(dmp: LoopbackDmp, desk: Desk) -> None:
    for _ in range(3):
        desk.carry_out(dmp.order("feed", patient=PATIENT, documents=[document()]))
    messages = {got.soap.findtext(".//wsa:MessageID", "", NS) for got in dmp.received}
    assertions = {got.soap.find(".//saml:Assertion", NS).get("ID") for got in dmp.received}  # type: ignore[union-attr]
    identifiers = [e.get("id") for got in dmp.received for e in got.soap.iter("{*}Classification")]
    assert len(messages) == len(assertions) == 3
    assert len(set(identifiers)) == len(identifiers)
