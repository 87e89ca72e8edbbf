"""The very lines of a product's message, around the place of a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from dmp_certify.evidence.reader import Evidence

CONTEXT = 3
# The marked line is kept long enough to find the place in a message written on a single line.
MARKED_LIMIT = 500_000
OTHER_LIMIT = 400
WIDTH = 320


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of one artifact, numbered from 1; `marked` is the number at fault."""

    lines: tuple[tuple[int, str], ...]
    marked: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a printed line; `hit` when it is the observed value."""

    text: str
    hit: bool = False


Lookup: TypeAlias = Callable[[str, int], Excerpt | None]


def nothing(artifact: str, line: int) -> Excerpt | None:
    """The lookup of a report without its evidence."""
    return None


def cut(data: bytes, line: int) -> Excerpt | None:
    """The lines around `line` of some bytes; None when there is no such line."""
    lines = data.split(b"\n")
    if not 1 <= line <= len(lines):
        return None
    first, last = max(1, line - CONTEXT), min(len(lines), line + CONTEXT)
    kept = []
    for number in range(first, last + 1):
        limit = MARKED_LIMIT if number == line else OTHER_LIMIT
        raw = lines[number - 1].rstrip(b"\r")
        text = raw[:limit].decode("utf-8", "backslashreplace")
        kept.append((number, text + ("…" if len(raw) > limit else "")))
    return Excerpt(tuple(kept), line)


def of_evidence(evidence: Evidence) -> Lookup:
    """Look-ups into the messages of a run; None for what is not made of lines."""
    from dmp_certify.wire import artifacts
    from dmp_certify.wire import evidence as subjects
    from dmp_certify.wire.message import Message
    from dmp_certify.wire.subjects import declare_readers

    declare_readers()
    known: dict[str, Message] = {}
    parts: dict[str, bytes | None] = {}

    def lookup(artifact: str, line: int) -> Excerpt | None:
        if not known:
            known.update((one.artifact, one) for one in subjects.messages(evidence))
            known.update((one.artifact, one) for one in subjects.answers(evidence))
        if artifact not in parts:
            owner = known.get("/".join(artifact.split("/")[:3]))
            parts[artifact] = artifacts.content(owner, artifact) if owner else None
        data = parts[artifact]
        return cut(data, line) if data else None

    return lookup


def pieces(text: str, sought: tuple[str, ...], width: int = WIDTH) -> tuple[Piece, ...]:
    """The line in pieces, at most about `width` characters around the first of `sought` in it."""
    found = next((s for s in sought if len(s) > 1 and s in text), "")
    at = text.find(found) if found else 0
    end = min(at + len(found), at + width)
    begin = max(0, min(at - (width - (end - at)) // 2, len(text) - width))
    stop = min(len(text), max(end, begin + width))
    parts = [
        Piece(("…" if begin else "") + text[begin:at]),
        Piece(text[at:end], True),
        Piece(text[end:stop] + ("…" if stop < len(text) else "")),
    ]
    return tuple(part for part in parts if part.text)


def sought(path: str, observed: str) -> tuple[str, ...]:
    """What to look for in the lines of a finding: the observed value, else the last name of its
    path."""
    return (observed.strip(), *_last_names(path))


def _last_names(path: str) -> Iterator[str]:
    for step in reversed(path.split("/")):
        name = step.partition("[")[0]
        if name.startswith("@"):
            yield f" {name[1:].rpartition(':')[2]}="
        elif name:
            local = name.rpartition(":")[2]
            yield from (f":{local}", f"<{local}")
