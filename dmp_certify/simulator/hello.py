"""What a TLS client says in clear before the handshake ends (RFC 5246, sections 7.4.1 and 7.4.6).

Read only to explain a handshake that fails: nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_VERSIONS = {
    0x0300: "SSLv3",
    0x0301: "TLSv1",
    0x0302: "TLSv1.1",
    0x0303: "TLSv1.2",
    0x0304: "TLSv1.3",
}
_SUITES = {
    0xC028: "ECDHE-RSA-AES256-SHA384",
    0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
    0xC02F: "ECDHE-RSA-AES128-GCM-SHA256",
    0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305",
    0xC027: "ECDHE-RSA-AES128-SHA256",
    0xC013: "ECDHE-RSA-AES128-SHA",
    0xC014: "ECDHE-RSA-AES256-SHA",
    0x009C: "AES128-GCM-SHA256",
    0x009D: "AES256-GCM-SHA384",
    0x002F: "AES128-SHA",
    0x0035: "AES256-SHA",
    0x009E: "DHE-RSA-AES128-GCM-SHA256",
    0x009F: "DHE-RSA-AES256-GCM-SHA384",
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
}
_SNI, _SUPPORTED_VERSIONS = 0, 43


@dataclass(slots=True)
class Said:
    """What was heard so far. Suites outside the table above are named by their number."""

    versions: list[str] = field(default_factory=list)
    suites: list[str] = field(default_factory=list)
    sni: str | None = None
    chain: list[bytes] = field(default_factory=list)


def hear_client_hello(message: bytes, said: Said) -> None:
    """Note versions, suites and server name of a ClientHello (handshake header included)."""
    try:
        _client_hello(message, said)
    except IndexError:
        return


def hear_certificate(message: bytes, said: Said) -> None:
    """Note the DER certificates of a Certificate message, leaf first."""
    position, chain = 7, []
    while position + 3 <= len(message):
        size = int.from_bytes(message[position : position + 3], "big")
        chain.append(bytes(message[position + 3 : position + 3 + size]))
        position += 3 + size
    said.chain = chain


def _client_hello(message: bytes, said: Said) -> None:
    legacy = int.from_bytes(message[4:6], "big")
    position = 38 + 1 + message[38]
    size = int.from_bytes(message[position : position + 2], "big")
    suites = message[position + 2 : position + 2 + size]
    said.suites = [_suite(suites[at : at + 2]) for at in range(0, len(suites) - 1, 2)]
    said.versions = [_version(legacy)]
    position += 2 + size
    position += 1 + message[position] + 2
    while position + 4 <= len(message):
        kind = int.from_bytes(message[position : position + 2], "big")
        size = int.from_bytes(message[position + 2 : position + 4], "big")
        _extension(kind, message[position + 4 : position + 4 + size], said)
        position += 4 + size


def _extension(kind: int, body: bytes, said: Said) -> None:
    if kind == _SNI and len(body) > 5:
        said.sni = body[5:].decode("ascii", "replace")
    elif kind == _SUPPORTED_VERSIONS and body:
        pairs = [body[at : at + 2] for at in range(1, len(body) - 1, 2)]
        said.versions = [_version(int.from_bytes(pair, "big")) for pair in pairs]


def _version(number: int) -> str:
    return _VERSIONS.get(number, f"0x{number:04X}")


def _suite(pair: bytes) -> str:
    number = int.from_bytes(pair, "big")
    return _SUITES.get(number, f"0x{number:04X}")
