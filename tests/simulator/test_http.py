"""HTTP as clients really send it, and as they should not: all of it recorded byte-exact."""

from __future__ import annotations

import gzip
import http.client
import re
import resource
import ssl
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from dmp_certify.evidence.entry import Entry
from dmp_certify.evidence.reader import Evidence
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.simulator.client import (
    TD02,
    Client,
    Doc,
    Lot,
    connect,
    envelope,
    recorded,
    td02_body,
    tls,
)

PATH = "/si-dmp-server/v2/services/patients"


def _head(body: bytes, *fields: str, length: int | None = None) -> bytes:
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/soap+xml; charset=UTF-8",
        *fields,
    ]
    if length is not None or not fields:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _answer(secure: ssl.SSLSocket) -> tuple[int, bytes]:
    """One answer, read by the standard library."""
    response = http.client.HTTPResponse(secure, method="POST")
    response.begin()
    return response.status, response.read()


def _exchanges(server: DmpServer, folder: Path, count: int = 1) -> tuple[Evidence, list[Entry]]:
    assert server.wait_for_exchanges(count, 20)
    evidence = recorded(server, folder)
    return evidence, list(evidence.of_kind("exchange"))


@pytest.fixture
def ask(world: World) -> bytes:
    return envelope(TD02, td02_body(world.patients()[0].ins))


