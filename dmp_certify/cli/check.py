"""`check`: judge files offline, and show the very lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError

if TYPE_CHECKING:
    from dmp_certify.engine.documents import FileVerdict
    from dmp_certify.report.files.problems import Problem

    Judged = list[tuple[FileVerdict, list[Problem]]]

FORMATS = ("text", "json", "junit", "sarif")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="CDA, SOAP, MTOM, VIHF; - = stdin")
    parser.add_argument("--pack", default="", metavar="NAME|DIR", help="judge by this pack alone")
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument("--json", action="store_true", help="same as --format json")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write there instead of stdout")


def run(options: argparse.Namespace) -> int:
    """0 when all conform, 1 when one does not, 3 when one could not be judged and none fails."""
    from dmp_certify.checks import load_all
    from dmp_certify.engine import documents
    from dmp_certify.engine.pack_choice import choose
    from dmp_certify.report.files import problems
    from dmp_certify.wire.subjects import declare_readers

    declare_readers()
    every = load_all()
    by_id = {check.id: check for check in every}
    choice = choose(options.pack)
    pack = choice.load()
    judged: Judged = []
    held: dict[str, bytes] = {}
    for name, data in _files(options.paths):
        held[name] = data
        checks = choice.checks(every, documents.detect(data))
        verdict = documents.judge(data, name, checks=checks, pack=pack)
        verdict = documents.explained(verdict, data, pack)
        judged.append((verdict, problems.of(verdict, by_id, data)))
    _show(judged, held, options)
    if any(not verdict.conforming and verdict.problem is None for verdict, _ in judged):
        return exits.NON_CONFORMING
    unjudged = any(verdict.problem is not None for verdict, _ in judged)
    return exits.INCOMPLETE if unjudged else exits.CONFORMING


def _files(paths: Sequence[str]) -> list[tuple[str, bytes]]:
    from dmp_certify.bulk.source import items
    from dmp_certify.engine.documents import LIMIT

    found: list[tuple[str, bytes]] = []
    for path in paths:
        if path == "-":
            found.append(("stdin", sys.stdin.buffer.read(LIMIT + 1)))
            continue
        before = len(found)
        for item in items([path]):
            try:
                found.append((item.key, item.read(LIMIT)))
            except Exception as error:
                why = getattr(error, "strerror", None) or error
                raise ConfigurationError(
                    f"cannot read {item.key} ({why}); check the file and its rights"
                ) from error
        if len(found) == before:
            raise ConfigurationError(f"{path} holds no document to judge (*.xml)")
    return found


def _show(judged: Judged, held: dict[str, bytes], options: argparse.Namespace) -> None:
    from dmp_certify.report.files import machine

    chosen = "json" if options.json else options.format
    if chosen == "text":
        _text(judged, held, options)
        return
    said = {
        "json": lambda: machine.as_json(judged),
        "junit": lambda: machine.as_junit(judged, options.lang),
        "sarif": lambda: machine.as_sarif(judged, options.lang),
    }[chosen]()
    with _stream(options) as stream:
        print(said, file=stream)


def _text(judged: Judged, held: dict[str, bytes], options: argparse.Namespace) -> None:
    from rich.console import Console

    from dmp_certify.report.files import terminal

    lines = _lines_of(held)
    with _stream(options) as stream:
        console = Console(file=stream, soft_wrap=True, emoji=False)
        for verdict, problems in judged:
            terminal.show(console, verdict, problems, lines, options.lang)
        terminal.total(console, [verdict for verdict, _ in judged], options.lang)


@contextmanager
def _stream(options: argparse.Namespace) -> Iterator[TextIO]:
    """Where the verdicts go. Raises ConfigurationError when --out takes nothing."""
    if not options.out:
        yield sys.stdout
        return
    try:
        with options.out.open("w", encoding="utf-8") as stream:
            yield stream
    except OSError as error:
        raise ConfigurationError(
            f"cannot write {options.out} ({error.strerror}); choose another file with --out"
        ) from error


def _lines_of(held: dict[str, bytes]) -> Callable[[str], Sequence[str]]:
    """The lines of a file or of one of its parts, by the name of the artifact."""
    from dmp_certify import clock
    from dmp_certify.engine.documents import detect
    from dmp_certify.wire.artifacts import content
    from dmp_certify.wire.message import Message

    @lru_cache(maxsize=32)
    def lines(artifact: str) -> Sequence[str]:
        for name, data in held.items():
            if artifact == name or artifact.startswith(name + "/"):
                found = content(Message(name, detect(data), data, clock.now()), artifact)
                return (found or b"").decode("utf-8", "replace").split("\n")
        return ()

    return lines
