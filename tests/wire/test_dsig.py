"""Signatures made by several libraries, and the classic ways to abuse one."""

from __future__ import annotations

import base64
import copy
import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from lxml import etree

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire import dsig, xml
from dmp_certify.wire.vihf import Vihf
from tests.support import bases
from tests.support.bases import NS
from tests.support.wounds import build

DS = NS["ds"]
KEY = load_pem_private_key((bases.PKI / "org-sign.key.pem").read_bytes(), None)
CERTIFICATE = base64.b64encode(bases.certificate("org-sign").public_bytes(Encoding.DER)).decode()
CHECKS = [check for check in load_all() if check.layer in ("soap", "vihf")]


def verify(document: bytes):
    root = xml.parse(document, "m")
    found = root if root.name == (DS, "Signature") else root.first("//ds:Signature")
    return root, dsig.verify(dsig.read(found))


def test_xmlsec_enveloped_exclusive(wounded):
    vihf = wounded("td0_2").view(Vihf)
    assert vihf.verification.code == "" and vihf.verification.signed == (vihf.element,)


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_signxml_enveloped_exclusive(digest):
    from signxml import XMLSigner, methods

    root = etree.fromstring(f'<a xmlns="urn:a" ID="_1"><b>é &amp; {digest}</b></a>')
    signer = XMLSigner(
        method=methods.enveloped,
        signature_algorithm=f"rsa-{digest}",
        digest_algorithm=digest,
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )
    pem = (bases.PKI / "org-sign.crt.pem").read_bytes()
    signed = signer.sign(root, key=KEY, cert=[pem.decode()], reference_uri="#_1")
    document, result = verify(etree.tostring(signed))
    assert result.code == "" and result.signed == (document,)
    tampered = etree.tostring(signed).replace(b"&amp;", b"and")
    assert verify(tampered)[1].code == "invalid"


def by_hand(info: str, rest: str = "") -> bytes:
    """A signature in the default namespace with inclusive C14N, the shape of the official XAdES:
    the canonical SignedInfo is written here, and no XML library takes part."""
    canonical = info.replace("<SignedInfo>", f'<SignedInfo xmlns="{DS}">')
    value = base64.b64encode(KEY.sign(canonical.encode(), padding.PKCS1v15(), hashes.SHA256()))
    return (
        f'<Signature xmlns="{DS}">{info}<SignatureValue>{value.decode()}</SignatureValue>'
        f"<KeyInfo><X509Data><X509Certificate>{CERTIFICATE}</X509Certificate></X509Data></KeyInfo>"
        f"{rest}</Signature>"
    ).encode()


INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"


def info_of(digest: str, uri: str = "#IHEManifest") -> str:
    return (
        f'<SignedInfo><CanonicalizationMethod Algorithm="{INCLUSIVE}"></CanonicalizationMethod>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
        f'</SignatureMethod><Reference URI="{uri}">'
        '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>'
        f"<DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
    )


MANIFEST = (
    '<Manifest{} Id="IHEManifest"><Reference URI="urn:oid:1.2.3">'
    f'<Transforms><Transform Algorithm="{INCLUSIVE}"></Transform></Transforms>'
    '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"></DigestMethod>'
    "<DigestValue>AA==</DigestValue></Reference></Manifest>"
)


