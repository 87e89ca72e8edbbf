"""The CDA R2 view: header, body and presentation of one clinical document.

Sources: HL7 CDA R2; CI-SIS, volet Structuration minimale V1.16. A self-presentable document is an
`xsl:stylesheet` that carries the ClinicalDocument among its own elements; a plain document is the
ClinicalDocument itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from lxml import etree

from dmp_certify.finding import Place, Text
from dmp_certify.terminology import ins, oids
from dmp_certify.wire import xml
from dmp_certify.wire.cda_body import Attachment, Fragments
from dmp_certify.wire.cda_nodes import HL7, Actor, Node, Organization, ServiceEvent, actors
from dmp_certify.wire.cda_patient import Patient
from dmp_certify.wire.cda_presentation import Presentation
from dmp_certify.wire.cda_walk import Traversal
from dmp_certify.wire.message import Located, Unreadable
from dmp_certify.wire.xml import Element

# The marks and the first character of the encodings that are not bytes of ASCII (XML 1.0, F.1).
_WIDE = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"<\x00", "UTF-16"),
    (b"\x00<", "UTF-16"),
)
UNSTRUCTURED = "1.3.6.1.4.1.19376.1.2.20"
_CLINICAL = ("urn:hl7-org:v3", "ClinicalDocument")
_STYLESHEET = ("http://www.w3.org/1999/XSL/Transform", "stylesheet")
_TRANSFORM = ("http://www.w3.org/1999/XSL/Transform", "transform")


@dataclass(frozen=True, eq=False)
class Cda(Traversal):
    """One clinical document.

    `node` is the ClinicalDocument. `received_at` is when it was received or, for a lone file,
    handed in. Elements of the header are reached by the properties below, or by `node.all` with
    the names of the header's elements joined by dots.
    """

    node: Node
    presentation: Presentation
    received_at: datetime | None = None

    def rest(self) -> None:
        """Let go of what was found for the checks; whoever asks again finds it again.

        Thousands of objects: the collector would look through them all while the view is held.
        """
        for name in vars(self).keys() - {one.name for one in fields(self)}:
            del vars(self)[name]
        self.node.rest()

    @cached_property
    def place(self) -> Place:
        return self.node.place

    @property
    def id(self) -> Node | None:
        return self.node.first("id")

    @property
    def code(self) -> Node | None:
        return self.node.first("code")

    @property
    def title(self) -> Node | None:
        return self.node.first("title")

    @property
    def effective_time(self) -> Node | None:
        return self.node.first("effectiveTime")

    @property
    def confidentiality(self) -> Node | None:
        return self.node.first("confidentialityCode")

    @property
    def language(self) -> Node | None:
        return self.node.first("languageCode")

    @property
    def set_id(self) -> Node | None:
        return self.node.first("setId")

    @property
    def version(self) -> Node | None:
        return self.node.first("versionNumber")

    @property
    def template_ids(self) -> tuple[Node, ...]:
        return self.node.all("templateId")

    @cached_property
    def patient(self) -> Patient | None:
        """The first recordTarget/patientRole."""
        found = self.node.first("recordTarget.patientRole")
        return Patient(found) if found else None

    @cached_property
    def ins_id(self) -> Node | None:
        """The patient's first identifier whose root is an OID of an INS."""
        patient = self.patient
        ids = patient.ids if patient else ()
        return next((one for one in ids if ins.is_ins_oid(one.root)), None)

    @property
    def local_ids(self) -> tuple[Node, ...]:
        """The patient's identifiers that are not an INS."""
        patient = self.patient
        kept = (*ins.KINDS, oids.INS_C)
        return tuple(one for one in (patient.ids if patient else ()) if one.root not in kept)

    @cached_property
    def authors(self) -> tuple[Actor, ...]:
        return actors(self.node.all("author"))

    @cached_property
    def legal_authenticator(self) -> Actor | None:
        found = actors(self.node.all("legalAuthenticator"))
        return found[0] if found else None

    @property
    def custodian(self) -> Organization | None:
        path = "custodian.assignedCustodian.representedCustodianOrganization"
        found = self.node.first(path)
        return Organization(found) if found else None

    @cached_property
    def service_events(self) -> tuple[ServiceEvent, ...]:
        return tuple(ServiceEvent(one) for one in self.node.all("documentationOf.serviceEvent"))

    @cached_property
    def main_event(self) -> ServiceEvent | None:
        """The first event one of whose performers states the practice setting (a fair reading)."""
        return next(
            (
                event
                for event in self.service_events
                for actor in event.performers
                if actor.organization and actor.organization.setting
            ),
            None,
        )

    @cached_property
    def practice_setting(self) -> Node | None:
        """standardIndustryClassCode of the main event."""
        event = self.main_event
        organizations = (one.organization for one in event.performers) if event else ()
        return next((one.setting for one in organizations if one and one.setting), None)

    @property
    def facility(self) -> Node | None:
        """The code of the healthcare facility of the encounter."""
        return self.node.first("componentOf.encompassingEncounter.location.healthCareFacility.code")

    @property
    def related_documents(self) -> tuple[Node, ...]:
        """The relatedDocument elements; `parentDocument.id` names the other document."""
        return self.node.all("relatedDocument")

    @property
    def replaces(self) -> Node | None:
        """The id of the document that this one replaces (relatedDocument RPLC)."""
        found = (one for one in self.related_documents if one.get("typeCode") == "RPLC")
        return next((one.first("parentDocument.id") for one in found), None)

    @cached_property
    def body(self) -> Attachment | None:
        """The content of a level-1 body, None for a structured one."""
        found = self.node.first("component.nonXMLBody.text")
        return Attachment(found) if found else None

    @cached_property
    def structured(self) -> bool:
        return self.node.first("component.structuredBody") is not None

    @cached_property
    def attachments(self) -> tuple[Attachment, ...]:
        """Every element that says it holds base64, and the level-1 body whatever it says."""
        found = self.grouped["held"]
        artifact = self.node.element.artifact
        held = [Node(Element(one, artifact)) for one in found if one.get("representation") == "B64"]
        body = self.body
        if body is not None and body.representation != "B64":
            held.insert(0, body.node)
        return tuple(Attachment(one) for one in held)

    @cached_property
    def fragments(self) -> Fragments:
        return Fragments(self.node.element, self.presentation.root)


