"""The views of HL7 V3 messages, with good and hostile input."""

from __future__ import annotations

import re

import pytest

from dmp_certify.wire.hl7v3 import ExistenceAnswer, ExistenceRequest
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases
from tests.support.wounds import build

declare_readers()
_ANSWER = b"""<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>
<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3"><id root="1.2.3" extension="a"/>
<interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201308UV02"/>
<acknowledgement typeCode="AA"><targetMessage><id root="1.2.4" extension="b"/></targetMessage>
</acknowledgement><controlActProcess><subject><registrationEvent><subject1>
<patient><id root="1.2.250.1.213.1.4.10" extension="279035121518989"/>
<statusCode code="active"/></patient></subject1></registrationEvent></subject>
<queryAck><queryId root="1.2.5" extension="c"/><queryResponseCode code="OK"/></queryAck>
</controlActProcess></PRPA_IN201308UV02></soap:Body></soap:Envelope>"""


def read(*wounds: dict[str, object]) -> ExistenceRequest | None:
    return bases.message(build("td0_2", list(wounds))).view(ExistenceRequest)


def test_every_field_is_read_with_its_place() -> None:
    request = read()
    assert request is not None
    assert request.id is not None and request.id.text.startswith("1.2.250.1.999.1.1.2^3c1f")
    assert request.reason is not None and request.reason.code is not None
    assert request.reason.code.value == "TEST_EXST"
    assert request.reason.code.place.path.endswith("/hl7:reasonCode/@code")
    assert request.reason.code.place.line
    (patient,) = request.patients
    assert patient.value is not None and patient.value.extension is not None
    assert patient.value.extension.value == "279035121518989"
    assert [one.root.value for one in request.receivers if one.root] == ["1.2.250.1.213.4.1.1.1"]


def test_prefixes_do_not_matter() -> None:
    base = build("td0_2", [])
    head, start, rest = base.envelope.decode().partition("<PRPA_IN201307UV02 ")
    body, end, tail = rest.partition("</soap:Body>")
    prefixed = re.sub(r"<(/?)(?=\w)", r"<\1v3:", start + body)
    prefixed = prefixed.replace('xmlns="urn:hl7-org:v3"', 'xmlns:v3="urn:hl7-org:v3"')
    base.envelope = (head + prefixed + end + tail).encode()
    found = bases.message(base).view(ExistenceRequest)
    assert found is not None and len(found.patients) == 1
    assert found.place.path.endswith("/hl7:PRPA_IN201307UV02")


def test_an_empty_query_is_a_view_with_nothing_in_it() -> None:
    request = read({"remove": "//hl7:PRPA_IN201307UV02/*"})
    assert request is not None
    assert request.id is None and request.reason is None and request.patients == ()
    assert request.missing("hl7:id").path.endswith("/hl7:PRPA_IN201307UV02/hl7:id")


def test_another_body_is_no_query() -> None:
    assert bases.message(build("td2_1", [])).views(ExistenceRequest) == ()


def test_a_foreign_namespace_is_unreadable_and_says_so() -> None:
    message = bases.message(
        build("td0_2", [{"replace-bytes": ['xmlns="urn:hl7-org:v3"', 'xmlns="urn:hl7-org:v2"']}])
    )
    # The first declaration of that namespace is the VIHF's role: aim at the body's own.
    base = build("td0_2", [])
    base.envelope = base.envelope.replace(
        b'<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3"', b'<PRPA_IN201307UV02 xmlns="urn:hl7-org:v2"'
    )
    with pytest.raises(Unreadable) as caught:
        bases.message(base).views(ExistenceRequest)
    assert "urn:hl7-org:v2" in caught.value.reason.en
    assert message.views(ExistenceRequest)


def test_a_truncated_body_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        bases.message(build("td0_2", [{"body-bytes": ["</soap:Envelope>", ""]}])).views(
            ExistenceRequest
        )


def test_the_answer_of_the_suite() -> None:
    raw = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: "
        + str(len(_ANSWER)).encode()
        + b"\r\n\r\n"
        + _ANSWER
    )
    message = Message("exchange/0001/response", "answer", raw, bases.RECEIVED_AT)
    answer = message.view(ExistenceAnswer)
    assert answer is not None
    assert answer.acknowledgement is not None and answer.acknowledgement.value == "AA"
    assert answer.target is not None and answer.target.text == "1.2.4^b"
    assert answer.response is not None and answer.response.code is not None
    assert answer.response.code.value == "OK"
    assert [one.text for one in answer.patient_ids] == ["1.2.250.1.213.1.4.10^279035121518989"]
    assert message.views(ExistenceRequest) == ()
