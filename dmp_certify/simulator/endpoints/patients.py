"""TD0.2, existence and authorisation test (HL7 V3, PRPA_IN201307UV02 -> PRPA_IN201308UV02)."""

from __future__ import annotations

import copy
import hashlib
import uuid

from lxml import etree

from dmp_certify import clock
from dmp_certify.simulator import soap
from dmp_certify.simulator.people import Patient
from dmp_certify.simulator.soap import Answer, Element, Message, SoapFault
from dmp_certify.simulator.world import Record, World

HL7 = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
BODY = f"{{{HL7}}}PRPA_IN201307UV02"
ACTION = "urn:hl7-org:v3:PRPA_IN201307UV02"
_ANSWER_ACTION = "urn:hl7-org:v3:PRPA_IN201308UV02"
_DMP = "1.2.250.1.213.4.1.1.1"
_INS_C = "1.2.250.1.213.1.4.2"
_OBSERVATIONS = {
    "COMPTE_INTERNET_OUVERT": "1.2.250.1.213.4.1.2.9",
    "RATTACHEMENT_ENS": "1.2.250.1.213.4.1.2.3",
}


def handle(world: World, message: Message) -> Answer:
    """Say whether the patient has a record, its state, and what the caller may do."""
    request = message.body
    assert request is not None
    value = request.find(f".//{{{HL7}}}patientIdentifier/{{{HL7}}}value")
    if value is None or not value.get("extension") or not value.get("root"):
        raise SoapFault("InvalidMessage", "patientIdentifier/value absent ou sans root/extension")
    patient = world.patient(value.get("extension") or "", value.get("root") or "")
    record = world.record(patient.ins) if patient else None
    found = (patient, record) if patient and record else None
    answer = _wrapper(request)
    if record is not None:
        _rights(answer, record)
    _acknowledge(answer, request, "AA")
    act = _control_act(answer, request)
    if found:
        _subject(act, *found)
    _query_ack(act, request, "OK" if found else "NF")
    return soap.reply(message, _ANSWER_ACTION, answer)


def refuse(message: Message, error_code: str, word: str) -> Answer:
    """An application error with this code, whose text carries `word`.

    The acknowledgement type of a real refusal is not published; AE is HL7's own for an
    application error.
    """
    request = message.body
    assert request is not None
    answer = _wrapper(request)
    acknowledgement = _acknowledge(answer, request, "AE")
    detail = _add(acknowledgement, "acknowledgementDetail", typeCode="E")
    _add(detail, "code", code=error_code or "DMPAccessDeniedByRightsService")
    _add(detail, "text").text = soap.printable(f"Demande refusée par le DMP : {word}")
    _query_ack(_control_act(answer, request), request, "AE")
    return soap.reply(message, _ANSWER_ACTION, answer)


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)


def _wrapper(request: Element) -> Element:
    """The transmission wrapper, with sender and receiver of the request exchanged."""
    names: dict[str | None, str] = {None: HL7, "xsi": XSI}
    answer = etree.Element(f"{{{HL7}}}PRPA_IN201308UV02", nsmap=names)  # type: ignore[arg-type]
    answer.set("ITSVersion", "XML_1.0")
    _add(answer, "id", root=str(uuid.uuid4()))
    _add(answer, "creationTime", value=clock.now().strftime("%Y%m%d%H%M%S"))
    _add(answer, "interactionId", root="2.16.840.1.113883.1.6", extension="PRPA_IN201308UV02")
    _add(answer, "processingCode", code="P")
    _add(answer, "processingModeCode", code="T")
    _add(answer, "acceptAckCode", code="NE")
    asker = request.find(f"{{{HL7}}}sender/{{{HL7}}}device/{{{HL7}}}id")
    name = request.find(f"{{{HL7}}}sender/{{{HL7}}}device/{{{HL7}}}softwareName")
    device = _device(_add(answer, "receiver", typeCode="RCV"))
    _add(device, "id", root=(asker.get("root") or "") if asker is not None else "2.999")
    if name is not None and name.text:
        _add(device, "softwareName").text = name.text
    device = _device(_add(answer, "sender", typeCode="SND"))
    _add(device, "id", root=_DMP)
    _add(device, "softwareName").text = "DMP"
    return answer


