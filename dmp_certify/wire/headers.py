"""Header fields as HTTP (RFC 9110) and MIME (RFC 2045) share them, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dmp_certify.finding import Place
from dmp_certify.wire.message import Located

_PARAMETER = re.compile(
    r""";\s*(?P<name>[^\s=;"]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^;]*))"""
)


@dataclass(frozen=True, slots=True)
class MediaType:
    """A Content-Type value: `type` in lower case, parameters by lower-case name.

    A parameter that is given twice keeps its first value and is named in `repeated`.
    """

    type: str
    parameters: Mapping[str, str]
    repeated: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """A parameter's value without its quotes, or None."""
        return self.parameters.get(name)


@dataclass(frozen=True, slots=True)
class Headers:
    """Ordered header fields of one message or part; names are compared without case."""

    fields: tuple[tuple[str, Located[str]], ...] = ()
    artifact: str = ""
    _first: dict[str, Located[str]] = field(default_factory=dict, repr=False, compare=False)

    def get(self, name: str) -> Located[str] | None:
        """The first field of that name, or None."""
        if not self._first:
            for key, value in self.fields:
                self._first.setdefault(key.lower(), value)
        return self._first.get(name.lower())

    def value(self, name: str) -> str:
        """The first field's value, empty when it is absent."""
        found = self.get(name)
        return found.value if found else ""

    def place(self, name: str) -> Place:
        """Where the field stands, or would stand."""
        found = self.get(name)
        return found.place if found else Place(self.artifact, name)

    def media_type(self) -> MediaType | None:
        """The Content-Type field, parsed; None when it is absent."""
        found = self.get("Content-Type")
        return parse_media_type(found.value) if found else None


def parse_headers(block: bytes, artifact: str, first_line: int) -> tuple[Headers, list[str]]:
    """The fields of a header block (without its final empty line) and the lines that are none.

    Folded lines are joined (RFC 5322 2.2.3). Bytes outside ASCII are read as UTF-8 when they are
    UTF-8, as Latin-1 otherwise. `first_line` is the block's line in the artifact, from 1.
    """
    pairs: list[tuple[str, Located[str]]] = []
    strays: list[str] = []
    for number, line in _unfolded(_text(block)):
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            strays.append(line[:200])
            continue
        place = Place(artifact, name, first_line + number)
        pairs.append((name, Located(value.strip(), place)))
    return Headers(tuple(pairs), artifact), strays


def _text(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("latin-1")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    start, held = 0, ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
        if line[:1] in (" ", "\t") and held:
            held += " " + line.strip()
            continue
        if held:
            yield start, held
        start, held = number, line
    if held:
        yield start, held


def parse_media_type(value: str) -> MediaType:
    """Read a Content-Type value, tolerant of spacing, quoting and order."""
    kind, semicolon, rest = value.partition(";")
    found: dict[str, str] = {}
    repeated: list[str] = []
    for match in _PARAMETER.finditer(semicolon + rest):
        name = match["name"].lower()
        quoted = match["quoted"]
        text = match["bare"].strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        if name in found:
            repeated.append(name)
        found.setdefault(name, text)
    return MediaType(kind.strip().lower(), found, tuple(repeated))