def test_keep_alive_and_pipelined_requests(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    with connect(server, pki) as secure:
        one = _head(ask) + ask
        secure.sendall(one + one)
        assert [_answer(secure)[0] for _ in range(1)] == [200]
        evidence, found = _exchanges(server, evidence_folder, 2)
    assert [evidence.blob(entry.fields["request"]["blob"]) for entry in found] == [one, one]
    assert len({entry.fields["connection"] for entry in found}) == 1


def test_expect_100_continue(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    with connect(server, pki) as secure:
        head = _head(ask, "Expect: 100-continue", length=len(ask))
        secure.sendall(head)
        interim = secure.recv(4096)
        assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
        secure.sendall(ask)
        assert _answer(secure)[0] == 200
        evidence, (entry,) = _exchanges(server, evidence_folder)
    assert evidence.blob(entry.fields["interim"]["blob"]) == interim
    assert evidence.blob(entry.fields["request"]["blob"]) == head + ask
    assert evidence.blob(entry.fields["response"]["blob"]).startswith(b"HTTP/1.1 200")


def test_chunked_keeps_its_framing(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (ask[:7], ask[7:]))
    raw = _head(ask, "Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"
    with connect(server, pki) as secure:
        secure.sendall(raw)
        assert _answer(secure)[0] == 200
        evidence, (entry,) = _exchanges(server, evidence_folder)
    assert evidence.blob(entry.fields["request"]["blob"]) == raw


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_compressed_bodies(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path, coding: str
) -> None:
    body = gzip.compress(ask, mtime=0) if coding == "gzip" else zlib.compress(ask)
    client = Client(server, pki)
    assert client.post("patients", body, Content_Encoding=coding).status == 200
    evidence, (entry,) = _exchanges(server, evidence_folder)
    assert evidence.blob(entry.fields["request"]["blob"]).endswith(body)


def test_a_large_lot_goes_through_a_file(
    server: DmpServer, pki: TestPki, world: World, evidence_folder: Path
) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB
    body, kind = Lot(world.patients()[0], Doc(content)).mtom()
    client = Client(server, pki)
    reply = client.post("repository", body, Content_Type=kind)
    assert reply.registry_status == "Success"
    assert world.documents()[0].content == content
    evidence, (entry,) = _exchanges(server, evidence_folder)
    assert evidence.blob(entry.fields["request"]["blob"]).endswith(body)
    assert not list((evidence_folder / "blobs").glob(".partial*"))


def test_an_announced_body_that_is_too_large(
    server: DmpServer, pki: TestPki, evidence_folder: Path
) -> None:
    """200 MB are refused at the head, and the client that sends them anyway reads why."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    piece = bytes(1 << 20)
    with connect(server, pki) as secure:
        secure.sendall(_head(b"", length=200 << 20))
        for _ in range(200):
            secure.sendall(piece)
        status, body = _answer(secure)
    assert status == 413
    assert b"104857600" in body
    _, (entry,) = _exchanges(server, evidence_folder)
    assert entry.fields["request"]["complete"] is False
    assert "209715200" in entry.fields["request"]["problem"]
    assert entry.fields["response"]["status"] == 413
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 << 10


def test_an_endless_chunked_body(
    start: Callable[..., DmpServer], pki: TestPki, evidence_folder: Path
) -> None:
    server = start(body=8 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    piece = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    with connect(server, pki) as secure:
        secure.sendall(_head(b"", "Transfer-Encoding: chunked"))
        for _ in range(40):
            secure.sendall(piece)
        assert _answer(secure)[0] == 413
    evidence, (entry,) = _exchanges(server, evidence_folder)
    kept = len(evidence.blob(entry.fields["request"]["blob"]))
    assert 8 << 20 <= kept < 10 << 20
    assert entry.fields["request"]["complete"] is False
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 << 10


def test_a_gzip_bomb(start: Callable[..., DmpServer], pki: TestPki, evidence_folder: Path) -> None:
    server = start(body=4 << 20)
    bomb = gzip.compress(bytes(64 << 20))
    reply = Client(server, pki).post("patients", bomb, Content_Encoding="gzip")
    assert reply.status == 413
    evidence, (entry,) = _exchanges(server, evidence_folder)
    assert "once decompressed" in entry.fields["request"]["problem"]
    assert evidence.blob(entry.fields["request"]["blob"]).endswith(bomb)


@pytest.mark.parametrize(
    ("body", "coding", "status", "problem"),
    [
        (b"not gzip", "gzip", 400, "cannot be read"),
        (gzip.compress(b"x" * 5000, mtime=0)[:-12], "gzip", 400, "stops before its end"),
        (b"x", "br", 415, "unknown content coding 'br'"),
    ],
)
def test_codings_that_cannot_be_undone(
    server: DmpServer,
    pki: TestPki,
    evidence_folder: Path,
    body: bytes,
    coding: str,
    status: int,
    problem: str,
) -> None:
    assert Client(server, pki).post("patients", body, Content_Encoding=coding).status == status
    _, (entry,) = _exchanges(server, evidence_folder)
    assert problem in entry.fields["request"]["problem"]


@pytest.mark.parametrize("cut", [3, 60, -10])
def test_a_client_that_leaves_in_the_middle(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path, cut: int
) -> None:
    raw = (_head(ask) + ask)[:cut]
    with connect(server, pki) as secure:
        secure.sendall(raw)
    evidence, (entry,) = _exchanges(server, evidence_folder)
    request = entry.fields["request"]
    assert evidence.blob(request["blob"]) == raw
    assert request["complete"] is False
    assert "left in the middle" in request["problem"]


def test_a_connection_that_breaks(
    server: DmpServer, pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    """Bytes that are no TLS record in the middle of a request."""
    with connect(server, pki) as secure:
        secure.sendall(_head(ask) + ask[:50])
        import socket

        socket.socket.sendall(secure, b"\x17\x03\x03\x00\x20" + bytes(32))
        _, (entry,) = _exchanges(server, evidence_folder)
    assert entry.fields["request"]["complete"] is False
    assert "connection broke" in entry.fields["request"]["problem"]


def test_a_client_that_falls_silent(
    start: Callable[..., DmpServer], pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    server = start(idle=0.3)
    raw = _head(ask) + ask[:-1]
    with connect(server, pki) as secure:
        secure.sendall(raw)
        assert _answer(secure)[0] == 408
    evidence, (entry,) = _exchanges(server, evidence_folder)
    assert evidence.blob(entry.fields["request"]["blob"]) == raw
    assert "fell silent" in entry.fields["request"]["problem"]


def test_a_client_that_drips(
    start: Callable[..., DmpServer], pki: TestPki, ask: bytes, evidence_folder: Path
) -> None:
    """Never silent for long, but never done either: the whole request has a limit too."""
    server = start(idle=5, request=0.4)
    with connect(server, pki) as secure:
        secure.sendall(_head(ask))
        secure.settimeout(0.05)
        answer = b""
        for number in range(200):
            secure.sendall(ask[number : number + 1])
            try:
                answer = secure.recv(4096)
                break
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408")
    _, (entry,) = _exchanges(server, evidence_folder)
    assert "longer than 0.4 s" in entry.fields["request"]["problem"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"NOT HTTP AT ALL\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", 431),
        (bytes(range(256)), 400),
    ],
)
def test_what_is_not_http(
    server: DmpServer, pki: TestPki, evidence_folder: Path, raw: bytes, status: int
) -> None:
    with connect(server, pki) as secure:
        secure.sendall(raw)
        assert _answer(secure)[0] == status
    evidence, (entry,) = _exchanges(server, evidence_folder)
    assert raw.startswith(evidence.blob(entry.fields["request"]["blob"]))
    assert entry.fields["request"]["complete"] is False
    assert entry.fields["request"]["problem"].startswith("not HTTP/1.1")


def test_head_and_http_1_0(server: DmpServer, pki: TestPki) -> None:
    with connect(server, pki) as secure:
        secure.sendall(f"HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = secure.recv(65536)
        assert re.match(rb"HTTP/1.1 405 [^\r]*\r\n", answer) and answer.endswith(b"\r\n\r\n")
    with connect(server, pki) as secure:
        secure.sendall(f"GET {PATH} HTTP/1.0\r\n\r\n".encode())
        status, _ = _answer(secure)
        assert status == 405
        assert secure.recv(1) == b""


def test_many_connections_are_bounded(
    start: Callable[..., DmpServer], pki: TestPki, evidence_folder: Path
) -> None:
    server = start(connections=2)
    with connect(server, pki), connect(server, pki), pytest.raises(OSError):
        connect(server, pki)
    assert server.wait_for_connections(3, 10)
    found = recorded(server, evidence_folder).of_kind("connection")
    causes = sorted(str(entry.fields.get("cause")) for entry in found)
    assert causes == ["None", "None", "too-many-connections"]


def test_requests_work_over_the_stock_library(server: DmpServer, pki: TestPki, ask: bytes) -> None:
    import requests

    credential = pki.credential("org-auth-cli")
    answer = requests.post(
        f"{server.base_url}/patients",
        data=ask,
        cert=(str(credential.certificate), str(credential.key)),
        verify=str(pki.ca_bundle),
        timeout=10,
    )
    assert answer.status_code == 200
    assert tls(pki).verify_mode is ssl.CERT_REQUIRED
