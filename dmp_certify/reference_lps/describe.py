"""Reads a CDA document and derives its DocumentEntry, as the product does before it sends it."""

from __future__ import annotations

from lxml import etree

from dmp_certify.reference_lps import codes
from dmp_certify.reference_lps.metadata import Author, Entry, xcn, xon
from dmp_certify.reference_lps.moments import dtm_of_cda
from dmp_certify.reference_lps.orders import Coded

_NS = {"h": "urn:hl7-org:v3"}
_CDA = "{urn:hl7-org:v3}"
_INS_ROOTS = tuple(f"1.2.250.1.213.1.4.{arc}" for arc in ("8", "9", "10", "11"))
_CONFIDENTIALITY = {"N": "Normal", "R": "Restreint", "V": "Très restreint"}
_MODEL = "1.2.250.1.213.1.1.1."


class NotCda(Exception):
    """The file holds no CDA document."""


def clinical_document(data: bytes) -> etree._Element:
    """The `ClinicalDocument`, be it the root or inside a self-presentable style sheet."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotCda(f"not well-formed XML: {error}") from None
    found: etree._Element | None = next(root.iter(f"{_CDA}ClinicalDocument"), None)
    if found is None:
        raise NotCda("no ClinicalDocument inside")
    return found


def entry(data: bytes, entry_id: str) -> Entry:
    """The DocumentEntry of a CDA document; hash and size are left for later. Raises NotCda."""
    cda = clinical_document(data)
    main = _main_event(cda)
    ins, local = patient_ids(cda)
    # A creationTime is always given to the second, even when the document stops at the minute.
    created = dtm_of_cda(_attr(cda, "h:effectiveTime", "value"))
    created = created.ljust(14, "0") if len(created) > 8 else created
    start = dtm_of_cda(_attr(main, "h:effectiveTime/h:low", "value")) or created
    confidentiality = _coded(cda, "h:confidentialityCode") or codes.NORMAL
    type_ = _coded(cda, "h:code") or Coded("", "", "")
    practice = _coded(main, ".//h:standardIndustryClassCode")
    facility = _coded(cda, "h:componentOf//h:healthCareFacility/h:code")
    return Entry(
        id=entry_id,
        unique_id=_attr(cda, "h:id", "root"),
        mime="text/xml" if cda.getparent() is None else "application/xslt+xml",
        title=" ".join((cda.findtext("h:title", "", _NS) or "").split()),
        created=created,
        language=_attr(cda, "h:languageCode", "code") or "fr-FR",
        legal_authenticator=_xcn(cda.find("h:legalAuthenticator/h:assignedEntity", _NS)),
        service_start=start,
        service_stop=dtm_of_cda(_attr(main, "h:effectiveTime/h:high", "value")),
        patient_id=ins,
        source_patient_id=local or ins,
        source_patient_info=_patient_info(cda),
        authors=[_author(author) for author in cda.findall("h:author", _NS)],
        type=type_,
        class_=codes.class_of(type_.code),
        format=codes.format_of(_media_type(cda), _templates(cda)),
        facility=facility or Coded("SA07", "1.2.250.1.71.4.2.4", "Cabinet individuel"),
        practice=practice or codes.practice_of(facility or Coded("", "", "")),
        confidentiality=[confidentiality],
        events=_events(cda),
    )


def patient_ids(cda: etree._Element) -> tuple[str, str]:
    """The INS and the first local identifier as CX; empty when the document has none."""
    ins = local = ""
    for found in cda.findall("h:recordTarget/h:patientRole/h:id", _NS):
        root, extension = found.get("root", ""), found.get("extension", "")
        if root in _INS_ROOTS and extension:
            ins = ins or f"{extension}^^^&{root}&ISO^NH"
        elif root and extension:
            local = local or f"{extension}^^^&{root}&ISO^PI"
    return ins, local


def _attr(node: etree._Element | None, path: str, name: str) -> str:
    found = node.find(path, _NS) if node is not None else None
    return (found.get(name) or "").strip() if found is not None else ""


def _coded(node: etree._Element | None, path: str) -> Coded | None:
    found = node.find(path, _NS) if node is not None else None
    if found is None or not found.get("code"):
        return None
    code = found.get("code", "")
    display = found.get("displayName") or _CONFIDENTIALITY.get(code, code)
    return Coded(code, found.get("codeSystem", ""), display)


def _main_event(cda: etree._Element) -> etree._Element | None:
    """The event whose performer tells the practice setting; else the first."""
    events = cda.findall("h:documentationOf/h:serviceEvent", _NS)
    for event in events:
        if event.find(".//h:standardIndustryClassCode", _NS) is not None:
            return event
    return events[0] if events else None


def _events(cda: etree._Element) -> list[Coded]:
    found = [
        _coded(event, "h:code") for event in cda.findall("h:documentationOf/h:serviceEvent", _NS)
    ]
    return [code for code in found if code is not None]


def _media_type(cda: etree._Element) -> str | None:
    text = cda.find("h:component/h:nonXMLBody/h:text", _NS)
    return text.get("mediaType") if text is not None else None


def _templates(cda: etree._Element) -> list[str]:
    """The document's templateIds, most telling first: the models of the CI-SIS."""
    roots = [t.get("root", "") for t in cda.findall("h:templateId", _NS)]
    return sorted(roots, key=lambda root: not root.startswith(_MODEL))


