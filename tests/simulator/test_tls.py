"""Handshakes: the four suites go through, every other one is recorded with its reason."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509

from dmp_certify.errors import ConfigurationError
from dmp_certify.evidence.entry import Entry
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.tls import SUITES
from dmp_certify.simulator.world import World
from tests.simulator.client import Client, address, connect, recorded, tls


def _refused(server: DmpServer, folder: Path, context: ssl.SSLContext) -> tuple[Entry, str]:
    """The recorded connection, and what the client itself is told."""
    told = ""
    with socket.create_connection(address(server), timeout=10) as raw:
        try:
            with context.wrap_socket(raw, server_hostname="localhost") as secure:
                secure.recv(1)
        except ssl.SSLError as error:
            told = error.reason or ""
    return _last_connection(server, folder), told


def _last_connection(server: DmpServer, folder: Path, count: int = 1) -> Entry:
    server.wait_for_connections(count, 10)
    return list(recorded(server, folder).of_kind("connection"))[-1]


@pytest.mark.parametrize("suite", SUITES)
def test_each_official_suite(
    server: DmpServer, pki: TestPki, evidence_folder: Path, suite: str
) -> None:
    context = tls(pki)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    with socket.create_connection(address(server), timeout=10) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as secure:
            assert secure.cipher()[0] == suite
        entry = _last_connection(server, evidence_folder)
    assert entry.fields["established"] is True
    told = entry.fields["tls"]
    assert (told["version"], told["cipher"], told["sni"]) == ("TLSv1.2", suite, "localhost")


@pytest.mark.parametrize(
    ("name", "cause", "alert"),
    [
        (None, "client-certificate-missing", "HANDSHAKE_FAILURE"),
        ("expired-auth-cli", "client-certificate-expired", "CERTIFICATE_EXPIRED"),
        ("not-yet-valid-auth-cli", "client-certificate-not-yet-valid", "BAD_CERTIFICATE"),
        ("revoked-auth-cli", "client-certificate-revoked", "CERTIFICATE_REVOKED"),
        ("wrong-purpose", "client-certificate-wrong-purpose", "UNSUPPORTED_CERTIFICATE"),
        ("wrong-ca", "client-certificate-unknown-issuer", "UNKNOWN_CA"),
    ],
)
def test_client_certificates_that_do_not_hold(
    server: DmpServer,
    pki: TestPki,
    evidence_folder: Path,
    name: str | None,
    cause: str,
    alert: str,
) -> None:
    entry, told = _refused(server, evidence_folder, tls(pki, name))
    assert entry.fields["established"] is False
    assert entry.fields["cause"] == cause
    assert entry.fields["reason"]
    assert alert in told
    chain = entry.fields["tls"]["client_chain"]
    if name is None:
        assert chain == []
    else:
        expected = x509.load_pem_x509_certificate(pki.credential(name).certificate.read_bytes())
        der = recorded(server, evidence_folder).blob(chain[0])
        assert x509.load_der_x509_certificate(der) == expected


def test_a_signature_certificate_is_let_in_for_the_judge(
    server: DmpServer, pki: TestPki, evidence_folder: Path, world: World
) -> None:
    assert Client(server, pki, "org-sign").td02(world.patients()[0].ins).status == 200
    assert _last_connection(server, evidence_folder).fields["established"] is True


def test_no_common_suite(server: DmpServer, pki: TestPki, evidence_folder: Path) -> None:
    context = tls(pki)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-SHA256:AES256-SHA256")
    entry, _ = _refused(server, evidence_folder, context)
    assert entry.fields["cause"] == "no-common-suite"
    assert "ECDHE-RSA-AES128-SHA256" in entry.fields["reason"]
    assert "ECDHE-RSA-AES128-SHA256" in entry.fields["tls"]["suites"]


def test_tls_1_3_alone(server: DmpServer, pki: TestPki, evidence_folder: Path) -> None:
    context = tls(pki)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    entry, _ = _refused(server, evidence_folder, context)
    assert entry.fields["cause"] == "protocol-version"
    assert entry.fields["tls"]["versions"] == ["TLSv1.3"]


def test_tls_1_1(server: DmpServer, pki: TestPki, evidence_folder: Path) -> None:
    context = tls(pki)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    entry, _ = _refused(server, evidence_folder, context)
    assert entry.fields["cause"] == "protocol-version"
    assert "TLSv1.1" in entry.fields["reason"]


def test_a_client_that_distrusts_the_server(server: DmpServer, evidence_folder: Path) -> None:
    entry, told = _refused(server, evidence_folder, ssl.create_default_context())
    assert told == "CERTIFICATE_VERIFY_FAILED"
    assert entry.fields["cause"] == "refused-by-client"
    assert "unknown ca" in entry.fields["reason"]


def test_plain_http_is_told_so(server: DmpServer, evidence_folder: Path) -> None:
    with socket.create_connection(address(server), timeout=10) as raw:
        raw.sendall(b"POST /patients HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        answer = raw.recv(4096)
    assert answer.startswith(b"HTTP/1.1 400") and b"https://" in answer
    assert _last_connection(server, evidence_folder).fields["cause"] == "plain-http"


@pytest.mark.parametrize(
    ("first", "cause"),
    [
        (b"", "disconnected"),
        (b"\x16\x03\x01\x02\x00\x01\x00", "disconnected"),
        (b"SSH-2.0-essai\r\n", "not-tls"),
        (bytes(200), "not-tls"),
    ],
)
def test_clients_that_leave_or_speak_something_else(
    server: DmpServer, evidence_folder: Path, first: bytes, cause: str
) -> None:
    with socket.create_connection(address(server), timeout=10) as raw:
        raw.sendall(first)
        raw.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            raw.recv(100)
    entry = _last_connection(server, evidence_folder)
    assert (entry.fields["established"], entry.fields["cause"]) == (False, cause)


def test_a_silent_client_does_not_hold_the_door(
    start: Callable[..., DmpServer], pki: TestPki, evidence_folder: Path, world: World
) -> None:
    server = start(handshake=0.3)
    with socket.create_connection(address(server), timeout=10):
        # Others are served in the meantime.
        assert Client(server, pki).td02(world.patients()[0].ins).status == 200
        server.wait_for_connections(2, 10)
    causes = [
        item.fields.get("cause") for item in recorded(server, evidence_folder).of_kind("connection")
    ]
    assert sorted(causes, key=str) == [None, "timeout"]


def test_a_resumed_session_shows_its_chain(
    server: DmpServer, pki: TestPki, evidence_folder: Path
) -> None:
    context = tls(pki)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = None
    for _ in range(2):
        with (
            socket.create_connection(address(server), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname="localhost", session=session) as secure,
        ):
            session = secure.session
    server.wait_for_connections(2, 10)
    chains = [
        entry.fields["tls"]["client_chain"]
        for entry in recorded(server, evidence_folder).of_kind("connection")
    ]
    assert len(chains) == 2 and chains[0] and chains[0] == chains[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "::1"])
def test_other_addresses(pki: TestPki, world: World, host: str) -> None:
    try:
        with DmpServer(world, None, pki, host) as server:
            parts = urlsplit(server.base_url)
            context = tls(pki)
            where = "127.0.0.1" if host == "0.0.0.0" else host
            with (
                socket.create_connection((where, parts.port or 0), timeout=10) as raw,
                context.wrap_socket(raw, server_hostname=parts.hostname) as secure,
            ):
                assert secure.version() == "TLSv1.2"
    except ConfigurationError as error:
        pytest.skip(f"this machine has no such address: {error}")


def test_stopping_does_not_wait_for_idle_clients(
    start: Callable[..., DmpServer], pki: TestPki
) -> None:
    server = start()
    with connect(server, pki) as secure:
        server.__exit__(None, None, None)
        assert secure.recv(1) == b""
