"""Where, in the bytes of an XML document, the element or attribute of a path stands.

Many products write a whole message on one line: a line number alone shows a reader nothing. The
paths are those of findings (`/soap:Envelope/soap:Header[2]/@Id`); prefixes are not compared.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

_STEP = re.compile(r"/((?:[^/\[\]]|\[[^\]]*\])+)")
_INDEX = re.compile(r"\[(\d+)\]")
_NAMED = re.compile(r"\[@([\w:.-]+)='([^']*)'\]")
_DEPTH = 500


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `begin` to `end` of a document."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    index: int | None
    named: tuple[str, str] | None


class _Found(Exception):
    """The element is read to its end."""


def locate(data: bytes, path: str, observed: str = "") -> Span | None:
    """The place of `path`: its attribute, `observed` inside its element, or its start tag.

    When the path leads to something absent, the start tag of the deepest element that is there.
    None when the path is no path or nothing of it is there.
    """
    steps, attribute = _parse(path)
    if not steps:
        return None
    walk = _Walk(data, steps)
    walk.run()
    if walk.best < 0:
        return None
    tag = _tag(data, walk.best)
    if walk.depth < len(steps):
        return tag
    if attribute:
        return _attribute(data, tag, attribute) or tag
    end = walk.end if walk.end > 0 else tag.end
    sought = observed.strip().encode("utf-8", "replace")
    at = data.find(sought, tag.end, end) if sought else -1
    return Span(at, at + len(sought)) if at >= 0 else tag


def _parse(path: str) -> tuple[tuple[_Step, ...], str]:
    if not path.startswith("/"):
        return (), ""
    steps, attribute = [], ""
    for raw in _STEP.findall(path):
        if raw.startswith("@"):
            attribute = raw[1:]
            break
        index, named = _INDEX.search(raw), _NAMED.search(raw)
        local = raw.partition("[")[0].rpartition(":")[2]
        pair = (named.group(1), named.group(2)) if named else None
        steps.append(_Step(local, int(index.group(1)) if index else None, pair))
    return tuple(steps), attribute


@dataclass
class _Walk:
    """Follows the steps through the document and keeps the deepest element that matches."""

    data: bytes
    steps: tuple[_Step, ...]
    best: int = -1
    depth: int = 0
    end: int = 0
    _matched: int = 0
    _open: int = 0
    _counts: list[Counter[str]] = field(default_factory=lambda: [Counter()])

    def run(self) -> None:
        """Read the document as far as needed; what is not well-formed ends the reading."""
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.StartElementHandler = lambda name, found: self._start(parser, name, found)
        parser.EndElementHandler = lambda name: self._stop(parser)
        parser.EntityDeclHandler = _refuse
        try:
            parser.Parse(self.data, True)
        except (expat.ExpatError, _Found, ValueError, LookupError):
            return

    def _start(self, parser: expat.XMLParserType, name: str, attributes: dict[str, str]) -> None:
        if self._open > _DEPTH:
            raise _Found
        self._counts[-1][name] += 1
        nth = self._counts[-1][name]
        reached = self._matched == self._open and self._open < len(self.steps)
        if reached and _fits(self.steps[self._open], name, nth, attributes):
            self._matched += 1
            if self._matched > self.depth:
                self.depth, self.best = self._matched, parser.CurrentByteIndex
        self._open += 1
        self._counts.append(Counter())

    def _stop(self, parser: expat.XMLParserType) -> None:
        if self._matched == self._open == len(self.steps):
            self.end = parser.CurrentByteIndex
            raise _Found
        self._matched = min(self._matched, self._open - 1)
        self._open -= 1
        self._counts.pop()


def _fits(step: _Step, name: str, nth: int, attributes: dict[str, str]) -> bool:
    if name.rpartition("\n")[2] != step.name:
        return False
    if step.named is not None:
        wanted, value = step.named
        return any(
            key.rpartition("\n")[2] == wanted.rpartition(":")[2] and found == value
            for key, found in attributes.items()
        )
    return nth == (step.index or 1)


def _refuse(*_: object) -> None:
    """A document that declares entities is not followed."""
    raise _Found


def _tag(data: bytes, begin: int) -> Span:
    """The start tag at `begin`; `>` inside a quoted value does not end it."""
    found = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>").match(data, begin)
    return Span(begin, found.end() if found else min(begin + 1, len(data)))


def _attribute(data: bytes, tag: Span, name: str) -> Span | None:
    local = re.escape(name.rpartition(":")[2].encode())
    pattern = re.compile(rb"\s((?:[\w.-]+:)?" + local + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*'))")
    found = pattern.search(data, tag.begin, tag.end)
    return Span(*found.span(1)) if found else None