def test_inclusive_under_a_default_namespace_with_a_manifest():
    canonical = MANIFEST.format(f' xmlns="{DS}"')
    digest = base64.b64encode(hashlib.sha256(canonical.encode()).digest()).decode()
    document = by_hand(info_of(digest), f"<Object>{MANIFEST.format('')}</Object>")
    _, result = verify(document)
    assert result.code == ""
    assert [one.place.path for one in result.signed] == ["/ds:Signature/ds:Object/ds:Manifest"]
    assert verify(document.replace(b"urn:oid:1.2.3", b"urn:oid:1.2.4"))[1].code == "invalid"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"#IHEManifest", b"", "reference"),
        (b"#IHEManifest", b"#xpointer(/)", "reference"),
        (b"#IHEManifest", b"http://127.0.0.1:1/x", "reference"),
        (b"rsa-sha256", b"rsa-md5", "algorithm"),
        (b"REC-xml-c14n-20010315", b"REC-xpath-19991116", "algorithm"),
        (b"xmlenc#sha256", b"xmldsig-more#md5", "algorithm"),
        (CERTIFICATE[:40].encode(), b"!!!!", "no-certificate"),
        (b"<X509Certificate>", b"<X509CRL>", "no-certificate"),
        (b"<Object>", b'<Object Id="IHEManifest">', "duplicate-id"),
        (b"<Object>", b'<Object xml:id="IHEManifest">', "duplicate-id"),
    ],
)
def test_what_a_signature_may_not_do(old, new, code):
    document = by_hand(info_of("AAAA"), f"<Object>{MANIFEST.format('')}</Object>")
    changed = document.replace(old, new, 1)
    if b"X509CRL" in new:
        changed = changed.replace(b"</X509Certificate>", b"</X509CRL>")
    assert verify(changed)[1].code == code


def test_an_id_that_begins_with_a_digit_is_found():
    manifest = MANIFEST.replace("IHEManifest", "5f2b1c7e-2a44-4f5e-9e0b-0b1f7f1d6a01")
    digest = hashlib.sha256(manifest.format(f' xmlns="{DS}"').encode()).digest()
    info = info_of(base64.b64encode(digest).decode(), "#5f2b1c7e-2a44-4f5e-9e0b-0b1f7f1d6a01")
    assert verify(by_hand(info, f"<Object>{manifest.format('')}</Object>"))[1].code == ""


# The wrapping attacks on SAML: what the signature covers and what a hasty receiver reads are two
# assertions (Somorovsky et al., "On Breaking SAML", USENIX Security 2012).


def _parts():
    root = etree.fromstring(build("td0_2", []).envelope)
    security = root.find(".//wsse:Security", NS)
    original = security.find("saml:Assertion", NS)
    evil = copy.deepcopy(original)
    evil.find("saml:Subject/saml:NameID", NS).text = "899700000025"
    return root, security, original, evil


def _without_signature(assertion):
    """Take the signature out as the enveloped-signature transform does: the text after it stays."""
    signature = assertion.find("ds:Signature", NS)
    before = signature.getprevious()
    before.tail = (before.tail or "") + (signature.tail or "")
    assertion.remove(signature)


def _sibling_before():
    root, security, _, evil = _parts()
    _without_signature(evil)
    evil.set("ID", "_evil")
    security.insert(0, evil)
    return root


def _original_inside_its_signature():
    root, security, original, evil = _parts()
    evil.set("ID", "_evil")
    signature = evil.find("ds:Signature", NS)
    holder = etree.SubElement(signature, f"{{{DS}}}Object")
    _without_signature(original)
    security.replace(original, evil)
    holder.append(original)
    return root


def _original_moved_to_another_header():
    root, security, original, evil = _parts()
    evil.set("ID", "_evil")
    security.replace(original, evil)
    holder = etree.SubElement(root.find("soap:Header", NS), "{urn:other}Holder")
    _without_signature(original)
    holder.append(original)
    return root


def _same_identifier():
    root, security, _, evil = _parts()
    security.insert(0, evil)
    return root


@pytest.mark.parametrize(
    ("forge", "checks"),
    [
        (_sibling_before, {"vihf.not-alone", "vihf.unsigned"}),
        # The enveloped-signature transform leaves nothing of an assertion inside the signature.
        (_original_inside_its_signature, {"vihf.not-alone", "vihf.signature-invalid"}),
        (_original_moved_to_another_header, {"vihf.not-alone", "vihf.signature-scope-wrong"}),
        (_same_identifier, {"vihf.not-alone", "vihf.signature-scope-wrong"}),
    ],
)
def test_wrapping_is_told(forge, checks):
    base = build("td0_2", [])
    base.envelope = etree.tostring(forge())
    message = bases.message(base)
    assert message.view(Vihf).name_id.value == "899700000025"
    failed = {
        one.check for one in judge_messages((message,), CHECKS) if one.outcome is Outcome.FAIL
    }
    assert failed == checks
