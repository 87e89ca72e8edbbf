"""The HL7 V3 messages of the DMP: the existence test PRPA_IN201307UV02 and its answer 201308.

Sources: HL7 V3 Normative Edition 2009 (transmission wrapper MCCI_MT000100UV01, query control act,
PRPA_MT201307UV02) and the DMP's example messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from dmp_certify.finding import Place, Text
from dmp_certify.wire import ns
from dmp_certify.wire.message import Located, Message, Unreadable, reader
from dmp_certify.wire.soap import Soap, SoapAnswer
from dmp_certify.wire.xml import Element

QUERY = "PRPA_IN201307UV02"
ANSWER = "PRPA_IN201308UV02"
_HL7 = ns.PREFIXES["hl7"]
_QUERY = "hl7:controlActProcess/hl7:queryByParameter"
_PATIENT = _QUERY + "/hl7:parameterList/hl7:patientIdentifier"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An II: root and extension, either may be absent."""

    place: Place
    root: Located[str] | None
    extension: Located[str] | None

    @property
    def text(self) -> str:
        """`root^extension`, to compare two of them."""
        parts = (self.root, self.extension)
        return "^".join(part.value if part else "" for part in parts)


@dataclass(frozen=True, slots=True)
class Code:
    """A coded value: code, codeSystem and displayName, any of them may be absent."""

    place: Place
    code: Located[str] | None
    system: Located[str] | None
    display: Located[str] | None


@dataclass(frozen=True, slots=True)
class PatientParameter:
    """One patientIdentifier of a query: its value and its semanticsText."""

    place: Place
    value: Identifier | None
    semantics: Located[str] | None


@dataclass(frozen=True)
class ExistenceRequest:
    """PRPA_IN201307UV02, TD0.2 (or TD1.3a, told apart by the reason)."""

    place: Place
    element: Element = field(repr=False)
    received_at: datetime
    its_version: Located[str] | None
    id: Identifier | None
    creation_time: Located[str] | None
    interaction: Identifier | None
    processing: Code | None
    mode: Code | None
    accept_ack: Code | None
    receivers: tuple[Identifier, ...]
    senders: tuple[Identifier, ...]
    act_class: Located[str] | None
    act_mood: Located[str] | None
    reason: Code | None
    query_id: Identifier | None
    status: Code | None
    patients: tuple[PatientParameter, ...]

    def missing(self, path: str) -> Place:
        """Where an absent descendant would stand; the line is the message's."""
        return Place(self.place.artifact, f"{self.place.path}/{path}", self.place.line)


@dataclass(frozen=True)
class ExistenceAnswer:
    """PRPA_IN201308UV02, as the suite itself sends it."""

    place: Place
    element: Element = field(repr=False)
    id: Identifier | None
    interaction: Identifier | None
    acknowledgement: Located[str] | None
    target: Identifier | None
    response: Code | None
    query_id: Identifier | None
    patient_ids: tuple[Identifier, ...]
    status: Code | None


@reader(ExistenceRequest)
def read(message: Message) -> Iterator[ExistenceRequest]:
    """The query of a call whose body is one. Raises Unreadable in a foreign namespace."""
    for soap in message.views(Soap):
        body = _body(soap, QUERY)
        if body is not None:
            yield _request(body, message.received_at)


@reader(ExistenceAnswer)
def read_answer(message: Message) -> Iterator[ExistenceAnswer]:
    """The suite's answer to an existence test."""
    for soap in message.views(SoapAnswer):
        body = _body(soap, ANSWER)
        if body is not None:
            yield _answer(body)


def _body(soap: Soap, name: str) -> Element | None:
    body = soap.payload
    if body is None or body.name[1] != name:
        return None
    if body.name[0] != _HL7:
        seen = body.name[0] or "-"
        reason = Text(f"espace de noms {seen}, attendu {_HL7}", f"namespace {seen}, not {_HL7}")
        raise Unreadable(body.place, reason)
    return body


def _request(body: Element, received_at: datetime) -> ExistenceRequest:
    act = body.first("hl7:controlActProcess")
    return ExistenceRequest(
        place=body.place,
        element=body,
        received_at=received_at,
        its_version=body.attribute("ITSVersion"),
        id=identifier(body.first("hl7:id")),
        creation_time=_value(body.first("hl7:creationTime")),
        interaction=identifier(body.first("hl7:interactionId")),
        processing=code(body.first("hl7:processingCode")),
        mode=code(body.first("hl7:processingModeCode")),
        accept_ack=code(body.first("hl7:acceptAckCode")),
        receivers=identifiers(body, "hl7:receiver/hl7:device/hl7:id"),
        senders=identifiers(body, "hl7:sender/hl7:device/hl7:id"),
        act_class=act.attribute("classCode") if act else None,
        act_mood=act.attribute("moodCode") if act else None,
        reason=code(body.first("hl7:controlActProcess/hl7:reasonCode")),
        query_id=identifier(body.first(f"{_QUERY}/hl7:queryId")),
        status=code(body.first(f"{_QUERY}/hl7:statusCode")),
        patients=tuple(_parameter(one) for one in body.all(_PATIENT)),
    )


def _answer(body: Element) -> ExistenceAnswer:
    acknowledgement = body.first("hl7:acknowledgement")
    patient = ".//hl7:registrationEvent//hl7:patient"
    ack = "hl7:controlActProcess/hl7:queryAck"
    return ExistenceAnswer(
        place=body.place,
        element=body,
        id=identifier(body.first("hl7:id")),
        interaction=identifier(body.first("hl7:interactionId")),
        acknowledgement=acknowledgement.attribute("typeCode") if acknowledgement else None,
        target=identifier(body.first("hl7:acknowledgement/hl7:targetMessage/hl7:id")),
        response=code(body.first(f"{ack}/hl7:queryResponseCode")),
        query_id=identifier(body.first(f"{ack}/hl7:queryId")),
        patient_ids=identifiers(body, f"{patient}/hl7:id"),
        status=code(body.first(f"{patient}/hl7:statusCode")),
    )


def _parameter(element: Element) -> PatientParameter:
    semantics = element.first("hl7:semanticsText")
    return PatientParameter(
        element.place,
        identifier(element.first("hl7:value")),
        semantics.located_text() if semantics else None,
    )


def _value(element: Element | None) -> Located[str] | None:
    return element.attribute("value") if element is not None else None


def identifier(element: Element | None) -> Identifier | None:
    """An II element, or None."""
    if element is None:
        return None
    return Identifier(element.place, element.attribute("root"), element.attribute("extension"))


def identifiers(parent: Element, path: str) -> tuple[Identifier, ...]:
    """Every II that the path selects."""
    found = (identifier(element) for element in parent.all(path))
    return tuple(one for one in found if one is not None)


def code(element: Element | None) -> Code | None:
    """A CS, CD or CE element, or None."""
    if element is None:
        return None
    return Code(
        element.place,
        element.attribute("code"),
        element.attribute("codeSystem"),
        element.attribute("displayName"),
    )
