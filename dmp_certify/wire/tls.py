"""One TLS connection of the product, as the capture server saw it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dmp_certify.finding import Place
from dmp_certify.wire import certificates
from dmp_certify.wire.certificates import Certificate, Path
from dmp_certify.wire.message import Located, Message, TlsFacts, reader


@dataclass(frozen=True, slots=True)
class Tls:
    """A connection, established or refused.

    `cause` is the simulator's word for a refused handshake (`no-common-suite`,
    `client-certificate-expired`), `reason` the sentence. `client` is None when the product
    presented no certificate or one that cannot be read (`unreadable`). `path` is None then, and
    when the evidence holds no trust to judge against.
    """

    place: Place
    established: bool
    version: Located[str]
    cipher: Located[str]
    cause: str
    reason: Located[str]
    client: Located[Certificate] | None
    unreadable: bool
    path: Path | None
    received_at: datetime


@reader(Tls)
def read(message: Message) -> Iterator[Tls]:
    """The connection of a message of kind `connection`."""
    facts = message.tls
    if message.kind != "connection" or facts is None:
        return
    client = client_certificate(facts)
    cause, colon, reason = facts.reason.partition(": ")
    named = bool(colon) and " " not in cause
    yield Tls(
        place=message.place(),
        established=facts.established,
        version=Located(facts.version, message.place("tls/version")),
        cipher=Located(facts.cipher, message.place("tls/cipher")),
        cause=cause if named else "",
        reason=Located(reason if named else facts.reason, message.place("tls/handshake")),
        client=Located(client, message.place("tls/client-certificate")) if client else None,
        unreadable=client is None and bool(facts.client_chain),
        path=_path(message, facts),
        received_at=message.received_at,
    )


def client_certificate(facts: TlsFacts) -> Certificate | None:
    """The product's own certificate, or None."""
    return certificates.load(facts.client_chain[0]) if facts.client_chain else None


def _path(message: Message, facts: TlsFacts) -> Path | None:
    if not facts.client_chain or not message.trust.certificates:
        return None
    leaf, *others = facts.client_chain
    return certificates.path(leaf, tuple(others), message.trust, message.received_at)
