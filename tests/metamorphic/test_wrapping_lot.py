"""Signature wrapping and its kin against the signature of the lot.

Hash, size and VIHF are made anew after each attack, so that only the signature's own checks can
tell.
"""

from __future__ import annotations

import copy
import hashlib
from base64 import b64encode
from collections.abc import Callable

import pytest
from lxml import etree

from dmp_certify.outcome import Outcome
from tests.metamorphic.forging import (
    DS,
    HMAC_SHA256,
    _value,
    der,
    lot_attacked,
    one,
    resealed,
)
from tests.metamorphic.judging import findings, named
from tests.support import bases
from tests.support.bases import NS, Base
from tests.support.wounds import build

ATTACKS: dict[str, tuple[Callable[[etree._Element], None], set[str]]] = {}
MANIFEST = "ds:Object/ds:Manifest"
PROPERTIES = "ds:Object//xades:SignedProperties"
ZERO = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
# Transforms that leave of a document what the signer pleases: algorithm and content.
DROPPING = {
    "xpath": (
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        f'<ds:XPath xmlns:ds="{DS}">false()</ds:XPath>',
    ),
    "xpath-filter2": (
        "http://www.w3.org/2002/06/xmldsig-filter2",
        '<XPath xmlns="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">/</XPath>',
    ),
    "xslt": (
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
        '<xsl:output method="text"/><xsl:template match="/"/></xsl:stylesheet>',
    ),
    "base64": (f"{DS}base64", ""),
    "unknown": ("urn:nothing", ""),
}


def attack(*checks: str) -> Callable[[Callable[[etree._Element], None]], None]:
    """Declare an attack and the checks that must FAIL on it."""

    def declare(function: Callable[[etree._Element], None]) -> None:
        ATTACKS[function.__name__] = (function, set(checks))

    return declare


def forged(manifest: etree._Element, identifier: str | None) -> etree._Element:
    """A manifest that vouches for another document."""
    made = copy.deepcopy(manifest)
    made[1].find("ds:DigestValue", NS).text = ZERO
    made.attrib.pop("Id")
    if identifier:
        made.set("Id", identifier)
    return made


def hide(root: etree._Element, element: etree._Element, within: str) -> None:
    """Move an element to where a careless reader does not look."""
    holder = etree.SubElement(root, f"{{{DS}}}Object")
    inner = etree.SubElement(holder, "{urn:x}Wrapper") if within == "wrapper" else holder
    inner.append(element)


def resign(root: etree._Element, signer: str = "org-sign") -> None:
    """Digests and value made anew over what the SignedInfo now says."""
    bases._sign_by_hand(root, signer)


# Wrapping of the manifest.


@attack("signature.invalid")
def manifest_moved_a_forgery_bears_its_id(root: etree._Element) -> None:
    manifest = one(root, MANIFEST)
    manifest.getparent().replace(manifest, forged(manifest, "IHEManifest"))
    hide(root, manifest, "wrapper")


@attack("signature.coverage-incomplete")
def manifest_moved_a_forgery_without_id(root: etree._Element) -> None:
    manifest = one(root, MANIFEST)
    manifest.getparent().replace(manifest, forged(manifest, None))
    hide(root, manifest, "wrapper")


@attack("signature.coverage-incomplete")
def manifest_moved_a_forgery_of_another_id(root: etree._Element) -> None:
    manifest = one(root, MANIFEST)
    manifest.getparent().replace(manifest, forged(manifest, "IHEManifest2"))
    hide(root, manifest, "wrapper")


@pytest.mark.parametrize(
    "attribute",
    ["ID", "AssertionID", "{http://www.w3.org/XML/1998/namespace}id"],
)
def test_a_forgery_bears_the_id_under_another_name(attribute: str) -> None:
    def forge(root: etree._Element) -> None:
        manifest = one(root, MANIFEST)
        twin = forged(manifest, None)
        twin.set(attribute, "IHEManifest")
        manifest.getparent().replace(manifest, twin)
        hide(root, manifest, "wrapper")

    assert "signature.invalid" in named(findings(lot_attacked(forge)))


@attack("signature.manifest-incomplete", "signature.invalid")
def manifest_alone_is_a_forgery(root: etree._Element) -> None:
    one(root, MANIFEST)[1].set("URI", "urn:oid:1.2.250.1.999.6.6.6")


# Wrapping of the signed properties.


@attack("signature.coverage-incomplete")
def properties_moved_a_forgery_of_another_id(root: etree._Element) -> None:
    signed = one(root, PROPERTIES)
    twin = copy.deepcopy(signed)
    twin.set("Id", "S0-Other")
    one(twin, ".//xades:SigningTime").text = "2020-01-01T00:00:00Z"
    signed.getparent().replace(signed, twin)
    hide(root, signed, "wrapper")


@attack("signature.invalid")
def properties_doubled_under_their_id(root: etree._Element) -> None:
    signed = one(root, PROPERTIES)
    twin = copy.deepcopy(signed)
    one(twin, ".//xades:SigningTime").text = "2020-01-01T00:00:00Z"
    signed.addprevious(twin)


