"""Signature wrapping and its kin against the VIHF: what is read is never less than what is signed.

Forms: Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be" (USENIX Security 2012);
McIntosh and Austel, "XML Signature Element Wrapping Attacks" (SWS 2005).
"""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable

import pytest
from lxml import etree

from dmp_certify.outcome import Outcome
from tests.metamorphic.forging import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    HMAC_SHA256,
    SAML,
    attacked,
    der,
    detach,
    evil_twin,
    exclusive,
    one,
    reference,
    signature_over,
    transforms,
)
from tests.metamorphic.judging import findings, named
from tests.support import bases

ATTACKS: dict[str, tuple[Callable[[etree._Element], None], set[str]]] = {}
ASSERTION = "//saml:Assertion"
XPATH = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116">'
    "<ds:XPath>not(ancestor-or-self::ds:Signature) and false()</ds:XPath></ds:Transform>"
)
XPATH2 = (
    '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2">'
    '<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">//*</f:XPath>'
    "</ds:Transform>"
)
XSLT = (
    '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116">'
    '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    '<xsl:template match="/"><x/></xsl:template></xsl:stylesheet></ds:Transform>'
)


def attack(*checks: str) -> Callable[[Callable[[etree._Element], None]], None]:
    """Declare an attack and the checks that must FAIL on it."""

    def declare(function: Callable[[etree._Element], None]) -> None:
        ATTACKS[function.__name__] = (function, set(checks))

    return declare


def parts(root: etree._Element) -> tuple[etree._Element, etree._Element]:
    original = one(root, ASSERTION)
    return original.getparent(), original


def resign(root: etree._Element, made: Callable[[etree._Element], etree._Element]) -> None:
    """Put another signature in the place of the assertion's."""
    assertion = one(root, ASSERTION)
    old = one(assertion, "ds:Signature")
    new = made(assertion)
    new.tail = old.tail
    assertion.replace(old, new)


def bare(assertion: etree._Element) -> bytes:
    """The octets of the assertion under enveloped-signature and exclusive C14N."""
    # A document of its own, or the envelope's namespaces would be thought to be in scope.
    alone = etree.fromstring(etree.tostring(assertion, with_tail=False))
    detach(one(alone, "ds:Signature"))
    return exclusive(alone)


# The signed assertion is moved to a place nobody reads.


