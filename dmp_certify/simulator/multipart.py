"""MIME multipart/related as MTOM uses it (RFC 2387, XOP): split at the boundary, nothing more."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dmp_certify.simulator.http import Buffer

_ENCODINGS = ("base64", "quoted-printable")
MAX_PARTS = 1000
_PARAMETER = re.compile(r';\s*([!#$%&\'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its headers by name in lower case, and its decoded content."""

    headers: dict[str, str]
    content: bytes

    @property
    def encoded(self) -> bool:
        """Whether the content stood in base64 or quoted-printable."""
        return self.headers.get("content-transfer-encoding", "").lower() in _ENCODINGS

    @property
    def content_id(self) -> str:
        """The Content-ID without its angle brackets."""
        return self.headers.get("content-id", "").strip().strip("<>")


class MultipartError(ValueError):
    """The body is not the multipart message that its header announces.

    `parts` holds those that could be read before the fault.
    """

    def __init__(self, text: str, parts: Sequence[Part] = ()) -> None:
        super().__init__(text)
        self.parts = tuple(parts)


def parameters(content_type: str) -> dict[str, str]:
    """The parameters of a Content-Type, by name in lower case."""
    return {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        for name, quoted, plain in _PARAMETER.findall(content_type)
    }


def split(body: Buffer, boundary: str) -> list[Part]:
    """The parts between the delimiters. Raises MultipartError when they do not close."""
    if not boundary:
        raise MultipartError("le Content-Type ne donne pas de boundary")
    parts: list[Part] = []
    start = -1
    for line, after, closing in _delimiters(body, b"--" + boundary.encode("latin-1", "replace")):
        if start >= 0:
            if len(parts) >= MAX_PARTS:
                raise MultipartError(f"plus de {MAX_PARTS} parties", parts)
            stop = line - 2 if body[line - 2 : line] == b"\r\n" else line - 1
            try:
                parts.append(_part(bytes(body[start : max(start, stop)]), len(parts) + 1))
            except MultipartError as error:
                raise MultipartError(str(error), parts) from error
        if closing:
            return parts
        start = after
    if start < 0:
        raise MultipartError(f"aucun délimiteur « {boundary} » dans le corps")
    raise MultipartError(f"la partie {len(parts) + 1} n'est pas fermée par le délimiteur", parts)


def _delimiters(body: Buffer, marker: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where it begins, what comes after it, whether it is the closing one.

    A line that only begins like the delimiter belongs to the content (RFC 2046, 5.1.1).
    """
    at = body.find(marker)
    while at >= 0:
        rest = at + len(marker)
        if at == 0 or body[at - 1 : at] == b"\n":
            end = body.find(b"\n", rest)
            end = len(body) if end < 0 else end
            tail = bytes(body[rest : min(end, rest + 200)]).strip(b" \t\r")
            if tail in (b"", b"--"):
                yield at, min(end + 1, len(body)), tail == b"--"
        at = body.find(marker, rest)


def _part(data: bytes, number: int) -> Part:
    if data.startswith((b"\r\n", b"\n")):
        head, content = b"", data[data.find(b"\n") + 1 :]
    else:
        ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
        if not ends:
            raise MultipartError(f"la partie {number} n'a pas d'en-têtes")
        at, size = min(ends)
        head, content = data[:at], data[at + size :]
    headers: dict[str, str] = {}
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines():
        name, _, value = line.partition(b":")
        headers.setdefault(name.decode("latin-1").strip().lower(), value.decode("latin-1").strip())
    return Part(headers, _decode(headers.get("content-transfer-encoding", ""), content, number))


def _decode(coding: str, content: bytes, number: int) -> bytes:
    if coding.lower() == "base64":
        try:
            return base64.b64decode(content)
        except binascii.Error as error:
            raise MultipartError(f"la partie {number} n'est pas du base64 : {error}") from error
    if coding.lower() == "quoted-printable":
        return quopri.decodestring(content)
    return content
