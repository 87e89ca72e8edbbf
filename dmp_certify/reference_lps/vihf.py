"""The VIHF of each call: a signed SAML 2.0 assertion about the user and the patient concerned."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lxml import etree

from dmp_certify.reference_lps import product
from dmp_certify.reference_lps.keys import Signer
from dmp_certify.reference_lps.markup import Xml, el, join, text
from dmp_certify.reference_lps.moments import instant
from dmp_certify.reference_lps.orders import Coded, Person

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
HL7 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
X509_SUBJECT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"

SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"


@dataclass(slots=True)
class Vihf:
    """What the assertion says, before it is written and signed."""

    id: str
    issuer: str
    issued: datetime
    authenticated: datetime
    not_before: datetime
    not_on_or_after: datetime
    name_id: str
    roles: list[Coded]
    purpose: Coded
    attributes: dict[str, str] = field(default_factory=dict)
    signer: Signer | None = None


def build(
    person: Person, patient_cx: str, mode: str, signer: Signer, login: datetime, moment: datetime
) -> Vihf:
    """The assertion of one call at `moment` for a user who logged in at `login`."""
    roles = [person.profession]
    if person.specialty is not None:
        roles.append(person.specialty)
    return Vihf(
        id=f"_{uuid.uuid4()}",
        issuer=signer.subject,
        issued=moment,
        authenticated=login,
        not_before=moment - timedelta(seconds=product.NETWORK_SECONDS),
        not_on_or_after=moment + timedelta(seconds=product.ASSERTION_SECONDS),
        name_id=person.id,
        roles=roles,
        purpose=Coded("normal", "1.2.250.1.213.1.1.4.248", "Accès normal"),
        attributes={
            "VIHF_Version": "3.0",
            "Authentification_Mode": mode,
            "Identifiant_Structure": person.structure_id,
            "Secteur_Activite": f"{person.sector.code}^{person.sector.system}",
            SUBJECT_ID: f"{person.family}, {person.given}",
            RESOURCE_ID: patient_cx,
            "Ressource_URN": "urn:dmp",
            "LPS_ID": product.INSTALLATION_ID,
            "LPS_Nom": product.NAME,
            "LPS_Version": product.VERSION,
            "LPS_ID_HOMOLOGATION_DMP": product.HOMOLOGATION_ID,
        },
        signer=signer,
    )


def write(vihf: Vihf) -> bytes:
    """The assertion in exclusive canonical form, signed when it has a signer."""
    canonical = canonicalise(_assertion(vihf))
    if vihf.signer is None:
        return canonical
    signature = _signature(vihf.id, canonical, vihf.signer)
    head, issuer_end, tail = canonical.partition(b"</saml2:Issuer>")
    return head + issuer_end + signature + tail


def canonicalise(markup: Xml) -> bytes:
    """Exclusive Canonical XML of a self-contained piece of markup."""
    root = etree.fromstring(markup.encode())
    return etree.tostring(root, method="c14n", exclusive=True)


def _assertion(vihf: Vihf) -> Xml:
    return el(
        "saml2:Assertion",
        el("saml2:Issuer", vihf.issuer, Format=X509_SUBJECT),
        el("saml2:Subject", el("saml2:NameID", vihf.name_id)),
        el(
            "saml2:Conditions",
            NotBefore=instant(vihf.not_before),
            NotOnOrAfter=instant(vihf.not_on_or_after),
        ),
        el(
            "saml2:AuthnStatement",
            el(
                "saml2:AuthnContext",
                el(
                    "saml2:AuthnContextClassRef",
                    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
                ),
            ),
            AuthnInstant=instant(vihf.authenticated),
        ),
        el("saml2:AttributeStatement", _attributes(vihf)),
        xmlns__saml2=SAML,
        ID=vihf.id,
        IssueInstant=instant(vihf.issued),
        Version="2.0",
    )


def _attributes(vihf: Vihf) -> Xml:
    plain = [_attribute(name, [text(value)]) for name, value in vihf.attributes.items()]
    roles = _attribute(ROLE, [_coded("Role", role) for role in vihf.roles])
    purpose = _attribute(PURPOSE, [_coded("PurposeOfUse", vihf.purpose, "mode acces VIHF 2.0")])
    return join([*plain, roles, purpose])


def _attribute(name: str, values: list[Xml]) -> Xml:
    return el("saml2:Attribute", *[el("saml2:AttributeValue", v) for v in values], Name=name)


def _coded(tag: str, value: Coded, system_name: str | None = None) -> Xml:
    return el(
        tag,
        xmlns=HL7,
        xmlns__xsi=XSI,
        code=value.code,
        codeSystem=value.system,
        codeSystemName=system_name,
        displayName=value.display,
        xsi__type="CE",
    )


def _signature(reference: str, canonical: bytes, signer: Signer) -> bytes:
    digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
    signed_info = el(
        "ds:SignedInfo",
        el("ds:CanonicalizationMethod", Algorithm=EXCLUSIVE),
        el("ds:SignatureMethod", Algorithm=RSA_SHA256),
        el(
            "ds:Reference",
            el(
                "ds:Transforms",
                el("ds:Transform", Algorithm=f"{DSIG}enveloped-signature"),
                el("ds:Transform", Algorithm=EXCLUSIVE),
            ),
            el("ds:DigestMethod", Algorithm=SHA256),
            el("ds:DigestValue", digest),
            URI=f"#{reference}",
        ),
        xmlns__ds=DSIG,
    )
    return el(
        "ds:Signature",
        signed_info,
        el("ds:SignatureValue", signer.sign(canonicalise(signed_info))),
        el("ds:KeyInfo", el("ds:X509Data", el("ds:X509Certificate", signer.base64))),
        xmlns__ds=DSIG,
    ).encode()
