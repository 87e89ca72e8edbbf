"""The HTTP request (RFC 9112) as it came out of TLS, and the suite's own answers.

A request that breaks HTTP is still a view: `problem` says what is wrong, and whatever needs the
body asks for it through `sound_body`, which raises Unreadable.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from dmp_certify.finding import Place, Text
from dmp_certify.wire.headers import Headers, MediaType, parse_headers
from dmp_certify.wire.message import Located, Message, Unreadable, reader

# No lot of documents comes near; a body that inflates beyond this is a bomb.
MAX_INFLATED = 128 * 1024 * 1024
_CHUNK_SIZE = re.compile(rb"0*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP = b"\x1f\x8b"
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


@dataclass(frozen=True, slots=True)
class HttpBody:
    """What follows the header fields, without chunks and compression.

    `framing` is `content-length`, `chunked` or `none`; `problem` is where and why the body is not
    whole, or None.
    """

    data: bytes
    framing: str
    problem: Located[Text] | None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request. `line` is the request line, cut at 200 characters."""

    place: Place
    line: Located[str]
    method: Located[str]
    target: Located[str]
    version: Located[str]
    headers: Headers
    strays: tuple[str, ...]
    media_type: MediaType | None
    body: HttpBody
    problem: Located[Text] | None

    @property
    def body_artifact(self) -> str:
        """The name of the body as a piece of evidence."""
        return f"{self.place.artifact}/body"

    def sound_body(self) -> bytes:
        """The body. Raises Unreadable when the request is not whole."""
        return _sound(self.problem, self.body)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer of the suite."""

    place: Place
    status: Located[int]
    headers: Headers
    media_type: MediaType | None
    body: HttpBody
    problem: Located[Text] | None

    @property
    def body_artifact(self) -> str:
        """The name of the body as a piece of evidence."""
        return f"{self.place.artifact}/body"

    def sound_body(self) -> bytes:
        """The body. Raises Unreadable when the answer is not whole."""
        return _sound(self.problem, self.body)


def _sound(problem: Located[Text] | None, body: HttpBody) -> bytes:
    stopped = problem or body.problem
    if stopped is not None:
        raise Unreadable(stopped.place, stopped.value)
    return body.data


@reader(HttpRequest)
def read_request(message: Message) -> Iterator[HttpRequest]:
    """The request of a message of kind `http`."""
    if message.kind != "http":
        return
    line, headers, strays, body = _split(message)
    place = Place(message.artifact, "request-line", 1)
    words = line.split(" ")
    method, target, version = words if len(words) == 3 else (words[0], "", "")
    yield HttpRequest(
        place=Place(message.artifact),
        line=Located(line[:200], place),
        method=Located(method, place),
        target=Located(target, place),
        version=Located(version, place),
        headers=headers,
        strays=tuple(strays),
        media_type=headers.media_type(),
        body=body,
        problem=_line_problem(line, re.fullmatch(r"\S+ \S+ HTTP/1\.[01]", line), place),
    )


@reader(HttpAnswer)
def read_answer(message: Message) -> Iterator[HttpAnswer]:
    """The answer of a message of kind `answer`."""
    if message.kind != "answer":
        return
    line, headers, _, body = _split(message)
    place = Place(message.artifact, "status-line", 1)
    match = re.match(r"HTTP/1\.[01] (\d{3})(?: |$)", line)
    yield HttpAnswer(
        place=Place(message.artifact),
        status=Located(int(match[1]) if match else 0, place),
        headers=headers,
        media_type=headers.media_type(),
        body=body,
        problem=_line_problem(line, match, place),
    )


def _line_problem(line: str, match: re.Match[str] | None, place: Place) -> Located[Text] | None:
    if match:
        return None
    return Located(
        Text(
            f"première ligne HTTP illisible : {line[:80]!r}", f"bad first HTTP line: {line[:80]!r}"
        ),
        place,
    )


def _split(message: Message) -> tuple[str, Headers, list[str], HttpBody]:
    raw = message.raw
    end, length = _end_of_head(raw)
    first, _, block = raw[:end].partition(b"\n")
    headers, strays = parse_headers(block.rstrip(b"\r\n"), message.artifact, 2)
    line = first.decode("latin-1").rstrip("\r")
    return line, headers, strays, _read_body(message, headers, raw[end + length :])


def _end_of_head(raw: bytes) -> tuple[int, int]:
    ends = [(raw.find(mark), len(mark)) for mark in (b"\r\n\r\n", b"\n\n")]
    found = [end for end in ends if end[0] >= 0]
    return min(found) if found else (len(raw), 0)


def _read_body(message: Message, headers: Headers, data: bytes) -> HttpBody:
    framing = "none"
    try:
        if "chunked" in headers.value("Transfer-Encoding").lower():
            framing = "chunked"
            data = _dechunked(data, message.artifact)
        elif headers.get("Content-Length") is not None:
            framing = "content-length"
            data = _measured(data, headers)
        if not message.complete:
            raise _stopped(message.artifact, _incomplete(message.problem))
        coding = headers.value("Content-Encoding").strip().lower()
        if coding not in ("", "identity"):
            data = _inflated(data, coding, headers.place("Content-Encoding"))
    except Unreadable as stopped:
        return HttpBody(data, framing, Located(stopped.reason, stopped.place))
    return HttpBody(data, framing, None)


def _stopped(artifact: str, reason: Text) -> Unreadable:
    return Unreadable(Place(artifact, "body"), reason)


def _incomplete(problem: str) -> Text:
    detail = f" ({problem})" if problem else ""
    return Text(
        f"la requête s'est interrompue avant sa fin{detail}",
        f"the request broke off before its end{detail}",
    )


def _measured(data: bytes, headers: Headers) -> bytes:
    stated = headers.value("Content-Length")
    if not re.fullmatch(r"\d{1,15}", stated):
        raise Unreadable(
            headers.place("Content-Length"),
            Text(
                f"Content-Length illisible : {stated!r}", f"unreadable Content-Length: {stated!r}"
            ),
        )
    if len(data) < int(stated):
        raise Unreadable(
            headers.place("Content-Length"),
            Text(
                f"{len(data)} octets reçus sur {stated} annoncés",
                f"{len(data)} bytes received of {stated} announced",
            ),
        )
    return data[: int(stated)]


def _dechunked(data: bytes, artifact: str) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while match := _CHUNK_SIZE.match(data, at):
        size = int(match[1], 16)
        start, at = match.end(), match.end() + size
        if size == 0:
            return b"".join(pieces)
        pieces.append(data[start:at])
        ending = data[at : at + 2]
        if len(pieces[-1]) < size or not (ending == b"\r\n" or ending[:1] == b"\n"):
            break
        at += 2 if ending == b"\r\n" else 1
    raise _stopped(
        artifact,
        Text(
            f"découpage chunked rompu à l'octet {at} du corps",
            f"chunked framing broken at byte {at} of the body",
        ),
    )


def _inflated(data: bytes, coding: str, place: Place) -> bytes:
    if coding not in _WINDOW_BITS:
        raise Unreadable(
            place,
            Text(f"Content-Encoding inconnu : {coding}", f"unknown Content-Encoding: {coding}"),
        )
    pieces: list[bytes] = []
    left = MAX_INFLATED
    while True:
        engine = zlib.decompressobj(_WINDOW_BITS[coding])
        try:
            pieces.append(engine.decompress(data, left))
        except zlib.error as error:
            reason = Text(
                f"corps {coding} illisible : {error}", f"unreadable {coding} body: {error}"
            )
            raise Unreadable(place, reason) from None
        left -= len(pieces[-1])
        if engine.unconsumed_tail or left <= 0:
            reason = Text(
                f"corps {coding} dépassant {MAX_INFLATED} octets une fois décompressé",
                f"{coding} body beyond {MAX_INFLATED} bytes once inflated",
            )
            raise Unreadable(place, reason)
        if not engine.eof:
            raise Unreadable(place, Text(f"corps {coding} tronqué", f"truncated {coding} body"))
        data = engine.unused_data
        # A gzip body is a series of members (RFC 1952 2.2).
        if not data.startswith(_GZIP):
            return b"".join(pieces)