@attack("signature.invalid")
def signing_time_changed(root: etree._Element) -> None:
    one(root, "//xades:SigningTime").text = "2026-11-20T09:00:00Z"


# What the SignedInfo covers.


@attack("signature.coverage-incomplete")
def empty_signed_info(root: etree._Element) -> None:
    info = one(root, "ds:SignedInfo")
    for each in info.findall("ds:Reference", NS):
        info.remove(each)
    resign(root)


@attack("signature.coverage-incomplete")
def only_the_properties_are_signed(root: etree._Element) -> None:
    info = one(root, "ds:SignedInfo")
    info.remove(one(info, "ds:Reference[@URI='#IHEManifest']"))
    resign(root)


@attack("signature.coverage-incomplete")
def only_the_manifest_is_signed(root: etree._Element) -> None:
    info = one(root, "ds:SignedInfo")
    info.remove(one(info, "ds:Reference[@URI='#S0-SignedProperties']"))
    resign(root)


@attack("signature.invalid", "signature.coverage-incomplete")
def reference_to_nothing(root: etree._Element) -> None:
    one(root, "ds:SignedInfo/ds:Reference").set("URI", "#Nothing")
    resign(root)


@attack("signature.invalid")
def reference_to_the_empty_uri(root: etree._Element) -> None:
    one(root, "ds:SignedInfo/ds:Reference").set("URI", "")
    resign(root)


@attack("signature.invalid")
def reference_outside_the_document(root: etree._Element) -> None:
    one(root, "ds:SignedInfo/ds:Reference").set("URI", "file:///etc/hostname")
    resign(root)


@attack("signature.invalid")
def reference_of_the_manifest_that_is_an_xpointer(root: etree._Element) -> None:
    one(root, f"{MANIFEST}/ds:Reference[2]").set("URI", "#xpointer(//*[count(//*) > 0])")
    resign(root)


@attack("signature.coverage-incomplete")
def reference_to_an_object_of_one_s_own(root: etree._Element) -> None:
    extra = etree.SubElement(root, f"{{{DS}}}Object", Id="mine")
    extra.text = "signed"
    one(root, "ds:SignedInfo/ds:Reference").set("URI", "#mine")
    resign(root)


@attack("signature.invalid")
def two_signed_infos(root: etree._Element) -> None:
    info = one(root, "ds:SignedInfo")
    twin = copy.deepcopy(info)
    one(twin, "ds:Reference/ds:DigestValue").text = ZERO
    info.addprevious(twin)


def _transformed(algorithm: str, body: str) -> Callable[[etree._Element], None]:
    """The reference to the manifest runs through a transform that leaves nothing of it."""

    def forge(root: etree._Element) -> None:
        reference = one(root, "ds:SignedInfo/ds:Reference")
        held = f'<ds:Transforms xmlns:ds="{DS}"><ds:Transform Algorithm="{algorithm}">'
        reference.insert(0, etree.fromstring(f"{held}{body}</ds:Transform></ds:Transforms>"))
        resign(root)
        nothing = b64encode(hashlib.sha256(b"").digest()).decode()
        one(reference, "ds:DigestValue").text = nothing
        _value_anew(root)
        one(root, f"{MANIFEST}/ds:Reference[2]/ds:DigestValue").text = ZERO

    return forge


def _value_anew(root: etree._Element, method: str = "") -> None:
    """The signature value over the SignedInfo as it stands, digests left alone."""
    info = one(root, "ds:SignedInfo")
    canonical = bases._canonical(info, with_comments=True)
    one(root, "ds:SignatureValue").text = b64encode(_value(canonical, "org-sign", method)).decode()


for _name, (_algorithm, _body) in DROPPING.items():
    _checks = {"signature.invalid", "signature.digest-mismatch"}
    ATTACKS[f"manifest_through_{_name}"] = (_transformed(_algorithm, _body), _checks)


@attack("signature.invalid")
def hmac_with_the_public_key(root: etree._Element) -> None:
    one(root, f"{MANIFEST}/ds:Reference[2]/ds:DigestMethod").set("Algorithm", f"{DS}sha1")
    one(root, "ds:SignedInfo/ds:SignatureMethod").set("Algorithm", HMAC_SHA256)
    resign(root)
    _value_anew(root, HMAC_SHA256)


# The manifest's own references: the digest must speak for the whole document.


def _document_through(transform: str, body: str) -> Callable[[etree._Element], None]:
    """The document's digest is that of nothing, which is what the transform leaves of it."""

    def forge(root: etree._Element) -> None:
        reference = one(root, f"{MANIFEST}/ds:Reference[2]")
        held = one(reference, "ds:Transforms/ds:Transform")
        held.set("Algorithm", transform)
        if body:
            held.append(etree.fromstring(body))
        one(reference, "ds:DigestValue").text = b64encode(hashlib.sha256(b"").digest()).decode()
        resign(root)

    return forge


