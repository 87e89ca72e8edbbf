"""Other legal shapes of the SOAP header and of the VIHF: every check stays silent."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.metamorphic.forging import ENVELOPED, der, signature_over, transforms
from tests.metamorphic.judging import assert_silent
from tests.metamorphic.test_wrapping_vihf import ASSERTION, bare, resign
from tests.support import bases
from tests.support.bases import NS
from tests.support.wounds import build

HEADER = "//soap:Header"
STATEMENT = "//saml:AttributeStatement"
SIGNATURE = "//saml:Assertion/ds:Signature"
ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
CLASSES = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
C14N = (
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
)


def insert(into: str, xml: str, at: int | None = None) -> dict[str, Any]:
    spec: dict[str, Any] = {"into": into, "xml": xml}
    return {"insert": spec if at is None else {**spec, "at": at}}


def attribute(name: str) -> str:
    return f"//saml:Attribute[contains(@Name,'{name}')]/saml:AttributeValue"


SOAP: dict[str, list[dict[str, Any]]] = {
    "unknown header blocks": [
        insert(
            HEADER,
            '<x:Trace xmlns:x="urn:x" id="1">abc</x:Trace>'
            '<x:Other xmlns:x="urn:y"><x:Action>z</x:Action></x:Other>',
            0,
        )
    ],
    "a block for the next node": [
        insert(
            HEADER,
            '<x:Trace xmlns:x="urn:x" soap:mustUnderstand="false" soap:relay="true" '
            'soap:role="http://www.w3.org/2003/05/soap-envelope/role/next"/>',
        )
    ],
    "mustUnderstand 1": [
        {"set": {f"//wsa:{one}/@soap:mustUnderstand": "1" for one in ("Action", "To", "ReplyTo")}}
    ],
    "mustUnderstand 0": [{"set": {"//wsa:To/@soap:mustUnderstand": "0"}}],
    "no mustUnderstand": [
        {"remove": [f"//wsa:{o}/@soap:mustUnderstand" for o in ("Action", "To")]}
    ],
    "Security must be understood": [{"set": {"//wsse:Security/@soap:mustUnderstand": "true"}}],
    "Security for the ultimate receiver": [
        {
            "set": {
                "//wsse:Security/@soap:role": NS["soap"] + "/role/ultimateReceiver",
            }
        }
    ],
    "To empty": [{"set": {"//wsa:To": ""}}],
    "To absent": [{"remove": "//wsa:To"}],
    "To anonymous": [{"set": {"//wsa:To": ANONYMOUS}}],
    "ReplyTo absent": [{"remove": "//wsa:ReplyTo"}],
    "From and FaultTo": [
        insert(
            HEADER,
            f"<wsa:From><wsa:Address>{ANONYMOUS}</wsa:Address></wsa:From>"
            f"<wsa:FaultTo><wsa:Address>{ANONYMOUS}</wsa:Address></wsa:FaultTo>",
            1,
        )
    ],
    "reference parameters": [
        insert(
            "//wsa:ReplyTo",
            '<wsa:ReferenceParameters><x:y xmlns:x="urn:x">1</x:y></wsa:ReferenceParameters>',
        )
    ],
    "RelatesTo": [
        insert(
            HEADER,
            "<wsa:RelatesTo>urn:uuid:6f0a7c52-5f0e-4c1d-9a55-2d8a0d1f0a99</wsa:RelatesTo>",
        )
    ],
    "a timestamp": [
        insert(
            "//wsse:Security",
            '<wsu:Timestamp xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-'
            'wssecurity-utility-1.0.xsd" wsu:Id="TS-1"><wsu:Created>2026-11-20T09:29:58Z'
            "</wsu:Created></wsu:Timestamp>",
            0,
        )
    ],
    "upper-case UUID": [
        {"set": {"//wsa:MessageID": "urn:uuid:6F0A7C52-5F0E-4C1D-9A55-2D8A0D1F0A01"}}
    ],
    "upper-case URN": [
        {"set": {"//wsa:MessageID": "URN:UUID:6F0A7C52-5F0E-4C1D-9A55-2D8A0D1F0A01"}}
    ],
    "white space around values": [
        {
            "set": {
                "//wsa:MessageID": "\n  urn:uuid:6f0a7c52-5f0e-4c1d-9a55-2d8a0d1f0a01\n ",
                "//wsa:ReplyTo/wsa:Address": f" {ANONYMOUS}\n",
            }
        }
    ],
    "ids on other elements": [{"set": {"//soap:Body/@Id": "body", "//wsa:Action/@Id": "act"}}],
    "a Security header for another node": [
        insert(
            HEADER,
            '<wsse:Security soap:role="http://www.w3.org/2003/05/soap-envelope/role/next">'
            '<x:Stamp xmlns:x="urn:x"/></wsse:Security>',
            0,
        )
    ],
    "a signature of the message beside the assertion": [
        insert(
            "//wsse:Security",
            '<wsse:BinarySecurityToken>AAAA</wsse:BinarySecurityToken><ds:Signature Id="S">'
            f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{C14N[0]}"/>'
            '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
            "</ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>",
        )
    ],
    "encodingStyle": [{"set": {"//wsa:To/@soap:encodingStyle": NS["soap"] + "/encoding/none"}}],
    "xsi:type and schemaLocation": [
        {
            "set": {
                "//soap:Body/*[1]/@xsi:schemaLocation": "urn:x x.xsd",
                "//saml:Assertion/@xsi:schemaLocation": "urn:x x.xsd",
                "//saml:NameID/@xsi:type": "saml:NameIDType",
                "//saml:Issuer/@xsi:type": "saml:NameIDType",
            }
        }
    ],
}
VIHF: dict[str, list[dict[str, Any]]] = {
    "version 4.0": [{"set": {attribute("VIHF_Version"): "4.0"}}],
    "Conditions": [
        insert(
            ASSERTION,
            '<saml:Conditions NotBefore="2026-11-20T09:29:00Z" '
            'NotOnOrAfter="2026-11-20T09:34:58Z"/>',
            3,
        )
    ],
    "Conditions with an audience": [
        insert(
            ASSERTION,
            '<saml:Conditions NotBefore="2026-11-20T09:29:00.123Z" '
            'NotOnOrAfter="2026-11-20T09:34:58.999Z"><saml:AudienceRestriction><saml:Audience>'
            "urn:dmp</saml:Audience></saml:AudienceRestriction><saml:OneTimeUse/>"
            "</saml:Conditions>",
            3,
        )
    ],
    "empty Conditions": [insert(ASSERTION, "<saml:Conditions/>", 3)],
    "values without type": [{"remove": "//saml:AttributeValue[@xsi:type]/@xsi:type"}],
    "coded values without type": [{"remove": "//saml:AttributeValue/*/@xsi:type"}],
    "coded values without codeSystemName": [{"remove": "//saml:AttributeValue/*/@codeSystemName"}],
    "another codeSystemName": [{"set": {"//hl7:Role/@codeSystemName": "Professions de santé"}}],
    "NameFormat and FriendlyName": [
        {
            "set": {
                "//saml:Attribute/@NameFormat": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
                "//saml:Attribute/@FriendlyName": "x",
            }
        }
    ],
    "NameID with Format": [
        {
            "set": {
                "//saml:NameID/@Format": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            }
        }
    ],
    "sender-vouches": [
        insert(
            "//saml:Subject",
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>',
        )
    ],
    "bearer": [
        insert(
            "//saml:Subject",
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            '<saml:SubjectConfirmationData NotOnOrAfter="2026-11-20T10:29:58Z"/>'
            "</saml:SubjectConfirmation>",
        )
    ],
    "session": [
        {
            "set": {
                "//saml:AuthnStatement/@SessionIndex": "_1",
                "//saml:AuthnStatement/@SessionNotOnOrAfter": "2026-11-20T20:00:00Z",
            }
        }
    ],
    "fractions of a second": [
        {"set": {"//saml:Assertion/@IssueInstant": "2026-11-20T09:29:58.1234567Z"}}
    ],
    "no LPS_ID": [{"remove": "//saml:Attribute[@Name='LPS_ID']"}],
    "an unknown attribute": [
        insert(
            STATEMENT,
            '<saml:Attribute Name="Mode_Acces_Raison"><saml:AttributeValue>x'
            "</saml:AttributeValue></saml:Attribute>",
        )
    ],
    "an empty confidentiality code": [
        insert(
            STATEMENT,
            '<saml:Attribute Name="urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:'
            'confidentiality-code"><saml:AttributeValue/></saml:Attribute>',
        )
    ],
    "two attribute statements": [
        insert(
            ASSERTION,
            '<saml:AttributeStatement><saml:Attribute Name="Autre"><saml:AttributeValue>x'
            "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
        )
    ],
    "a name with accents": [{"set": {attribute("subject-id"): "O'NEIL-D'ÉTÉ, Zoë Çelik"}}],
    "white space around the patient": [
        {"set": {attribute("resource-id"): "\n  279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH\n"}}
    ],
    "a patient with an effective date": [
        {
            "set": {
                attribute("resource-id"): "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH^^20100907"
            }
        }
    ],
    "AuthnContextDecl": [
        insert("//saml:AuthnContext", "<saml:AuthnContextDecl>APP</saml:AuthnContextDecl>")
    ],
    "an advice and a place of login": [
        insert(ASSERTION, '<saml:Advice><x:y xmlns:x="urn:x"/></saml:Advice>', 3),
        insert("//saml:AuthnStatement", '<saml:SubjectLocality Address="10.0.0.1"/>', 0),
    ],
    "an internal user": [{"set": {"//saml:NameID": "1800000010/cmartin"}}],
    "another access mode": [
        {
            "set": {
                "//hl7:PurposeOfUse/@code": "bris_de_glace",
                "//hl7:PurposeOfUse/@displayName": "Bris de glace",
            }
        }
    ],
    **{
        f"class {name}": [{"set": {"//saml:AuthnContextClassRef": CLASSES + name}}]
        for name in ("SmartcardPKI", "TLSClient", "unspecified", "MobileTwoFactorUnregistered")
    },
    **{
        f"issuer {issuer}": [{"set": {"//saml:Issuer": issuer}}]
        for issuer in (
            "C=FR,ST=Somme (80),O=CENTRE HOSPITALIER DE TEST,OU=1800000010,CN=CACHET TEST",
            "CN=CACHET TEST, OU=1800000010, O=CENTRE HOSPITALIER DE TEST, S=Somme (80), C=FR",
            "/C=FR/ST=Somme (80)/O=CENTRE HOSPITALIER DE TEST/OU=1800000010/CN=CACHET TEST",
            "CN=CACHET TEST+OU=1800000010,O=CENTRE HOSPITALIER DE TEST,ST=Somme \\2880\\29,C=FR",
            'cn="CACHET TEST",ou=1800000010,2.5.4.10=CENTRE HOSPITALIER DE TEST,'
            "OID.2.5.4.8=Somme (80),c=FR",
            "CN=CACHET TEST;OU=1800000010;O=CENTRE HOSPITALIER DE TEST;ST=Somme (80);C=FR",
        )
    },
}
SIGNATURES: dict[str, list[dict[str, Any]]] = {
    **{
        f"SignedInfo under {one}": [
            {"set": {f"{SIGNATURE}//ds:CanonicalizationMethod/@Algorithm": one}}
        ]
        for one in C14N
    },
    **{
        f"assertion under {one}": [{"set": {f"{SIGNATURE}//ds:Transform[2]/@Algorithm": one}}]
        for one in C14N
    },
    "no canonicalization of the assertion": [{"remove": f"{SIGNATURE}//ds:Transform[2]"}],
    **{
        f"SHA-{size}": [
            {
                "set": {
                    f"{SIGNATURE}//ds:DigestMethod/@Algorithm": digest,
                    f"{SIGNATURE}//ds:SignatureMethod/@Algorithm": (
                        f"http://www.w3.org/2001/04/xmldsig-more#rsa-sha{size}"
                    ),
                }
            }
        ]
        for size, digest in (
            (384, "http://www.w3.org/2001/04/xmldsig-more#sha384"),
            (512, "http://www.w3.org/2001/04/xmlenc#sha512"),
        )
    },
    "InclusiveNamespaces": [
        insert(
            f"{SIGNATURE}//ds:Transform[2]",
            f'<ec:InclusiveNamespaces xmlns:ec="{C14N[0]}" PrefixList="xs xsi"/>',
        )
    ],
    "InclusiveNamespaces of the envelope": [
        insert(
            f"{SIGNATURE}//ds:CanonicalizationMethod",
            f'<ec:InclusiveNamespaces xmlns:ec="{C14N[0]}" PrefixList="soap"/>',
        ),
        insert(
            f"{SIGNATURE}//ds:Transform[2]",
            f'<ec:InclusiveNamespaces xmlns:ec="{C14N[0]}" PrefixList="soap wsa #default"/>',
        ),
    ],
}
SHAPES = {**SOAP, **VIHF, **SIGNATURES}


@pytest.mark.parametrize("wounds", SHAPES.values(), ids=SHAPES)
def test_another_shape_of_the_call_is_silent(wounds: list[dict[str, Any]]) -> None:
    assert_silent(build("td0_2", wounds))


@pytest.mark.parametrize(
    ("wounds", "row"),
    [
        (
            [{"set": {"//saml:Attribute[@Name='Authentification_Mode']/@Name": spelt}}],
            "DC-VIHF-MODE-CASE",
        )
        for spelt in ("Authentification_mode",)
    ]
    + [
        (
            [
                {
                    "set": {
                        f"{SIGNATURE}//ds:SignatureMethod/@Algorithm": NS["ds"] + "rsa-sha1",
                        f"{SIGNATURE}//ds:DigestMethod/@Algorithm": NS["ds"] + "sha1",
                    }
                }
            ],
            "DC-VIHF-SHA1",
        )
    ],
    ids=["mode", "sha1"],
)
def test_what_is_doubtful_is_reported_only(wounds: list[dict[str, Any]], row: str) -> None:
    assert_silent(build("td0_2", wounds), noted=frozenset({row}))


def _shuffled_attributes(root: etree._Element) -> None:
    statement = root.find(".//saml:AttributeStatement", NS)
    assert statement is not None
    for one in reversed(list(statement)):
        statement.append(one)


def _roles_in_one_value(root: etree._Element) -> None:
    first, second = root.xpath("//saml:Attribute[contains(@Name,'role')]/*", namespaces=NS)
    first.append(second[0])
    second.getparent().remove(second)


def _headers_turned_over(root: etree._Element) -> None:
    header = root.find("soap:Header", NS)
    assert header is not None
    for one in reversed(list(header)):
        header.append(one)


@pytest.mark.parametrize("name", ["td0_2", "td2_1"])
@pytest.mark.parametrize("edit", [_shuffled_attributes, _roles_in_one_value, _headers_turned_over])
def test_another_order_is_silent(name: str, edit) -> None:
    base = bases.load(name)
    root = etree.fromstring(base.envelope)
    edit(root)
    base.envelope = etree.tostring(root)
    bases.seal(base)
    assert_silent(base)


# Signatures that other hands made.


def _signed(made) -> bases.Base:
    base = build("td0_2", [])
    root = etree.fromstring(base.envelope)
    resign(root, made)
    base.envelope = etree.tostring(root)
    return base


@pytest.mark.parametrize(
    "chain",
    [
        ("org-sign",),
        ("org-sign", "ca"),
        ("org-sign", "ca", "root"),
        ("root", "ca", "org-sign"),
        ("org-sign", "org-sign"),
    ],
    ids="+".join,
)
def test_a_signature_by_hand_with_any_chain_is_silent(chain: tuple[str, ...]) -> None:
    def made(assertion: etree._Element) -> etree._Element:
        held = transforms(ENVELOPED, C14N[0])
        uri = f"#{assertion.get('ID')}"
        return signature_over(bare(assertion), uri, "org-sign", transforms=held, certificates=chain)

    assert_silent(_signed(made))


def test_a_talkative_key_info_is_silent() -> None:
    base = build("td0_2", [])
    root = etree.fromstring(base.envelope)
    info = root.find(".//ds:KeyInfo", NS)
    assert info is not None
    extra = etree.fromstring(
        f'<ds:x xmlns:ds="{NS["ds"]}"><ds:KeyName>cachet</ds:KeyName><ds:X509Data>'
        "<ds:X509SubjectName>CN=x</ds:X509SubjectName><ds:X509SKI>AAAA</ds:X509SKI>"
        f"<ds:X509Certificate>\n{der('ca')}\n</ds:X509Certificate></ds:X509Data></ds:x>"
    )
    for one in extra:
        info.insert(0, one)
    base.envelope = etree.tostring(root)
    assert_silent(base)


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_a_signature_of_signxml_is_silent(digest: str) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from signxml import XMLSigner, methods

    def made(assertion: etree._Element) -> etree._Element:
        alone = etree.fromstring(etree.tostring(assertion, with_tail=False))
        # The place of the signature, which signxml fills.
        slot = alone.find("ds:Signature", NS)
        for child in list(slot):
            slot.remove(child)
        slot.set("Id", "placeholder")
        signer = XMLSigner(
            method=methods.enveloped,
            signature_algorithm=f"rsa-{digest}",
            digest_algorithm=digest,
            c14n_algorithm=C14N[0],
        )
        key = load_pem_private_key((bases.PKI / "org-sign.key.pem").read_bytes(), None)
        certificate = (bases.PKI / "org-sign.crt.pem").read_text()
        uri = f"#{alone.get('ID')}"
        signed = signer.sign(alone, key=key, cert=[certificate], reference_uri=uri)
        return signed.find("ds:Signature", NS)

    assert_silent(_signed(made))