def _device(parent: Element) -> Element:
    return _add(parent, "device", classCode="DEV", determinerCode="INSTANCE")


def _rights(answer: Element, record: Record) -> None:
    line = _add(answer, "attentionLine")
    _add(line, "keyWordText", code="AUTORISATION", codeSystem="1.2.250.1.213.4.1.2.6.1")
    value = _add(line, "value", code=record.authorisation, codeSystem="1.2.250.1.213.4.1.2.6.2")
    value.set(f"{{{XSI}}}type", "CV")
    line = _add(answer, "attentionLine")
    _add(line, "keyWordText", code="STATUT_MT", codeSystem="1.2.250.1.213.4.1.2.6.3")
    _boolean(line, record.attending_doctor)


def _acknowledge(answer: Element, request: Element, kind: str) -> Element:
    acknowledgement = _add(answer, "acknowledgement", typeCode=kind)
    target = _add(acknowledgement, "targetMessage")
    asked = request.find(f"{{{HL7}}}id")
    _copy_attributes(asked, _add(target, "id"), ("root", "extension"))
    return acknowledgement


def _control_act(answer: Element, request: Element) -> Element:
    act = _add(answer, "controlActProcess", classCode="CACT", moodCode="EVN")
    reason = request.find(f"{{{HL7}}}controlActProcess/{{{HL7}}}reasonCode")
    if reason is not None:
        names = ("code", "codeSystem", "displayName")
        _copy_attributes(reason, _add(act, "reasonCode"), names)
    return act


def _subject(act: Element, patient: Patient, record: Record) -> None:
    subject = _add(act, "subject", typeCode="SUBJ", contextConductionInd="false")
    event = _add(subject, "registrationEvent", classCode="REG", moodCode="EVN")
    _add(event, "statusCode", code="active")
    role = _add(_add(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
    _add(role, "id", root=patient.ins_oid, extension=patient.ins)
    digest = int(hashlib.sha256(patient.ins.encode()).hexdigest(), 16)
    _add(role, "id", root=_INS_C, extension=f"{digest % 10**22:022d}")
    _add(role, "statusCode", code="active" if record.status == "active" else "terminated")
    person = _add(role, "patientPerson", classCode="PSN", determinerCode="INSTANCE")
    name = _add(person, "name")
    _add(name, "given").text = patient.given
    if patient.family_used:
        _add(name, "family", qualifier="SP").text = patient.family_used
    _add(name, "family", qualifier="BR").text = patient.family_birth
    _add(
        person,
        "administrativeGenderCode",
        code=patient.gender,
        codeSystem="2.16.840.1.113883.5.1",
    )
    _add(person, "birthTime", value=patient.birth_date.replace("-", ""))
    for code, value in zip(_OBSERVATIONS, (record.internet_account, record.attached), strict=True):
        holder = _add(role, "subjectOf", typeCode="SBJ")
        observation = _add(holder, "administrativeObservation", classCode="OBS", moodCode="EVN")
        _add(observation, "code", code=code, codeSystem=_OBSERVATIONS[code])
        _boolean(observation, value)
    custodian = _add(event, "custodian", typeCode="CST")
    _add(_add(custodian, "assignedEntity", classCode="ASSIGNED"), "id", root=_DMP)


def _query_ack(act: Element, request: Element, code: str) -> None:
    query = request.find(f".//{{{HL7}}}queryByParameter")
    acknowledgement = _add(act, "queryAck")
    asked = query.find(f"{{{HL7}}}queryId") if query is not None else None
    _copy_attributes(asked, _add(acknowledgement, "queryId"), ("root", "extension"))
    _add(acknowledgement, "queryResponseCode", code=code)
    if query is not None:
        echo = copy.deepcopy(query)
        echo.tail = None
        act.append(echo)


def _boolean(parent: Element, value: bool) -> None:
    _add(parent, "value", value="true" if value else "false").set(f"{{{XSI}}}type", "BL")


def _copy_attributes(source: Element | None, target: Element, names: tuple[str, ...]) -> None:
    for name in names:
        if source is not None and source.get(name) is not None:
            target.set(name, source.get(name) or "")