def read_cda(data: bytes, artifact: str, received_at: datetime | None = None) -> Cda:
    """The clinical document in those bytes. Raises Unreadable when there is none."""
    root = xml.parse(data, artifact)
    wide = next((name for mark, name in _WIDE if data.startswith(mark)), "")
    return _view(root, received_at, wide or root.encoding)


def _view(root: Element, received_at: datetime | None, encoding: str) -> Cda:
    clinical = root if root.name == _CLINICAL else None
    if root.name in (_STYLESHEET, _TRANSFORM):
        held = root.node.iter(f"{HL7}ClinicalDocument")
        clinical = next((Element(one, root.artifact) for one in held), None)
    if clinical is None:
        uri, name = root.name
        raise Unreadable(
            root.place,
            Text(
                f"ni ClinicalDocument ni feuille de style qui en porte un : {{{uri}}}{name}",
                f"neither a ClinicalDocument nor a style sheet that carries one: {{{uri}}}{name}",
            ),
        )
    presentation = Presentation(clinical is not root, tuple(_sheets(root)), root, encoding)
    return Cda(Node(clinical), presentation, received_at)


def _sheets(root: Element) -> Iterator[Located[str]]:
    """The href of each xml-stylesheet instruction before the root element."""
    before = list(root.node.itersiblings(preceding=True))
    for one in reversed(before):
        if isinstance(one, etree._ProcessingInstruction) and one.target == "xml-stylesheet":
            place = Place(
                root.artifact, "/processing-instruction()", Element(one, root.artifact).line
            )
            yield Located(str(one.attrib.get("href", "")), place)
