"""Each named disturbance does what its name says, once, and is recorded."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator import disturb
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.simulator.client import Client, Doc, Lot, recorded

WORD = "brouhaha"


@pytest.fixture
def client(server: DmpServer, pki: TestPki) -> Client:
    return Client(server, pki)


def _lot(world: World) -> Lot:
    return Lot(world.patients()[0], Doc(b"<a/>"))


def _named(server: DmpServer, folder: Path) -> list[str | None]:
    found = recorded(server, folder).of_kind("exchange")
    return [entry.fields["disturbance"] for entry in found]


def test_refuse_on_each_transaction(
    server: DmpServer, client: Client, world: World, evidence_folder: Path
) -> None:
    lot = _lot(world)
    server.disturb("refuse", error_code="XDSRepositoryBusy", word=WORD)
    ((code, context),) = client.td21(lot).errors
    assert code == "XDSRepositoryBusy" and WORD in context
    assert world.documents() == [] and not world.has_lot(lot.unique_id)
    assert client.td21(lot).errors == []

    server.disturb("refuse", word=WORD)
    reply = client.td02(world.patients()[0].ins)
    assert reply.status == 200
    assert reply.find(".//hl7:acknowledgement").get("typeCode") == "AE"
    detail = reply.find(".//hl7:acknowledgementDetail")
    assert detail[0].get("code") == "DMPAccessDeniedByRightsService" and WORD in detail[1].text

    server.disturb("refuse", error_code="XDSTooManyResults", word=WORD)
    ((code, context),) = client.td31("5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4").errors
    assert code == "XDSTooManyResults" and WORD in context
    assert _named(server, evidence_folder) == ["refuse", None, "refuse", "refuse"]


def test_soap_fault(server: DmpServer, client: Client, world: World) -> None:
    server.disturb("soap-fault", code="DMPInvalidCertificate", word=WORD)
    reply = client.td21(_lot(world))
    assert reply.status == 500
    assert reply.text(".//soap:Subcode/soap:Value") == "soap:DMPInvalidCertificate"
    assert WORD in reply.text(".//soap:Reason/soap:Text")
    assert reply.text(".//wsa:RelatesTo").startswith("urn:uuid:")
    assert world.documents() == []


def test_http_503_and_not_soap(server: DmpServer, client: Client, world: World) -> None:
    server.disturb("http-503", word=WORD, retry_after=7)
    reply = client.td21(_lot(world))
    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    assert WORD.encode() in reply.body
    server.disturb("not-soap", word=WORD)
    reply = client.td21(_lot(world))
    assert reply.status == 200 and reply.headers["Content-Type"].startswith("text/html")
    assert WORD.encode() in reply.body
    assert world.documents() == []


@pytest.mark.parametrize(
    ("name", "stored"), [("close-connection", 0), ("lost-answer", 1), ("truncated-answer", 1)]
)
def test_answers_that_do_not_arrive(
    server: DmpServer,
    client: Client,
    world: World,
    pki: TestPki,
    evidence_folder: Path,
    name: str,
    stored: int,
) -> None:
    server.disturb(name)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        client.td21(_lot(world))
    assert len(world.documents()) == stored
    evidence = recorded(server, evidence_folder)
    (entry,) = evidence.of_kind("exchange")
    (sent,) = evidence.of_kind("sent")
    answer = evidence.blob(entry.fields["response"]["blob"])
    assert sent.fields["complete"] is False and sent.fields["problem"] == "cut on purpose"
    if name == "truncated-answer":
        assert answer.startswith(b"HTTP/1.1 200") and entry.fields["response"]["status"] == 200
    else:
        assert (answer, entry.fields["response"]["status"]) == (b"", 0)
    assert Client(server, pki).td02(world.patients()[0].ins).status == 200


def test_slow(server: DmpServer, client: Client, world: World) -> None:
    server.disturb("slow", seconds=0.2)
    assert client.td02(world.patients()[0].ins).status == 200


def test_a_disturbance_waits_for_its_transaction(
    server: DmpServer, client: Client, world: World
) -> None:
    server.disturb("refuse", endpoint="repository", word=WORD)
    assert client.td02(world.patients()[0].ins).find(".//hl7:patient") is not None
    assert client.td21(_lot(world)).registry_status == "Failure"
    assert client.td21(_lot(world)).registry_status == "Success"


def test_calm_forgets(server: DmpServer, client: Client, world: World) -> None:
    server.disturb("refuse")
    assert server.calm() == 1
    assert server.calm() == 0
    assert client.td21(_lot(world)).registry_status == "Success"


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("explode", {}), ("refuse", {"wrod": "x"}), ("slow", {"endpoint": "printer"})],
)
def test_unknown_names_are_refused(
    server: DmpServer, name: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match="disturbance"):
        server.disturb(name, **parameters)


def test_every_name_is_described() -> None:
    assert disturb.__doc__ is not None
    assert all(f"`{name}`" in disturb.__doc__ for name in disturb.NAMES)
