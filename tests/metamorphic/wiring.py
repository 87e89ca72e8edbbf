"""Other legal framings of the same message: HTTP/1.1 (RFC 9110, 9112) and MIME (RFC 2045-2046,
2387, 2392), written by hand."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dmp_certify.wire.message import Message
from tests.support import bases
from tests.support.bases import Base

ROOT_CID = "root@lps.test"


@dataclass
class Piece:
    """One part: its header fields in order, and its bytes."""

    fields: list[tuple[str, str]]
    data: bytes


@dataclass
class Mime:
    """How a multipart is written."""

    boundary: str = "MIME_boundary-4c1a2f0b"
    parameters: list[tuple[str, str]] | None = None
    newline: bytes = b"\r\n"
    preamble: bytes = b""
    epilogue: bytes = b""
    padding: bytes = b""
    root_at: int = 0
    start: bool = True
    edit: Callable[[list[Piece]], None] = lambda pieces: None
    spell: Callable[[str], str] = lambda value: value

    def write(self, base: Base) -> tuple[str, bytes]:
        """(Content-Type, body)."""
        kind = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
        kind += f'; action="{base.action}"'
        root = Piece(
            [
                ("Content-Type", kind),
                ("Content-Transfer-Encoding", "binary"),
                ("Content-ID", f"<{ROOT_CID}>"),
            ],
            base.envelope,
        )
        pieces = [
            Piece(
                [
                    ("Content-Type", part.type),
                    ("Content-Transfer-Encoding", "binary"),
                    ("Content-ID", f"<{part.cid}>"),
                ],
                part.data,
            )
            for part in base.parts
        ]
        self.edit([root, *pieces])
        pieces.insert(self.root_at, root)
        eol, mark = self.newline, b"--" + self.boundary.encode()
        body = self.preamble
        for piece in pieces:
            head = eol.join(f"{name}: {value}".encode() for name, value in piece.fields)
            body += mark + self.padding + eol + head + (eol if head else b"") + eol
            body += piece.data + eol
        return self.spell(self._content_type(base)), body + mark + b"--" + eol + self.epilogue

    def _content_type(self, base: Base) -> str:
        parameters = self.parameters or [
            ("boundary", f'"{self.boundary}"'),
            ("type", '"application/xop+xml"'),
            *([("start", f'"<{ROOT_CID}>"')] if self.start else []),
            ("start-info", '"application/soap+xml"'),
            ("action", f'"{base.action}"'),
        ]
        return "; ".join(["multipart/related", *(f"{name}={value}" for name, value in parameters)])


@dataclass
class Http:
    """How a request is written. `chunks` are sizes, taken in turn; empty for a Content-Length."""

    line: Callable[[str], str] = lambda line: line
    names: Callable[[str], str] = lambda name: name
    separator: str = ": "
    trailing: str = ""
    extra: Sequence[tuple[str, str]] = ()
    order: int | None = None
    chunks: Sequence[int] = ()
    size: Callable[[int], str] = lambda size: f"{size:x}"
    trailers: bytes = b""
    length: Callable[[int], str] = str
    coding: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)

    def write(self, base: Base, mime: Mime | None = None) -> bytes:
        """The raw request."""
        if base.content == "mtom":
            content_type, body = (mime or Mime()).write(base)
        else:
            content_type = f'application/soap+xml; charset=UTF-8; action="{base.action}"'
            body = base.envelope
        fields = dict(self.fields) or {"Content-Type": content_type}
        headers = [("Host", "dmp.test"), *fields.items(), *self.extra]
        if self.coding:
            body = _coded(body, self.coding)
            headers.append(("Content-Encoding", self.coding))
        if self.chunks:
            headers.append(("Transfer-Encoding", "chunked"))
            body = self._chunked(body)
        else:
            headers.append(("Content-Length", self.length(len(body))))
        if self.order is not None:
            random.Random(self.order).shuffle(headers)
        lines = [self.line(f"POST {base.target} HTTP/1.1")]
        lines += [f"{self.names(n)}{self.separator}{v}{self.trailing}" for n, v in headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def _chunked(self, body: bytes) -> bytes:
        written, at, turn = b"", 0, 0
        while at < len(body):
            piece = body[at : at + self.chunks[turn % len(self.chunks)]]
            written += self.size(len(piece)).encode() + b"\r\n" + piece + b"\r\n"
            at, turn = at + len(piece), turn + 1
        return written + self.size(0).encode() + b"\r\n" + self.trailers + b"\r\n"


def _coded(body: bytes, coding: str) -> bytes:
    name = coding.lower()
    if name == "deflate":
        return zlib.compress(body)
    if name in ("gzip", "x-gzip"):
        return gzip.compress(body, mtime=0)
    return body


def message(base: Base, http: Http | None = None, mime: Mime | None = None) -> Message:
    """The judge's subject for a sealed base, framed so."""
    raw = (http or Http()).write(base, mime)
    return dataclasses.replace(bases.message(base), raw=raw, _views={})


def transfer(encoding: str) -> Callable[[list[Piece]], None]:
    """Every part under another Content-Transfer-Encoding."""

    def edit(pieces: list[Piece]) -> None:
        for piece in pieces:
            piece.fields = [f for f in piece.fields if f[0] != "Content-Transfer-Encoding"]
            if encoding:
                piece.fields.append(("Content-Transfer-Encoding", encoding))
            if encoding.lower() == "base64":
                piece.data = base64.encodebytes(piece.data).replace(b"\n", b"\r\n")
            elif encoding.lower() == "quoted-printable":
                piece.data = _quoted(piece.data)

    return edit


def _quoted(data: bytes) -> bytes:
    """Quoted-printable for bytes that are not lines: a line feed is =0A (RFC 2045 6.7)."""
    plain = b"".join(
        bytes([byte]) if 33 <= byte <= 126 and byte != 61 else b"=%02X" % byte for byte in data
    )
    lines, at = [], 0
    while at < len(plain):
        end = at + 70
        # An escape is not cut in two.
        end -= 2 if plain[end - 2 : end - 1] == b"=" else plain[end - 1 : end] == b"="
        lines.append(plain[at:end])
        at = end
    return b"=\r\n".join(lines)
