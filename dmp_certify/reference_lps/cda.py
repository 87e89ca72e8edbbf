"""CDA R2 documents of the CI-SIS: the header of the *structuration minimale* and a level 1 body."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime

from dmp_certify.reference_lps import codes, pdf
from dmp_certify.reference_lps.markup import Xml, document, el, join
from dmp_certify.reference_lps.moments import cda_time
from dmp_certify.reference_lps.orders import Coded, Patient, Person

UNSTRUCTURED = ("1.3.6.1.4.1.19376.1.2.20", None)


@dataclass(slots=True)
class Header:
    """What a document says of itself, before it is written."""

    unique_id: str
    set_id: str
    version: int
    type: Coded
    title: str
    moment: datetime
    patient: Patient
    person: Person
    templates: list[tuple[str, str | None]]
    service: Coded | None = None
    service_end: bool = True
    replaces: str | None = None
    confidentiality: Coded = codes.NORMAL
    language: str = "fr-FR"
    practice: Coded = field(init=False)
    facility: Coded = field(init=False)

    def __post_init__(self) -> None:
        self.practice = codes.practice_of(self.person.sector)
        self.facility = self.person.sector


def write(header: Header, body: Xml) -> bytes:
    """The document: its header around `body` (a `component`)."""
    return document(
        el(
            "ClinicalDocument",
            _identity(header),
            _record_target(header.patient),
            _author(header),
            _custodian(header.person),
            _legal_authenticator(header),
            _documentation_of(header),
            _related(header),
            _component_of(header),
            body,
            xmlns="urn:hl7-org:v3",
            xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
        )
    )


def pdf_body(header: Header) -> Xml:
    """A level 1 body: one page of PDF/A-1."""
    patient, person = header.patient, header.person
    lines = [
        f"Patient : {patient.family_birth} {patient.given}",
        f"Né(e) le {patient.birth_date}",
        f"Auteur : Dr {person.family} {person.given}",
        person.structure_name,
        f"Document {header.version} du {header.moment:%Y-%m-%d %H:%M:%S}",
    ]
    data = base64.b64encode(pdf.page(header.title, lines, header.moment)).decode()
    return el(
        "component",
        el("nonXMLBody", el("text", data, mediaType="application/pdf", representation="B64")),
    )


def _identity(header: Header) -> Xml:
    return join(
        [
            el("realmCode", code="FR"),
            el("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
            el("templateId", root="2.16.840.1.113883.2.8.2.1"),
            el("templateId", root="1.2.250.1.213.1.1.1.1"),
            *[el("templateId", root=r, extension=e) for r, e in header.templates],
            el("id", root=header.unique_id),
            coded("code", header.type),
            el("title", header.title),
            el("effectiveTime", value=cda_time(header.moment)),
            coded("confidentialityCode", header.confidentiality),
            el("languageCode", code=header.language),
            el("setId", root=header.set_id),
            el("versionNumber", value=str(header.version)),
        ]
    )


def coded(tag: str, value: Coded) -> Xml:
    """An element of type CD or CE."""
    return el(tag, code=value.code, displayName=value.display, codeSystem=value.system)


def _record_target(patient: Patient) -> Xml:
    gender = "Féminin" if patient.gender == "F" else "Masculin"
    local = el("id", root=patient.local_oid, extension=patient.local_id)
    place = el("birthplace", el("place", el("addr", el("county", patient.birth_place_code))))
    return el(
        "recordTarget",
        el(
            "patientRole",
            el("id", root=patient.ins_oid, extension=patient.ins),
            local if patient.local_id else None,
            el("addr", nullFlavor="NASK"),
            el("telecom", nullFlavor="NASK"),
            el(
                "patient",
                el(
                    "name",
                    el("family", patient.family_birth, qualifier="BR"),
                    el("given", patient.given_list),
                    el("given", patient.given, qualifier="BR"),
                    el("family", patient.family_used, qualifier="CL"),
                    el("given", patient.given, qualifier="CL"),
                ),
                coded(
                    "administrativeGenderCode",
                    Coded(patient.gender, "2.16.840.1.113883.5.1", gender),
                ),
                el("birthTime", value=patient.birth),
                place if patient.birth_place_code else None,
            ),
        ),
    )


def person_name(person: Person) -> Xml:
    """The name of a professional."""
    return el("name", el("family", person.family), el("given", person.given))


def organisation(tag: str, person: Person, *more: Xml) -> Xml:
    """The structure of a professional."""
    return el(
        tag,
        el("id", root=codes.STRUCTURES, extension=person.structure_id),
        el("name", person.structure_name),
        *more,
    )


def role_head(person: Person) -> Xml:
    """Identifier, code, address and telecom of a professional in any role."""
    return join(
        [
            el("id", root=codes.PROFESSIONALS, extension=person.id),
            coded("code", codes.author_specialty(person)),
            el("addr", nullFlavor="NAV"),
            el("telecom", nullFlavor="NAV"),
        ]
    )


def author(person: Person, moment: datetime) -> Xml:
    """An author of the document or of an entry."""
    return el(
        "author",
        el("time", value=cda_time(moment)),
        el(
            "assignedAuthor",
            role_head(person),
            el("assignedPerson", person_name(person)),
            organisation("representedOrganization", person),
        ),
        typeCode="AUT",
        contextControlCode="OP",
    )


def _author(header: Header) -> Xml:
    return author(header.person, header.moment)


def _custodian(person: Person) -> Xml:
    null = [el("telecom", nullFlavor="NAV"), el("addr", nullFlavor="NAV")]
    return el(
        "custodian",
        el(
            "assignedCustodian",
            organisation("representedCustodianOrganization", person, *null),
        ),
    )


def assigned_entity(person: Person, practice: Coded) -> Xml:
    """A professional as performer or authenticator."""
    return el(
        "assignedEntity",
        role_head(person),
        el("assignedPerson", person_name(person)),
        organisation(
            "representedOrganization", person, coded("standardIndustryClassCode", practice)
        ),
    )


def _legal_authenticator(header: Header) -> Xml:
    return el(
        "legalAuthenticator",
        el("time", value=cda_time(header.moment)),
        el("signatureCode", code="S"),
        assigned_entity(header.person, header.practice),
    )


def _documentation_of(header: Header) -> Xml:
    time = cda_time(header.moment)
    return el(
        "documentationOf",
        el(
            "serviceEvent",
            coded("code", header.service) if header.service else None,
            el(
                "effectiveTime",
                el("low", value=time),
                el("high", value=time) if header.service_end else None,
            ),
            el(
                "performer",
                assigned_entity(header.person, header.practice),
                typeCode="PRF",
            ),
        ),
    )


def _related(header: Header) -> Xml | None:
    if header.replaces is None:
        return None
    parent = el("parentDocument", el("id", root=header.replaces))
    return el("relatedDocument", parent, typeCode="RPLC")


def _component_of(header: Header) -> Xml:
    facility = el(
        "healthCareFacility",
        el("id", root=codes.STRUCTURES, extension=header.person.structure_id),
        coded("code", header.facility),
    )
    return el(
        "componentOf",
        el(
            "encompassingEncounter",
            el("effectiveTime", el("low", value=cda_time(header.moment))),
            el("location", facility),
        ),
    )
