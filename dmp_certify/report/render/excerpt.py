"""The very lines of a product's message, around the place of a finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dmp_certify.evidence.reader import Evidence
from dmp_certify.report.render.locate import Span, locate

CONTEXT = 3
WIDTH = 320
OTHER_WIDTH = 200
STEP_LINES = 14


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a printed line; `hit` when it is what the finding is about."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line, numbered from 1, as far as it is shown; `marked` when it is at fault."""

    number: int
    pieces: tuple[Piece, ...]
    marked: bool

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of one artifact."""

    lines: tuple[Line, ...]


# Artifact, line (from 1; 0 when there is none), path and observed value of a finding.
Lookup: TypeAlias = Callable[[str, int, str, str], Excerpt | None]


def nothing(artifact: str, line: int, path: str, observed: str) -> Excerpt | None:
    """The lookup of a report without its evidence."""
    return None


def cut(data: bytes, line: int, path: str = "", observed: str = "") -> Excerpt | None:
    """The lines around `line` of some bytes; None when there is no such line.

    What `path` leads to is marked inside its line, and a long line is cut around it.
    """
    starts = _starts(data)
    if not data or not 1 <= line <= len(starts):
        return None
    span = locate(data, path, observed)
    first, last = max(1, line - CONTEXT), min(len(starts), line + CONTEXT)
    shown = []
    for number in range(first, last + 1):
        begin = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(data)
        inside = _within(span, begin, end)
        width = WIDTH if number == line else OTHER_WIDTH
        shown.append(Line(number, _pieces(data[begin:end], inside, width), number == line))
    return Excerpt(tuple(shown))


def of_evidence(evidence: Evidence) -> Lookup:
    """Look-ups into the messages of a run; None for what is not made of lines."""
    from dmp_certify.wire import artifacts
    from dmp_certify.wire import evidence as subjects
    from dmp_certify.wire.message import Message
    from dmp_certify.wire.subjects import declare_readers

    declare_readers()
    known: dict[str, Message] = {}
    parts: dict[str, bytes | None] = {}

    def lookup(artifact: str, line: int, path: str, observed: str) -> Excerpt | None:
        if artifact.startswith("scenario/"):
            return _step(evidence, artifact.removeprefix("scenario/"), path)
        if not known:
            known.update((one.artifact, one) for one in subjects.messages(evidence))
            known.update((one.artifact, one) for one in subjects.answers(evidence))
        if artifact not in parts:
            owner = known.get("/".join(artifact.split("/")[:3]))
            parts[artifact] = artifacts.content(owner, artifact) if owner else None
        data = parts[artifact]
        return cut(data, line, path, observed) if data else None

    return lookup


def _step(evidence: Evidence, scenario: str, path: str) -> Excerpt | None:
    """What the product was asked in a step (`step/<id>/answer/shown`) and what it answered."""
    steps = path.split("/")
    wanted = (scenario, steps[1] if len(steps) > 1 else "")
    told: dict[str, object] = {}
    for entry in evidence.of_kind("step-begun", "step-ended"):
        if (entry.fields.get("scenario"), entry.fields.get("step")) != wanted:
            continue
        order = entry.fields.get("order")
        if entry.kind == "step-begun" and isinstance(order, Mapping):
            told = {"intent": order.get("intent")}
        answer = entry.fields.get("answer")
        if entry.kind == "step-ended" and isinstance(answer, Mapping):
            # What the user saw comes first: a long detail may be cut.
            told |= {name: answer.get(name) for name in ("outcome", "shown", "detail")}
    lines = json.dumps(told, ensure_ascii=False, indent=2).split("\n") if told else []
    key = f'"{steps[3]}":' if steps[2:3] == ["answer"] and len(steps) > 3 else ""
    marked = next((n for n, line in enumerate(lines) if key and line.strip().startswith(key)), -1)
    shown = [
        Line(n + 1, _pieces(line.encode("utf-8", "replace"), None, WIDTH), n == marked)
        for n, line in enumerate(lines[:STEP_LINES])
    ]
    return Excerpt(tuple(shown)) if shown else None


def _starts(data: bytes) -> list[int]:
    starts, at = [0], data.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    return starts


def _within(span: Span | None, begin: int, end: int) -> Span | None:
    """The part of `span` in a line, counted from the line's first byte."""
    if span is None or span.end <= begin or span.begin >= end:
        return None
    return Span(max(span.begin, begin) - begin, min(span.end, end) - begin)


def _pieces(line: bytes, hit: Span | None, width: int) -> tuple[Piece, ...]:
    """The line in pieces, at most `width` bytes of it around the hit."""
    line = line.rstrip(b"\r")
    at, after = (hit.begin, min(hit.end, hit.begin + width)) if hit else (0, 0)
    begin = max(0, min(at - (width - (after - at)) // 2, len(line) - width))
    end = min(len(line), max(after, begin + width))
    # A cut never falls inside a UTF-8 sequence.
    while 0 < begin < at and line[begin] & 0xC0 == 0x80:
        begin += 1
    while after < end < len(line) and line[end] & 0xC0 == 0x80:
        end -= 1
    parts = (
        Piece(("…" if begin else "") + _text(line[begin:at])),
        Piece(_text(line[at:after]), True),
        Piece(_text(line[after:end]) + ("…" if end < len(line) else "")),
    )
    return tuple(part for part in parts if part.text)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
