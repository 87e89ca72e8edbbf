"""The DMP that listens: mutual TLS, HTTP/1.1, SOAP; it records before it answers."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError, EvidenceError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.simulator import disturb
from dmp_certify.simulator.disturb import Disturbance
from dmp_certify.simulator.dmp import BASE_PATH, Dmp
from dmp_certify.simulator.exchange import Exchanger
from dmp_certify.simulator.http import HttpStream, Limits
from dmp_certify.simulator.pki import TestPki, own_name
from dmp_certify.simulator.recorder import Context, Label, Recorder
from dmp_certify.simulator.tls import Handshake, TlsDoor, close
from dmp_certify.simulator.world import World

_UNRECORDED = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 55\r\n\r\n"
    b"The exchange could not be recorded, so it is not served"
)


class DmpServer:
    """A simulated DMP on a port of its own; use it as a context manager.

    `failure` holds the first fault of the evidence, after which nothing is served as done.
    """

    def __init__(
        self,
        world: World,
        ledger: Ledger | None,
        pki: TestPki,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Callable[[], datetime] = clock.now,
        limits: Limits | None = None,
    ) -> None:
        self._recorder = Recorder(ledger)
        self._pki = pki
        self._address = (host, port)
        self._now = clock
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._label = Label()
        self._disturbances: list[Disturbance] = []
        self._stopping = threading.Event()
        self._exchanger = Exchanger(Dmp(world), self._recorder, self._take, self._stopping)
        self._clients: dict[threading.Thread, socket.socket] = {}
        self.failure: EvidenceError | None = None

    def __enter__(self) -> DmpServer:
        self._door = TlsDoor(self._pki, self._limits.handshake)
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        try:
            self._listener = socket.create_server(self._address, family=family, backlog=128)
        except OSError as error:
            host, port = self._address
            raise ConfigurationError(
                f"cannot listen on {host}:{port} ({error.strerror or error}); "
                "choose another port with --listen"
            ) from error
        self._acceptor = threading.Thread(target=self._accept, name="dmp-accept", daemon=True)
        self._acceptor.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening and part from every client; an exchange under way is recorded."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._acceptor.join()
        with self._lock:
            clients = dict(self._clients)
        for client in clients.values():
            with contextlib.suppress(OSError):
                socket.socket.shutdown(client, socket.SHUT_RD)
        for thread in clients:
            thread.join(timeout=10)

    @property
    def base_url(self) -> str:
        """Where a product calls: the endpoint names come below.

        A server on every address is called by the name of its machine.
        """
        host, port = self._listener.getsockname()[:2]
        if host in ("0.0.0.0", "::"):
            host = (*own_name(), "localhost")[0]
        return f"https://{f'[{host}]' if ':' in host else host}:{port}{BASE_PATH}"

    def label(self, scenario: str | None, step: str | None) -> None:
        """Stamp the exchanges that follow."""
        self._label = Label(scenario, step)

    def disturb(self, name: str, **parameters: Any) -> None:
        """Disturb the next exchange, or the next one of `endpoint`. Raises ConfigurationError."""
        disturbance = disturb.named(name, parameters)
        with self._lock:
            self._disturbances.append(disturbance)

    def calm(self) -> int:
        """Forget the disturbances that still wait; how many there were."""
        with self._lock:
            count = len(self._disturbances)
            self._disturbances.clear()
        return count

    def exchanges_seen(self) -> int:
        """How many exchanges were recorded."""
        return self._recorder.count("exchange")

    def wait_for_exchanges(self, count: int, timeout: float) -> bool:
        """Wait until `count` exchanges ended, answer included; False after `timeout` seconds."""
        return self._recorder.wait("sent", count, timeout)

    def wait_for_connections(self, count: int, timeout: float) -> bool:
        """Wait until `count` connections are recorded, refused ones included; False if not."""
        return self._recorder.wait("connection", count, timeout)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, address = self._listener.accept()
            except OSError:
                if self._stopping.is_set():
                    return
                continue
            peer = f"{address[0]}:{address[1]}"
            with self._lock:
                if len(self._clients) >= self._limits.connections:
                    self._turn_away(client, peer)
                    continue
                thread = threading.Thread(
                    target=self._welcome, args=(client, peer), name=f"dmp-{peer}", daemon=True
                )
                self._clients[thread] = client
            thread.start()

    def _turn_away(self, client: socket.socket, peer: str) -> None:
        client.close()
        limit = self._limits.connections
        reason = f"more than {limit} connections at a time"
        try:
            self._recorder.connection(
                peer, Handshake(False, reason, "too-many-connections", {}, ())
            )
        except EvidenceError as error:
            self.failure = self.failure or error

    def _welcome(self, client: socket.socket, peer: str) -> None:
        secure = self._door.wrap(client)
        thread = threading.current_thread()
        with self._lock:
            self._clients[thread] = secure
        try:
            handshake = self._door.shake(secure)
            connection = self._recorder.connection(peer, handshake)
            if handshake.established:
                self._converse(secure, connection)
        except EvidenceError as error:
            self.failure = self.failure or error
        finally:
            close(secure)
            with self._lock:
                self._clients.pop(thread, None)

    def _converse(self, secure: ssl.SSLSocket, connection: str) -> None:
        stream = HttpStream(secure, self._limits, self._recorder.ledger)
        going = True
        while going and not self._stopping.is_set():
            try:
                received = stream.receive()
                if received is None:
                    return
                context = Context(connection, clock.iso(self._now()), self._label)
                going = self._exchanger.serve(stream, received, context)
            except (EvidenceError, sqlite3.Error) as error:
                self.failure = self.failure or EvidenceError(str(error))
                stream.send(_UNRECORDED)
                stream.part()
                return

    def _take(self, endpoint: str) -> Disturbance | None:
        """The first disturbance that waits for this transaction."""
        with self._lock:
            for disturbance in self._disturbances:
                if disturbance.endpoint in ("", endpoint):
                    self._disturbances.remove(disturbance)
                    return disturbance
        return None