def _name(node: etree._Element | None, part: str) -> str:
    """A part of a name: the birth name first, then the used one."""
    if node is None:
        return ""
    found = node.findall(f"h:{part}", _NS)
    chosen = next((f for f in found if f.get("qualifier") == "BR"), found[0] if found else None)
    return " ".join(str(chosen.xpath("string()")).split()) if chosen is not None else ""


def _patient_info(cda: etree._Element) -> list[str]:
    patient = cda.find("h:recordTarget/h:patientRole/h:patient", _NS)
    if patient is None:
        return []
    name = patient.find("h:name", _NS)
    lines = [f"PID-5|{_name(name, 'family')}^{_name(name, 'given')}^^^^^L"]
    birth = _attr(patient, "h:birthTime", "value")[:8]
    gender = _attr(patient, "h:administrativeGenderCode", "code")
    if birth:
        lines.append(f"PID-7|{birth}")
    if gender:
        lines.append(f"PID-8|{gender}")
    return lines


def _xcn(role: etree._Element | None) -> str:
    if role is None:
        return ""
    root, id_ = _attr(role, "h:id", "root"), _attr(role, "h:id", "extension")
    device = role.find("h:assignedAuthoringDevice", _NS)
    if device is not None:
        software = device.findtext("h:softwareName", "", _NS).strip()
        model = device.findtext("h:manufacturerModelName", "", _NS).strip()
        return xcn(id_, software, model, root, "U", "RI")
    name = role.find("h:assignedPerson/h:name", _NS)
    kind = {codes.PROFESSIONALS: "IDNPS"}.get(root, "NH" if root in _INS_ROOTS else "RI")
    return xcn(id_, _name(name, "family"), _name(name, "given"), root, "D", kind)


def _author(author: etree._Element) -> Author:
    role = author.find("h:assignedAuthor", _NS)
    specialty = _coded(role, "h:code")
    organisation = role.find("h:representedOrganization", _NS) if role is not None else None
    institution = ""
    if organisation is not None:
        name = " ".join((organisation.findtext("h:name", "", _NS) or "").split())
        root = _attr(organisation, "h:id", "root") or codes.STRUCTURES
        institution = xon(name, _attr(organisation, "h:id", "extension"), root)
    return Author(
        person=_xcn(role),
        institution=institution,
        role=_attr(author, "h:functionCode", "displayName"),
        specialty=f"{specialty.code}^{specialty.display}^{specialty.system}" if specialty else "",
    )
