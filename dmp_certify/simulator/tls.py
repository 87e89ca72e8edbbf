"""The TLS side of the DMP: version 1.2, four suites, a client certificate that holds.

The versions and suites are those of PDT-INF-579v4. A handshake that fails is told with its
reason, which an application usually never sees.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any

from dmp_certify.evidence.entry import JsonValue
from dmp_certify.simulator.hello import Said, hear_certificate, hear_client_hello
from dmp_certify.simulator.pki import TestPki

SUITES = (
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305",
)
_FAREWELL_SECONDS = 2.0
_DRAIN_BYTES = 256 << 20
_CLIENT_HELLO, _CERTIFICATE = 1, 11
_PLAIN_ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 49\r\n\r\n"
    b"This port speaks TLS 1.2 only: use https:// here\n"
)
# OpenSSL's X509_V_ERR numbers, and the causes that a vendor can act upon.
_VERIFY = {
    9: "client-certificate-not-yet-valid",
    10: "client-certificate-expired",
    18: "client-certificate-unknown-issuer",
    19: "client-certificate-unknown-issuer",
    20: "client-certificate-unknown-issuer",
    21: "client-certificate-unknown-issuer",
    23: "client-certificate-revoked",
    26: "client-certificate-wrong-purpose",
}
_REASONS = {
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": "client-certificate-missing",
    "NO_SHARED_CIPHER": "no-common-suite",
    "UNSUPPORTED_PROTOCOL": "protocol-version",
    "VERSION_TOO_LOW": "protocol-version",
    "INAPPROPRIATE_FALLBACK": "protocol-version",
    "HTTP_REQUEST": "plain-http",
    "HTTPS_PROXY_REQUEST": "plain-http",
    "WRONG_VERSION_NUMBER": "not-tls",
    "UNEXPECTED_EOF_WHILE_READING": "disconnected",
}


@dataclass(frozen=True, slots=True)
class Handshake:
    """How a handshake went. When it was not `established`, `reason` and `cause` say why.

    `cause` is one of a closed set (the values of the tables above, `refused-by-client`,
    `timeout`, `disconnected`, `other`); `reason` is a sentence. `facts` is the `tls` object of
    a `connection` entry, except for the chain, which is in `chain` as DER, leaf first.
    """

    established: bool
    reason: str
    cause: str
    facts: dict[str, JsonValue]
    chain: tuple[bytes, ...]


class TlsDoor:
    """Receives TLS clients under the rules of the DMP."""

    def __init__(self, pki: TestPki, timeout: float) -> None:
        self._timeout = timeout
        self._heard = threading.local()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(":".join(SUITES))
        # A resumed session carries no client chain, and each connection must show one.
        context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
        # A client that just closes its socket is told nothing of it, as by most servers.
        context.options |= ssl.OP_IGNORE_UNEXPECTED_EOF
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(pki.ca_bundle)
        for crl in pki.crls:
            context.load_verify_locations(crl)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
        context.load_cert_chain(pki.server.certificate, pki.server.key)
        # Not public, so nothing but the explanation of a failure rests on it.
        with contextlib.suppress(AttributeError):
            context._msg_callback = self._hear  # type: ignore[attr-defined]
        self._context = context

    def wrap(self, client: socket.socket) -> ssl.SSLSocket:
        """Take over a fresh connection; the handshake comes with `shake`."""
        client.settimeout(self._timeout)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)

    def shake(self, secure: ssl.SSLSocket) -> Handshake:
        """Shake hands; a refused client is closed. Never raises for what a client does."""
        said = self._heard.said = Said()
        try:
            secure.do_handshake()
        except (OSError, ValueError) as error:
            reason, cause = _explain(error, said)
            if cause == "plain-http":
                with contextlib.suppress(OSError):
                    socket.socket.sendall(secure, _PLAIN_ANSWER)
            part(secure, _FAREWELL_SECONDS)
            offered: dict[str, JsonValue] = {
                "versions": list(said.versions),
                "suites": list(said.suites),
                "sni": said.sni,
            }
            return Handshake(False, reason, cause, offered, tuple(said.chain))
        finally:
            self._heard.said = None
        cipher = secure.cipher()
        facts: dict[str, JsonValue] = {
            "version": secure.version(),
            "cipher": cipher[0] if cipher else None,
            "sni": said.sni,
        }
        return Handshake(True, "", "", facts, _client_chain(secure, said))

    def _hear(
        self, _: object, direction: str, version: object, content: object, kind: int, data: bytes
    ) -> None:
        said = getattr(self._heard, "said", None)
        if said is None or direction != "read":
            return
        if kind == _CLIENT_HELLO:
            hear_client_hello(data, said)
        elif kind == _CERTIFICATE:
            hear_certificate(data, said)


def _client_chain(secure: ssl.SSLSocket, said: Said) -> tuple[bytes, ...]:
    """The certificates as the client sent them, leaf first."""
    if hasattr(secure, "get_unverified_chain"):  # Python 3.13
        chain: list[bytes] = secure.get_unverified_chain()
        return tuple(chain)
    inner = getattr(secure, "_sslobj", None)
    if inner is not None and hasattr(inner, "get_unverified_chain"):
        found = inner.get_unverified_chain() or []
        return tuple(_der(certificate) for certificate in found)
    leaf = secure.getpeercert(binary_form=True)
    return tuple(said.chain) or ((leaf,) if leaf else ())


def _der(certificate: Any) -> bytes:
    encoding_der = 2  # ssl._ssl.ENCODING_DER
    return bytes(certificate.public_bytes(encoding_der))


def _explain(error: Exception, said: Said) -> tuple[str, str]:
    if isinstance(error, TimeoutError):
        return "the client did not end the handshake in time", "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        cause = _VERIFY.get(error.verify_code, "client-certificate-refused")
        return f"client certificate refused: {error.verify_message}", cause
    reason = (getattr(error, "reason", None) or "") if isinstance(error, ssl.SSLError) else ""
    cause = _REASONS.get(reason, "")
    if not cause and "ALERT" in reason:
        cause = "refused-by-client"
    if not cause and isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionError):
        cause = "disconnected"
    alert = reason.rpartition("ALERT_")[2].lower().replace("_", " ")
    texts = {
        "client-certificate-missing": "the client presented no certificate",
        "no-common-suite": f"no suite in common; the client offers {', '.join(said.suites)}",
        "protocol-version": f"TLS 1.2 is not offered; the client offers {', '.join(said.versions)}",
        "plain-http": "plain HTTP on the TLS port",
        "not-tls": "the first bytes are not TLS",
        "refused-by-client": f"the client refused the connection: {alert}",
        "disconnected": "the client left during the handshake",
    }
    return texts.get(cause, f"{type(error).__name__}: {error}"), cause or "other"


def close(secure: ssl.SSLSocket) -> None:
    """Close at once, with a last word when the line takes it."""
    with contextlib.suppress(OSError, ValueError):
        secure.settimeout(0.0)
        secure.unwrap()
    with contextlib.suppress(OSError):
        secure.close()


def part(secure: ssl.SSLSocket, seconds: float) -> None:
    """Say goodbye, then read and forget what still comes, for at most `seconds`.

    Closing with unread bytes would reset the connection, and the client would never read the
    alert or the answer that was sent to it.
    """
    end = time.monotonic() + seconds
    left = _DRAIN_BYTES
    with contextlib.suppress(OSError, ValueError):
        secure.settimeout(0.0)
        secure.unwrap()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(secure, socket.SHUT_WR)
        secure.settimeout(1.0)
        while left > 0 and time.monotonic() < end:
            data = socket.socket.recv(secure, 1 << 18)
            if not data:
                break
            left -= len(data)