for _name, (_algorithm, _body) in DROPPING.items():
    ATTACKS[f"document_through_{_name}"] = (
        _document_through(_algorithm, _body),
        {"signature.invalid"},
    )


@attack("signature.invalid")
def document_under_an_unknown_digest(root: etree._Element) -> None:
    reference = one(root, f"{MANIFEST}/ds:Reference[2]")
    one(reference, "ds:DigestMethod").set("Algorithm", "urn:nothing")
    resign(root)


@attack("signature.digest-mismatch")
def document_under_the_digest_of_zero(root: etree._Element) -> None:
    one(root, f"{MANIFEST}/ds:Reference[2]/ds:DigestValue").text = "AA=="
    resign(root)


@attack("signature.digest-mismatch")
def document_listed_twice_the_second_time_falsely(root: etree._Element) -> None:
    reference = one(root, f"{MANIFEST}/ds:Reference[2]")
    twin = copy.deepcopy(reference)
    one(twin, "ds:DigestValue").text = ZERO
    reference.addnext(twin)
    resign(root)


@attack("signature.digest-mismatch")
def document_listed_twice_the_first_time_falsely(root: etree._Element) -> None:
    reference = one(root, f"{MANIFEST}/ds:Reference[2]")
    twin = copy.deepcopy(reference)
    one(twin, "ds:DigestValue").text = ZERO
    reference.addprevious(twin)
    resign(root)


@attack("signature.manifest-incomplete")
def document_left_out(root: etree._Element) -> None:
    manifest = one(root, MANIFEST)
    manifest.remove(manifest[1])
    resign(root)


@attack("signature.manifest-incomplete")
def lot_left_out(root: etree._Element) -> None:
    manifest = one(root, MANIFEST)
    manifest.remove(manifest[0])
    resign(root)


# Keys.


@attack("signature.invalid", "signature.signing-certificate-differs")
def certificate_swapped(root: etree._Element) -> None:
    one(root, "//ds:X509Certificate").text = der("other-structure-sign")


@attack("signature.signing-certificate-differs")
def signed_anew_by_a_stranger(root: etree._Element) -> None:
    one(root, "//ds:X509Certificate").text = der("wrong-ca-sign")
    resign(root, "wrong-ca-sign")


@attack("signature.signer-path-broken")
def signed_anew_by_a_stranger_who_says_so(root: etree._Element) -> None:
    bases._fill_signing_certificate(root, "wrong-ca-sign")
    one(root, "//ds:X509Certificate").text = der("wrong-ca-sign")
    resign(root, "wrong-ca-sign")


@attack("signature.invalid")
def stranger_s_key_under_the_true_certificate(root: etree._Element) -> None:
    resign(root, "wrong-ca-sign")


@attack("signature.signing-certificate-differs")
def stranger_s_certificate_before_the_true_one(root: etree._Element) -> None:
    slot = one(root, "//ds:X509Certificate")
    twin = copy.deepcopy(slot)
    twin.text = der("wrong-ca-sign")
    slot.addprevious(twin)
    resign(root, "wrong-ca-sign")


@attack("signature.invalid")
def no_key_info(root: etree._Element) -> None:
    root.remove(one(root, "ds:KeyInfo"))


@attack("signature.not-a-signature")
def wrapped_in_an_element_of_no_meaning(root: etree._Element) -> None:
    twin = copy.deepcopy(root)
    for child in list(root):
        root.remove(child)
    root.attrib.clear()
    root.tag = "{urn:x}Wrapper"
    root.append(twin)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_is_named(name: str) -> None:
    attack, expected = ATTACKS[name]
    # The lot of two has the official shape: a default namespace, inclusive canonicalization.
    found = findings(lot_attacked(attack, "td2_1_lot2"))
    assert not named(found, Outcome.CRASHED)
    seen = named(found, Outcome.FAIL, Outcome.BLOCKED)
    assert expected <= seen, seen
    assert not [check for check in seen if not check.startswith("signature.")], seen


def test_signing_by_hand_is_silent_when_nothing_is_forged() -> None:
    """Without this every attack above could be caught for its handwriting."""
    found = findings(lot_attacked(resign))
    assert named(found, Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED) == set()


def _replayed() -> Base:
    """The signature of the lot of two travels with a lot of one."""
    other = build("td2_1_lot2", []).part("lot").data
    base = build("td2_1", [])
    base.part("lot").data = other
    return resealed(base)


def _document_changed() -> Base:
    base = build("td2_1", [])
    document = base.part("document")
    document.data = document.data.replace(b"Louise", b"Marion")
    return resealed(base)


def _documents_swapped() -> Base:
    base = build("td2_1_lot2", [])
    first, second = base.part("document"), base.part("document2")
    first.data, second.data = second.data, first.data
    return resealed(base)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (_replayed, "signature.manifest-incomplete"),
        (_document_changed, "signature.digest-mismatch"),
        (_documents_swapped, "signature.digest-mismatch"),
    ],
)
def test_a_signature_of_something_else_is_named(made: Callable[[], Base], expected: str) -> None:
    assert expected in named(findings(made()))
