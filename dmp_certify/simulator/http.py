"""HTTP/1.1 over one connection, with every byte kept (RFC 9110, RFC 9112; framing by h11)."""

from __future__ import annotations

import mmap
import ssl
import time
import zlib
from dataclasses import dataclass, field

import h11

from dmp_certify.evidence.ledger import Ledger
from dmp_certify.simulator.spool import Spool
from dmp_certify.simulator.tls import part

_PIECE = 1 << 16
_GULP = 1 << 18
_LEFT = "the client left in the middle of the request"
Buffer = bytes | bytearray | mmap.mmap


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long a client may take: bytes and seconds.

    `body` bounds a request on the wire and again once decompressed; `idle` is the longest
    silence inside a request, `request` its whole duration, `keep_alive` the wait for the next.
    """

    body: int = 100 << 20
    head: int = 1 << 16
    handshake: float = 10.0
    idle: float = 30.0
    request: float = 300.0
    keep_alive: float = 120.0
    drain: float = 10.0
    connections: int = 256


@dataclass(slots=True)
class Received:
    """One request. `refusal` is the HTTP status that must answer it, 0 when it can be served.

    `complete` is false when the bytes stop before the end of the message; `problem` says in a
    sentence what is wrong with it. `interim` holds the bytes of a `100 Continue`. `body` is
    `verbatim` when it stands in `raw` as it is, neither chunked nor compressed.
    """

    raw: Spool
    method: str = ""
    target: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: Buffer = b""
    complete: bool = False
    problem: str = ""
    refusal: int = 0
    interim: bytes = b""
    verbatim: bool = False

    def header(self, name: str) -> str:
        """The first value of a header, by its name in lower case; empty when absent."""
        return next((value for key, value in self.headers if key == name), "")

    def refuse(self, status: int, problem: str) -> None:
        """Mark the request as one that cannot be served."""
        self.refusal, self.problem = status, problem

    def withhold(self, notice: bytes) -> None:
        """Forget the bytes; `notice` stands for them in the evidence."""
        self.raw.discard()
        self.raw.write(notice)
        self.body, self.complete = b"", False


class HttpStream:
    """The requests of one connection, one after the other, and their answers."""

    def __init__(self, client: ssl.SSLSocket, limits: Limits, ledger: Ledger | None) -> None:
        self._client = client
        self._limits = limits
        self._ledger = ledger
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head)
        self._late: OSError | None = None
        self.head_request = False

    def receive(self) -> Received | None:
        """The next request, whole or not; None when the client has no more."""
        return _Reading(self, Spool(self._ledger)).run()

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
        """The bytes of an answer, ready for `send`; a refusal also ends the connection."""
        if self._h11.their_state is not h11.DONE:
            headers = [*headers, ("Connection", "close")]
        fields = [("Content-Length", str(len(body))), *headers]
        raw = self._h11.send(h11.Response(status_code=status, headers=fields)) or b""
        if body and not self.head_request:
            raw += self._h11.send(h11.Data(data=body)) or b""
        return raw + (self._h11.send(h11.EndOfMessage()) or b"")

    def send(self, raw: bytes) -> str:
        """Send `raw`; empty when it left whole, else what went wrong."""
        try:
            self._client.settimeout(self._limits.idle)
            self._client.sendall(raw)
        except (OSError, ValueError) as error:
            return f"the client did not take the answer: {error}"
        return ""

    def again(self) -> bool:
        """Whether the connection goes on after an answer; prepares the next request if so."""
        if self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE:
            self._h11.start_next_cycle()
            return True
        return False

    def part(self) -> None:
        """End the connection in such a way that the client can read its answer."""
        part(self._client, self._limits.drain)

    def take(self, wanted: int, deadline: float) -> bytes:
        """At least one byte, up to `wanted`; empty at the end. Raises OSError, TimeoutError."""
        if self._late is not None:
            raise self._late
        pieces: list[bytes] = []
        size = 0
        while size < wanted:
            try:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"longer than {self._limits.request:g} s in all")
                piece = self._client.recv(_PIECE)
            except OSError as error:
                # What came before still belongs to the evidence; the error waits its turn.
                self._late = error
                if not pieces:
                    raise
                break
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


class _Reading:
    """The reading of one request."""

    def __init__(self, stream: HttpStream, raw: Spool) -> None:
        self._stream = stream
        self._limits = stream._limits
        self._h11 = stream._h11
        self._raw = raw
        self._received = Received(raw)
        # The last piece is held back: its end may belong to the next request.
        self._last = bytes(self._h11.trailing_data[0])
        self._head_size = 0
        self._announced: int | None = None
        self._count = 0
        self._body: Spool | None = None
        self._gone = False
        self._deadline = time.monotonic() + self._limits.request

    def run(self) -> Received | None:
        """The request; None when the client left before its first byte."""
        try:
            return self._run()
        finally:
            if self._body is not None:
                self._body.discard()

    def _run(self) -> Received | None:
        received = self._received
        try:
            self._loop()
        except h11.RemoteProtocolError as error:
            text = f"not HTTP/1.1: {error}" if not self._gone else _LEFT
            received.refuse(error.error_status_hint, text)
        except TimeoutError as error:
            received.refuse(408, f"the client fell silent: {error}")
        except OSError as error:
            received.refuse(400, f"the connection broke: {error}")
        if received.complete:
            rest = len(self._h11.trailing_data[0])
            self._raw.write(self._last[: len(self._last) - rest])
            self._finish()
        else:
            self._raw.write(self._last)
            if not self._raw.size:
                self._raw.discard()
                return None
        return received

    def _loop(self) -> None:
        while not self._received.refusal:
            event = self._h11.next_event()
            if event is h11.NEED_DATA:
                self._more()
            elif isinstance(event, h11.Request):
                self._head(event)
            elif isinstance(event, h11.Data):
                self._data(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                self._received.complete = True
                return
            else:
                self._received.refuse(400, _LEFT)

    def _more(self) -> None:
        started = self._raw.size or self._last
        self._stream._client.settimeout(self._limits.idle if started else self._limits.keep_alive)
        if self._h11.they_are_waiting_for_100_continue:
            interim = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            self._received.interim = self._h11.send(interim) or b""
            self._stream.send(self._received.interim)
        wanted = 1 if self._announced is None else self._announced - self._count
        data = self._stream.take(min(max(wanted, 1), _GULP), self._deadline)
        self._gone = not data
        self._raw.write(self._last)
        self._last = data
        self._h11.receive_data(data)

    def _head(self, event: h11.Request) -> None:
        received = self._received
        received.method = event.method.decode("ascii")
        received.target = event.target.decode("ascii", "replace")
        received.headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers
        ]
        self._stream.head_request = received.method == "HEAD"
        rest = len(self._h11.trailing_data[0])
        self._head_size = self._raw.size + len(self._last) - rest
        if received.header("transfer-encoding"):
            self._body = Spool(self._stream._ledger)
        else:
            self._announced = int(received.header("content-length") or 0)
            self._check_size(self._announced)

    def _data(self, data: bytes) -> None:
        self._count += len(data)
        self._check_size(self._count)
        if self._body is not None:
            self._body.write(data)

    def _check_size(self, size: int) -> None:
        if size > self._limits.body:
            self._received.refuse(
                413, f"a body of {size} bytes or more; at most {self._limits.body} are taken"
            )

    def _finish(self) -> None:
        received = self._received
        if self._body is not None:
            received.body = bytes(self._body.view())
        elif self._announced:
            view = self._raw.view()
            received.body = view[self._head_size :]
        coding = received.header("content-encoding").strip().lower()
        received.verbatim = self._body is None and not coding
        if coding in ("gzip", "x-gzip", "deflate"):
            self._decompress()
        elif coding not in ("", "identity"):
            received.refuse(415, f"unknown content coding {coding!r}")

    def _decompress(self) -> None:
        received = self._received
        plain = bytearray()
        engine = zlib.decompressobj(zlib.MAX_WBITS | 32)
        left: bytes = bytes(received.body)
        try:
            while left and not engine.eof:
                plain += engine.decompress(left, _GULP)
                left = engine.unconsumed_tail
                if len(plain) > self._limits.body:
                    received.body = b""
                    return received.refuse(
                        413, f"a body of more than {self._limits.body} bytes once decompressed"
                    )
        except zlib.error as error:
            return received.refuse(400, f"the compressed body cannot be read: {error}")
        if not engine.eof:
            return received.refuse(400, "the compressed body stops before its end")
        received.body = bytes(plain)
        return None
