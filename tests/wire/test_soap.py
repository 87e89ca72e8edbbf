"""Envelopes, plain and in MTOM, and what is done with hostile ones."""

from __future__ import annotations

import base64
import time

import pytest

from dmp_certify.wire.message import Unreadable
from dmp_certify.wire.run import RunView, repeated, run_message
from dmp_certify.wire.soap import Soap, SoapAnswer
from dmp_certify.wire.soap_payload import SoapPayload
from tests.support import bases
from tests.support.wounds import build

ENVELOPE = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">{}</s:Envelope>'
BOMB = (
    '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


def envelope(content: str = "<s:Body/>") -> bytes:
    return ENVELOPE.format(content).encode()


@pytest.mark.parametrize("base", ["td0_2", "td2_1"])
def test_the_bases_are_read_whole(wounded, base):
    soap = wounded(base).view(Soap)
    assert soap.action.value in (hint.value for hint in soap.action_hints)
    assert soap.message_id.value.startswith("urn:uuid:")
    assert soap.reply_to.value.endswith("/anonymous")
    assert len(soap.assertions) == 1
    artifact = "part/1" if base == "td2_1" else "body"
    assert soap.place.artifact == f"exchange/0001/request/{artifact}"


def test_documents_are_those_of_the_parts(wounded):
    message = wounded("td2_1")
    soap = message.view(Soap)
    sealed = build("td2_1", [])
    for part in sealed.parts:
        assert soap.document_bytes(part.entry) == part.data
        assert soap.document(part.entry).carriage == "xop"
    assert [one.artifact for one in soap.documents] == [
        "exchange/0001/request/part/2",
        "exchange/0001/request/part/3",
    ]
    with pytest.raises(Unreadable):
        soap.document_bytes("absent")


def test_inline_base64_is_decoded(wounded):
    soap = wounded("td2_1", {"inline": "document", "after": "signing"}).view(Soap)
    document = soap.documents[0]
    assert document.carriage == "inline" and b"ClinicalDocument" in document.data


def test_the_same_file_is_read_as_soap_or_as_a_capture(raw):
    base = build("td2_1", [])
    content_type, body = bases.multipart(base)
    plain = raw(base.envelope, "soap").view(Soap)
    capture = raw(f"Content-Type: {content_type}\r\n\r\n".encode() + body, "mime").view(Soap)
    assert plain.body_name == capture.body_name
    assert plain.place.artifact == "m" and capture.place.artifact == "m/part/1"
    assert plain.documents[0].data is None and capture.documents[0].data


def test_utf_16_is_read(raw):
    assert raw(envelope().decode().encode("utf-16"), "soap").view(Soap) is not None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not well-formed"),
        (b"\xff\xfe\x00", "not well-formed"),
        (b"<a>", "not well-formed"),
        (b"<a/>", "the root is {}a"),
        (envelope("<s:Header/>"), "0 Body"),
        (envelope("<s:Body/><s:Body/>"), "2 Body"),
        (envelope().replace(b"</s:", b"\xe9</s:"), "not well-formed"),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "not well-formed"),
        (b"<a" * 100_000, "not well-formed"),
    ],
)
def test_what_is_no_envelope_says_why(raw, data, said):
    message = raw(data, "soap")
    (payload,) = message.views(SoapPayload)
    assert said in payload.problem.value.en
    with pytest.raises(Unreadable):
        message.views(Soap)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "head",
    [
        BOMB,
        '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE s SYSTEM "http://127.0.0.1:1/x.dtd">',
        "<!-- c --><?pi x?>\n<!DOCTYPE s>",
    ],
    ids=["bomb", "external-entity", "external-dtd", "after-comments"],
)
def test_a_doctype_is_told_and_nothing_is_expanded(raw, head, encoding):
    text = head + ENVELOPE.format("<s:Body><x>&j;&x;</x></s:Body>")
    begun = time.perf_counter()
    message = raw(text.encode(encoding), "soap")
    (payload,) = message.views(SoapPayload)
    assert payload.problem is not None
    assert payload.doctype or "not well-formed" in payload.problem.value.en
    with pytest.raises(Unreadable):
        message.views(Soap)
    assert time.perf_counter() - begun < 1


def test_deep_nesting_is_refused_or_read_without_harm(raw):
    deep = envelope("<s:Body>" + "<a>" * 50_000 + "</a>" * 50_000 + "</s:Body>")
    message = raw(deep, "soap")
    (payload,) = message.views(SoapPayload)
    assert payload.problem is not None or message.view(Soap) is not None


def test_a_get_is_no_call(raw):
    message = raw(b"GET /services/patients?wsdl HTTP/1.1\r\nHost: a\r\n\r\n")
    assert message.views(SoapPayload) == () and message.views(Soap) == ()


def test_answers_are_not_the_products(raw):
    body = envelope()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    message = raw(head + body, "answer")
    assert message.views(Soap) == ()
    assert message.view(SoapAnswer) is not None


def test_a_message_sent_again_has_the_same_body(wounded):
    again = wounded("td0_2", {"set": {"//saml:NameID": "899700000025"}})
    run = run_message((wounded("td0_2"), again)).view(RunView)
    ((later, earlier, first),) = repeated(run, Soap, lambda soap: soap.message_id.value)
    assert later.body_digest == earlier.body_digest
    assert first.artifact == "exchange/0001/request"


def test_an_unreadable_message_does_not_stop_the_run(raw, wounded):
    run = run_message((raw(b"POST"), wounded("td0_2"))).view(RunView)
    assert len(list(run.each(Soap))) == 1


def test_large_inline_documents_are_read(raw):
    text = base64.b64encode(b"\0" * 12_000_000).decode()
    content = (
        f'<s:Body><d:Document xmlns:d="urn:ihe:iti:xds-b:2007" id="a">{text}</d:Document></s:Body>'
    )
    assert len(raw(envelope(content), "soap").view(Soap).document_bytes("a")) == 12_000_000
