"""The VIHF: the SAML 2.0 assertion of each call (CI-SIS volet Synchrone; OASIS SAML 2.0 Core).

Every field is Located, and absent ones are None: the checks say what is missing. When a call holds
several assertions the view is the first one, and `alone` is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from dmp_certify.finding import Place
from dmp_certify.wire import certificates, dsig, instants, ns, xml
from dmp_certify.wire.certificates import Certificate, Path
from dmp_certify.wire.dsig import Signature, Verification
from dmp_certify.wire.instants import Instant
from dmp_certify.wire.message import Located, Message, reader
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.tls import client_certificate
from dmp_certify.wire.xml import Element

SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
# The samples write one case, the tables the other; the DMP's own reading is not public.
MODE_NAMES = ("Authentification_Mode", "Authentification_mode")
INDIRECT, DIRECT, REINFORCED = "INDIRECTE", "DIRECTE", "INDIRECTE_RENFORCEE"


@dataclass(frozen=True, slots=True)
class CodedValue:
    """An HL7 CE inside an AttributeValue (Role, PurposeOfUse). `name` is (namespace, local)."""

    place: Place
    name: tuple[str, str]
    code: Located[str] | None
    code_system: Located[str] | None
    display_name: Located[str] | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """One saml:Attribute. `values` are the texts of its AttributeValue elements, `plain` those of
    the ones that hold nothing but text, `coded` the elements inside the others."""

    place: Place
    name: str
    values: tuple[Located[str], ...]
    plain: tuple[Located[str], ...]
    coded: tuple[CodedValue, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The saml:Conditions element."""

    place: Place
    not_before: Located[Instant] | None
    not_on_or_after: Located[Instant] | None


@dataclass(frozen=True)
class Vihf:
    """One assertion.

    `live` is true when the reception was witnessed; a lone file is judged at its own IssueInstant
    (`moment`). `signer_path` is None without signature, certificate or trust. `body_name` is that
    of the call's body, empty strings for a lone assertion.
    """

    place: Place
    element: Element = field(repr=False)
    alone: bool
    live: bool
    received_at: datetime
    product: Mapping[str, str]
    conformance: Mapping[str, object]
    id: Located[str]
    version: Located[str]
    issue_instant: Located[Instant] | None
    issuer: Located[str] | None
    issuer_format: Located[str]
    signature: Signature | None
    signatures: int
    name_id: Located[str] | None
    conditions: Conditions | None
    authn_instant: Located[Instant] | None
    authn_class: Located[str] | None
    attributes: tuple[Attribute, ...]
    tls_client: Certificate | None
    signer_path: Path | None
    body_name: tuple[str, str]

    def named(self, name: str) -> tuple[Attribute, ...]:
        """The attributes of that name."""
        return tuple(one for one in self.attributes if one.name == name)

    def value(self, name: str) -> Located[str] | None:
        """The first non-empty value of that attribute, or None."""
        return next(
            (v for one in self.named(name) for v in one.values if v.value),
            None,
        )

    @property
    def mode(self) -> Located[str] | None:
        """The authentication mode under either spelling of its attribute."""
        return next(filter(None, map(self.value, MODE_NAMES)), None)

    @property
    def roles(self) -> tuple[CodedValue, ...]:
        """The coded roles, in order: profession, then know-how."""
        return tuple(coded for one in self.named(ROLE) for coded in one.coded)

    @property
    def purposes(self) -> tuple[CodedValue, ...]:
        """The coded purposes of use."""
        return tuple(coded for one in self.named(PURPOSE) for coded in one.coded)

    @cached_property
    def verification(self) -> Verification | None:
        """What the signature is worth; None for an unsigned assertion."""
        return dsig.verify(self.signature) if self.signature else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the assertion as canonical XML: the same for one that is used again."""
        return self.element.digest()

    @property
    def signer(self) -> Located[Certificate] | None:
        """The certificate of the signature, or None."""
        return self.signature.signer if self.signature else None


@reader(Vihf)
def read(message: Message) -> Iterator[Vihf]:
    """The first assertion of a call, or of a lone file of kind `vihf`."""
    if message.kind == "vihf":
        root = xml.parse(message.raw, message.artifact)
        found, body = tuple(root.all("descendant-or-self::saml:Assertion")), ("", "")
    else:
        soap = message.view(Soap)
        found, body = (soap.assertions, soap.body_name) if soap else ((), ("", ""))
    if found:
        everywhere = found[0].all("/descendant::saml:Assertion")
        yield _vihf(message, found[0], len(everywhere) == 1, body)


def _vihf(message: Message, element: Element, alone: bool, body: tuple[str, str]) -> Vihf:
    signatures = element.all("ds:Signature")
    signature = dsig.read(signatures[0]) if signatures else None
    issued = _instant(element, "IssueInstant")
    live = message.kind == "http"
    moment = message.received_at
    if not live and issued is not None and issued.value.moment is not None:
        moment = issued.value.moment
    issuer = element.first("saml:Issuer")
    authn = element.first("saml:AuthnStatement")
    return Vihf(
        place=element.place,
        element=element,
        alone=alone,
        live=live,
        received_at=message.received_at,
        product=message.product,
        conformance=message.conformance,
        id=_attribute(element, "ID"),
        version=_attribute(element, "Version"),
        issue_instant=issued,
        issuer=issuer.located_text() if issuer else None,
        issuer_format=_attribute(issuer or element, "Format"),
        signature=signature,
        signatures=len(signatures),
        name_id=_text(element, "saml:Subject/saml:NameID"),
        conditions=_conditions(element),
        authn_instant=_instant(authn, "AuthnInstant") if authn else None,
        authn_class=_text(
            element, "saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef"
        ),
        attributes=tuple(map(_attribute_of, element.all("saml:AttributeStatement/saml:Attribute"))),
        tls_client=client_certificate(message.tls) if message.tls else None,
        signer_path=_path(message, signature, moment),
        body_name=body,
    )


def _attribute(element: Element, name: str) -> Located[str]:
    return element.attribute(name) or Located("", element.attribute_place(name))


def _instant(element: Element, name: str) -> Located[Instant] | None:
    found = element.attribute(name)
    return Located(instants.parse(found.value), found.place) if found else None


def _text(element: Element, path: str) -> Located[str] | None:
    found = element.first(path)
    return found.located_text() if found else None


def _conditions(element: Element) -> Conditions | None:
    found = element.first("saml:Conditions")
    if found is None:
        return None
    return Conditions(found.place, _instant(found, "NotBefore"), _instant(found, "NotOnOrAfter"))


def _attribute_of(element: Element) -> Attribute:
    values = element.all("saml:AttributeValue")
    return Attribute(
        element.place,
        (element.get("Name") or "").strip(),
        tuple(value.located_text() for value in values),
        tuple(value.located_text() for value in values if not value.children()),
        tuple(_coded(child) for value in values for child in value.children()),
    )


def _coded(element: Element) -> CodedValue:
    return CodedValue(
        element.place,
        element.name,
        element.attribute("code"),
        element.attribute("codeSystem"),
        element.attribute("displayName"),
    )


def _path(message: Message, signature: Signature | None, moment: datetime) -> Path | None:
    if signature is None or signature.signer is None or not message.trust.certificates:
        return None
    return certificates.path(signature.signer_der, signature.chain, message.trust, moment)


def is_hl7(value: CodedValue, local: str) -> bool:
    """Whether the coded element is `hl7:<local>`."""
    return value.name == (ns.PREFIXES["hl7"], local)