@attack("vihf.not-alone", "vihf.unsigned")
def whole_original_in_an_ignored_header(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    detach(one(evil, "ds:Signature"))
    security.replace(original, evil)
    etree.SubElement(one(root, "soap:Header"), "{urn:x}Wrapper").append(original)


@attack("vihf.not-alone", "vihf.signature-scope-wrong")
def forgery_bears_the_signature_of_the_moved_original(root: etree._Element) -> None:
    security, original = parts(root)
    security.replace(original, evil_twin(original))
    detach(one(original, "ds:Signature"))
    etree.SubElement(one(root, "soap:Header"), "{urn:x}Wrapper").append(original)


@attack("vihf.not-alone", "vihf.signature-scope-wrong")
def original_in_the_advice_of_the_forgery(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    security.replace(original, evil)
    detach(one(original, "ds:Signature"))
    advice = etree.Element(f"{{{SAML}}}Advice")
    advice.append(original)
    one(evil, "saml:Subject").addnext(advice)


@attack("vihf.not-alone", "vihf.unsigned")
def signed_original_in_the_advice_of_an_unsigned_forgery(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    security.replace(original, evil)
    detach(one(evil, "ds:Signature"))
    advice = etree.Element(f"{{{SAML}}}Advice")
    advice.append(original)
    one(evil, "saml:Subject").addnext(advice)


@attack("vihf.not-alone", "vihf.unsigned")
def forgery_in_a_security_header_before_the_true_one(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    detach(one(evil, "ds:Signature"))
    before = etree.Element(security.tag)
    before.append(evil)
    security.addprevious(before)


@attack("vihf.not-alone")
def forgery_after_the_true_assertion(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    detach(one(evil, "ds:Signature"))
    security.append(evil)


@attack("vihf.not-alone", "vihf.signature-invalid")
def original_in_an_object_of_the_forgery_s_signature(root: etree._Element) -> None:
    security, original = parts(root)
    evil = evil_twin(original)
    security.replace(original, evil)
    detach(one(original, "ds:Signature"))
    etree.SubElement(one(evil, "ds:Signature"), f"{{{DS}}}Object").append(original)


@attack("vihf.not-alone", "vihf.signature-scope-wrong")
def original_in_the_body(root: etree._Element) -> None:
    security, original = parts(root)
    security.replace(original, evil_twin(original))
    detach(one(original, "ds:Signature"))
    etree.SubElement(one(root, "soap:Body/*"), "{urn:x}Wrapper").append(original)


@attack("vihf.absent")
def assertion_below_a_wrapper_of_the_security_header(root: etree._Element) -> None:
    security, original = parts(root)
    wrapper = etree.SubElement(security, "{urn:x}Wrapper")
    wrapper.append(original)


# Two elements bear the signed id.


@attack("vihf.not-alone", "vihf.signature-scope-wrong")
def forgery_bears_the_same_id(root: etree._Element) -> None:
    security, original = parts(root)
    security.insert(0, evil_twin(original, None))


@pytest.mark.parametrize(
    "attribute",
    [
        "ID",
        "Id",
        "AssertionID",
        "{http://www.w3.org/XML/1998/namespace}id",
        "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_second_bearer_of_the_id_is_named(attribute: str, first: bool) -> None:
    def bear(root: etree._Element) -> None:
        header = one(root, "soap:Header")
        block = etree.Element("{urn:x}Block")
        block.set(attribute, one(root, ASSERTION).get("ID"))
        header.insert(0 if first else len(header), block)

    found = named(findings(attacked("td0_2", bear)))
    assert found == {"vihf.signature-scope-wrong"}


# What the signature says it covers.


@attack("vihf.signature-scope-wrong")
def reference_to_nothing(root: etree._Element) -> None:
    resign(root, lambda a: signature_over(bare(a), "#_nobody", "org-sign"))


@attack("vihf.signature-scope-wrong")
def reference_to_the_whole_message(root: etree._Element) -> None:
    resign(
        root, lambda a: signature_over(bare(a), "", "org-sign", transforms=transforms(ENVELOPED))
    )


@attack("vihf.signature-scope-wrong")
def reference_without_uri(root: etree._Element) -> None:
    held = reference(b"", None, "")
    resign(root, lambda a: signature_over(b"", "", "org-sign", references=held))


@attack("vihf.signature-scope-wrong")
def reference_that_is_an_xpointer_to_another_element(root: etree._Element) -> None:
    """The assertion's ID is read by xmlsec as an XPointer, which leads to the signed Action."""
    action = one(root, "//wsa:Action")
    octets = exclusive(etree.fromstring(etree.tostring(action, with_tail=False)))
    pointer = "xpointer(//*[local-name()='Action'])"
    one(root, ASSERTION).set("ID", pointer)
    held = transforms(EXCLUSIVE)
    resign(root, lambda a: signature_over(octets, f"#{pointer}", "org-sign", transforms=held))


@attack("vihf.signature-scope-wrong")
def empty_signed_info(root: etree._Element) -> None:
    resign(root, lambda a: signature_over(b"", "", "org-sign", references=""))


@attack("vihf.signature-scope-wrong")
def signature_over_another_element(root: etree._Element) -> None:
    action = one(root, "//wsa:Action")
    action.set("Id", "_action")
    alone = etree.fromstring(etree.tostring(action, with_tail=False))
    octets = exclusive(alone)
    resign(
        root,
        lambda a: signature_over(octets, "#_action", "org-sign", transforms=transforms(EXCLUSIVE)),
    )


@attack("vihf.signature-scope-wrong")
def signature_over_its_own_object(root: etree._Element) -> None:
    held = etree.fromstring(f'<ds:Object xmlns:ds="{DS}" Id="_object">signed</ds:Object>')

    def made(assertion: etree._Element) -> etree._Element:
        signed = signature_over(
            exclusive(held), "#_object", "org-sign", transforms=transforms(EXCLUSIVE)
        )
        signed.append(copy.deepcopy(held))
        return signed

    resign(root, made)


@attack("vihf.signature-scope-wrong")
def signature_over_the_subject_only(root: etree._Element) -> None:
    subject = one(root, "//saml:Subject")
    subject.set("ID", "_subject")
    octets = exclusive(etree.fromstring(etree.tostring(subject, with_tail=False)))
    resign(
        root,
        lambda a: signature_over(octets, "#_subject", "org-sign", transforms=transforms(EXCLUSIVE)),
    )


@attack("vihf.signature-scope-wrong")
def signature_of_another_assertion(root: etree._Element) -> None:
    """The signature of an earlier call is put into this one, which bears an ID of its own."""
    one(root, ASSERTION).set("ID", "_another")
    one(root, "//saml:NameID").text = "899700000025"


@attack("vihf.signature-invalid")
def signature_of_another_assertion_of_that_id(root: etree._Element) -> None:
    one(root, "//saml:NameID").text = "899700000025"


@attack("vihf.unsigned")
def signature_hidden_in_the_subject(root: etree._Element) -> None:
    one(root, "//saml:Subject").append(one(root, "//ds:Signature"))


@attack("vihf.signature-scope-wrong")
def two_signatures(root: etree._Element) -> None:
    assertion = one(root, ASSERTION)
    signature = one(assertion, "ds:Signature")
    signature.addnext(copy.deepcopy(signature))


# Transforms that drop what they please, and algorithms that anybody can compute.


def _dropping(transform: str) -> Callable[[etree._Element], None]:
    def forge(root: etree._Element) -> None:
        uri = f"#{one(root, ASSERTION).get('ID')}"
        held = transforms(transform, EXCLUSIVE)
        resign(root, lambda a: signature_over(b"", uri, "org-sign", transforms=held))

    return forge


for _name, _transform in {
    "xpath": XPATH,
    "xpath-filter2": XPATH2,
    "xslt": XSLT,
    "base64": f"{DS}base64",
    "unknown": "urn:nothing",
}.items():
    ATTACKS[f"transform_{_name}"] = (_dropping(_transform), {"vihf.signature-invalid"})


@attack("vihf.signature-invalid")
def hmac_with_the_public_key(root: etree._Element) -> None:
    uri = f"#{one(root, ASSERTION).get('ID')}"
    one(root, "//saml:NameID").text = "899700000025"
    resign(
        root,
        lambda a: signature_over(
            bare(a),
            uri,
            "org-sign",
            transforms=transforms(ENVELOPED, EXCLUSIVE),
            method=HMAC_SHA256,
        ),
    )


# Keys.


def _signed_by(signer: str, *certificates: str) -> Callable[[etree._Element], None]:
    def forge(root: etree._Element) -> None:
        uri = f"#{one(root, ASSERTION).get('ID')}"
        one(root, "//saml:NameID").text = "899700000025"
        held = transforms(ENVELOPED, EXCLUSIVE)
        resign(
            root,
            lambda a: signature_over(
                bare(a), uri, signer, transforms=held, certificates=certificates
            ),
        )

    return forge


ATTACKS["stranger_s_key_under_the_true_certificate"] = (
    _signed_by("wrong-ca-sign", "org-sign"),
    {"vihf.signature-invalid"},
)
ATTACKS["stranger_s_key_after_the_true_certificate"] = (
    _signed_by("wrong-ca-sign", "org-sign", "wrong-ca-sign"),
    {"vihf.signature-invalid"},
)
ATTACKS["stranger_s_key_before_the_true_certificate"] = (
    _signed_by("wrong-ca-sign", "wrong-ca-sign", "org-sign"),
    {"vihf.signer-untrusted"},
)
ATTACKS["another_structure_s_key"] = (
    _signed_by("other-structure-sign"),
    {"vihf.issuer-wrong", "vihf.structure-not-of-certificate"},
)


@attack("vihf.signature-invalid")
def key_value_of_a_stranger_beside_the_true_certificate(root: etree._Element) -> None:
    _signed_by("wrong-ca-sign", "org-sign")(root)
    numbers = bases.certificate("wrong-ca-sign").public_key().public_numbers()  # type: ignore[union-attr]
    modulus, exponent = (
        base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode()
        for number in (numbers.n, numbers.e)
    )
    value = etree.fromstring(
        f'<ds:KeyValue xmlns:ds="{DS}"><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus>'
        f"<ds:Exponent>{exponent}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"
    )
    one(root, "//ds:KeyInfo").insert(0, value)


@attack("vihf.signature-invalid")
def certificate_swapped_in_key_info(root: etree._Element) -> None:
    one(root, "//ds:X509Certificate").text = der("other-structure-sign")


@attack("vihf.signature-invalid")
def no_key_info(root: etree._Element) -> None:
    info = one(root, "//ds:KeyInfo")
    info.getparent().remove(info)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_is_named(name: str) -> None:
    attack, expected = ATTACKS[name]
    found = findings(attacked("td0_2", attack))
    assert not named(found, Outcome.CRASHED)
    seen = named(found, Outcome.FAIL, Outcome.BLOCKED)
    assert expected <= seen, seen


def test_the_signatures_made_by_hand_hold_when_nothing_is_forged() -> None:
    """Without this every attack above could be caught for its handwriting."""

    def honest(root: etree._Element) -> None:
        uri = f"#{one(root, ASSERTION).get('ID')}"
        held = transforms(ENVELOPED, EXCLUSIVE)
        resign(root, lambda a: signature_over(bare(a), uri, "org-sign", transforms=held))

    found = findings(attacked("td0_2", honest))
    assert named(found, Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED) == set()
