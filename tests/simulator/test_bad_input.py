"""Messages made to break a reader: a SOAP fault and a record, never a crash."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import pytest

from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.simulator.client import (
    TD02,
    TD21,
    Client,
    Doc,
    Lot,
    Reply,
    envelope,
    recorded,
    td02_body,
)

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))


def _fault(reply: Reply) -> str:
    assert reply.status == 500
    assert reply.text(".//soap:Subcode/soap:Value") == "soap:InvalidMessage"
    return reply.text(".//soap:Reason/soap:Text")


def _with_doctype(dtd: str, text: str) -> bytes:
    message = envelope(TD02, td02_body("1").replace("Essai", text)).decode()
    return message.replace("?>", f"?><!DOCTYPE s [{dtd}]>", 1).encode()


@pytest.mark.parametrize(
    "body",
    [
        _with_doctype(BOMB, "&e11;"),
        _with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        _with_doctype('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;', "x"),
        _with_doctype("", "x").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        _with_doctype(BOMB, "&e11;").decode().replace("UTF-8", "UTF-16BE").encode("utf-16-be"),
    ],
    ids=["bomb", "external", "parameter", "utf-16", "utf-16-bomb"],
)
def test_doctypes_are_refused(
    server: DmpServer, pki: TestPki, evidence_folder: Path, body: bytes
) -> None:
    assert "DOCTYPE" in _fault(Client(server, pki).post("patients", body))
    evidence = recorded(server, evidence_folder)
    (entry,) = evidence.of_kind("exchange")
    assert evidence.blob(entry.fields["request"]["blob"]).endswith(body)
    assert "suite_fault" not in entry.fields


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"hello",
        b"\xff\xfe\x00\x00",
        b"<a/>",
        b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'/>",
        b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'>" + b"<a>" * 100_000,
        b'<?xml version="1.0" encoding="UTF-8"?><a>\xe9</a>',
        b'<?xml version="1.0" encoding="no-such-thing"?><a/>',
        b"<a b='1' b='2'/>",
        envelope(TD02, td02_body("1"))[:-20],
        bytes(300_000),
    ],
)
def test_what_is_not_soap(server: DmpServer, pki: TestPki, body: bytes) -> None:
    client = Client(server, pki)
    assert _fault(client.post("patients", body))
    assert server.failure is None


def test_iso_8859_1_is_read(server: DmpServer, pki: TestPki, world: World) -> None:
    body = envelope(TD02, td02_body(world.patients()[0].ins).replace("Essai", "Été"))
    body = body.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
    reply = Client(server, pki).post("patients", body)
    assert reply.text(".//hl7:receiver/hl7:device/hl7:softwareName") == "Été"


def test_broken_queries(server: DmpServer, pki: TestPki) -> None:
    client = Client(server, pki)
    for body in (
        "<PRPA_IN201307UV02 xmlns='urn:hl7-org:v3'/>",
        td02_body("", ""),
        td02_body("1").replace("patientIdentifier", "other"),
    ):
        assert "patientIdentifier" in _fault(client.post("patients", envelope(TD02, body)))
    for body in ("", "text only"):
        reply = client.post("patients", envelope(TD02, body))
        assert reply.status == 500


def _lot(world: World) -> tuple[bytes, str]:
    return Lot(world.patients()[0], Doc(b"<a/>")).mtom()


def test_multipart_that_does_not_hold(server: DmpServer, pki: TestPki, world: World) -> None:
    body, kind = _lot(world)
    client = Client(server, pki)

    def fault(data: bytes, content_type: str = kind) -> str:
        return _fault(client.post("repository", data, Content_Type=content_type))

    assert "pas fermée" in fault(body[:-30])
    assert "pas fermée" in fault(body[: body.index(b"<a/>")])
    assert "aucun délimiteur" in fault(body.replace(b"MIMEBoundary", b"Other"))
    assert "aucun délimiteur" in fault(b"")
    assert "boundary" in fault(body, "multipart/related; type=x")
    assert "aucune partie" in fault(b"--b--\r\n", "multipart/related; boundary=b")
    assert "en-têtes" in fault(b"--b\r\nx\r\n--b--\r\n", "multipart/related; boundary=b")
    assert "en-têtes" in fault(b"--b\r\n--b--\r\n", "multipart/related; boundary=b")
    many = b"--b\r\nA: b\r\n\r\nx\r\n" * 2000 + b"--b--"
    assert "plus de 1000" in fault(many, "multipart/related; boundary=b")
    assert world.documents() == []


def test_a_missing_part_is_an_xds_error(server: DmpServer, pki: TestPki, world: World) -> None:
    body, kind = _lot(world)
    at = body.rindex(b"--MIMEBoundary_essai\r\nContent-Type: text/xml")
    cut = body[:at] + b"--MIMEBoundary_essai--\r\n"
    reply = Client(server, pki).post("repository", cut, Content_Type=kind)
    assert reply.errors == [("XDSMissingDocument", "aucune partie MIME pour cid:d0@essai")]


def test_faults_relate_to_the_request_when_it_can_be_read(
    server: DmpServer, pki: TestPki, world: World
) -> None:
    client = Client(server, pki)
    body, kind = _lot(world)
    reply = client.post("repository", body[:-30], Content_Type=kind)
    assert reply.text(".//wsa:RelatesTo").startswith("urn:uuid:")
    for broken, content_type in (
        (body[: body.index(b"</s:Envelope>") + 13], kind),
        (body, "multipart/related; boundary=other"),
        (body, "multipart/related"),
    ):
        reply = client.post("repository", broken, Content_Type=content_type)
        assert reply.text(".//wsa:RelatesTo").startswith("urn:uuid:")
    reply = client.post("patients", envelope("urn:x", "<x/>", "urn:uuid:abc"))
    assert reply.text(".//wsa:RelatesTo") == "urn:uuid:abc"


def test_the_official_samples_soap_1_1_is_served(
    server: DmpServer, pki: TestPki, world: World
) -> None:
    body, kind = _lot(world)
    body = body.replace(
        b"http://www.w3.org/2003/05/soap-envelope", b"http://schemas.xmlsoap.org/soap/envelope/"
    )
    reply = Client(server, pki).post("repository", body, Content_Type=kind)
    assert reply.registry_status == "Success"


def test_tolerated_multipart_shapes(server: DmpServer, pki: TestPki, world: World) -> None:
    """A preamble, bare line feeds, an epilogue, base64 parts, no start parameter, padding."""
    client = Client(server, pki)
    lot = Lot(world.patients()[0], Doc(b"<a>1</a>"))
    body, kind = lot.mtom()
    assert client.post("repository", b"pre\r\n" + body + b"after", Content_Type=kind).errors == []
    lot = Lot(world.patients()[0], Doc(b"<a>2</a>"))
    body = lot.mtom()[0].replace(b"\r\n", b"\n")
    assert client.post("repository", body, Content_Type=kind).errors == []
    lot = Lot(world.patients()[0], Doc(b"<a>3</a>"))
    body = lot.mtom()[0]
    at = body.rindex(b"Content-Transfer-Encoding: binary")
    tail = body[at:].replace(b"binary", b"base64").replace(b"<a>3</a>", b"PGE+\r\nMzwvYT4=")
    plain = "multipart/related;boundary=MIMEBoundary_essai"
    assert client.post("repository", body[:at] + tail, Content_Type=plain).errors == []
    tricky = b"--MIMEBoundary_essai2\r\n--MIMEBoundary_essai is not it\r\n--MIMEBoundary_essa\r\n"
    body = Lot(world.patients()[0], Doc(tricky)).mtom()[0]
    body = body.replace(b"--MIMEBoundary_essai\r\n", b"--MIMEBoundary_essai \t\r\n")
    assert client.post("repository", body, Content_Type=kind).errors == []
    contents = [item.content for item in world.documents()]
    assert contents == [b"<a>1</a>", b"<a>2</a>", b"<a>3</a>", tricky]


def test_hostile_text_in_a_refusal_stays_text(
    server: DmpServer, pki: TestPki, world: World
) -> None:
    lot = Lot("&lt;/x&gt;&#9;]]&gt;&amp;evil;", Doc(b"x"))
    reply = Client(server, pki).td21(lot)
    assert "</x>" in reply.errors[0][1]
    inline = envelope(TD21, Lot(world.patients()[0], Doc(b"x")).metadata(""))
    assert Client(server, pki).post("repository", inline).errors[0][0] == "XDSMissingDocument"


def test_a_real_patient_is_refused_and_not_recorded(
    server: DmpServer, pki: TestPki, evidence_folder: Path
) -> None:
    number = "160017512345671"
    reply = Client(server, pki).td02(number, "1.2.250.1.213.1.4.8")
    assert reply.status == 403
    assert "patient réel" in reply.text(".//soap:Reason/soap:Text")
    evidence = recorded(server, evidence_folder)
    (entry,) = evidence.of_kind("exchange")
    assert evidence.blob(entry.fields["request"]["blob"]).startswith(b"Withheld at intake")
    kept = [path.read_bytes() for path in evidence_folder.rglob("*") if path.is_file()]
    assert not any(number.encode() in data for data in kept)


def test_a_real_patient_is_found_in_encoded_documents_too(
    server: DmpServer, pki: TestPki, world: World, evidence_folder: Path
) -> None:
    number = "160017512345671"
    cda = f'<id root="1.2.250.1.213.1.4.8" extension="{number}"/>'.encode()
    text = base64.encodebytes(cda)
    lot = Lot(world.patients()[0], Doc(cda))
    client = Client(server, pki)
    inline = f'<x:Document id="Document0">{text.decode()}</x:Document>'
    replies = [client.post("repository", envelope(TD21, lot.metadata(inline)))]
    body, kind = lot.mtom()
    replies.append(client.post("repository", body, Content_Type=kind))
    at = body.rindex(b"Content-Transfer-Encoding: binary")
    recoded = body[:at] + body[at:].replace(b"binary", b"base64").replace(cda, text)
    replies.append(client.post("repository", recoded, Content_Type=kind))
    packed = gzip.compress(body)
    replies.append(client.post("repository", packed, Content_Type=kind, Content_Encoding="gzip"))
    assert [reply.status for reply in replies] == [403, 403, 403, 403]
    assert world.documents() == []
    evidence = recorded(server, evidence_folder)
    kept = [evidence.blob(item.fields["request"]["blob"]) for item in evidence.of_kind("exchange")]
    assert all(item.startswith(b"Withheld at intake") for item in kept)
