"""Judges one file offline: a CDA document, a SOAP message, an MTOM capture or a VIHF.

The same checks as in a run, on a Message made from the file alone; a CDA document is judged by a
content pack as well when one is given. What the file is, its bytes say, never its name.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dmp_certify import clock
from dmp_certify.catalogue import requirements
from dmp_certify.catalogue.check import Check
from dmp_certify.engine.judge import judge_message
from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Obligation, Outcome
from dmp_certify.wire.message import Message

if TYPE_CHECKING:
    from dmp_certify.packs import CompiledPack, DocumentVerdict, XsdError

LIMIT = 64 * 1024 * 1024
"""Largest file judged, in bytes: four times the largest document seen in the field."""

_ROOTS = {
    "ClinicalDocument": "cda",
    "stylesheet": "cda",
    "transform": "cda",
    "Envelope": "soap",
    "Assertion": "vihf",
}
_REQUEST_LINE = re.compile(rb"\A[A-Z]{3,10} \S+ HTTP/1\.[01]\r?\n")
_MIME_START = re.compile(rb"\s*(--[^\r\n]{1,200}\r?\n|(?i:MIME-Version|Content-Type)\s*:)")
_ROOT_TAG = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)[\s/>]")
_BLANK_OR_DOCTYPE = re.compile(rb"(?:\s+|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.S)
_ASIDES = ((b"<?", b"?>"), (b"<!--", b"-->"))
_NONE = (b"", b"")
_HEAD = 65536
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What the suite says of one file. `document` is the content pack's part, if one judged;
    `explained` words the XSD errors that libxml2 words badly."""

    path: str
    kind: str
    findings: tuple[Finding, ...]
    document: DocumentVerdict | None
    problem: Text | None = None
    explained: Mapping[XsdError, str] = field(default_factory=dict)

    @property
    def conforming(self) -> bool:
        """No MUST is departed from, the pack agrees, and something was judged."""
        return (
            self.problem is None
            and not any(grave(one) for one in self.findings)
            and (self.document is None or self.document.conforming)
            and (self.document is not None or any(_passed(one) for one in self.findings))
        )


def grave(finding: Finding) -> bool:
    """Whether the finding departs from a MUST, or keeps one from being judged."""
    if finding.outcome not in {Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED}:
        return False
    return obligation(finding) is Obligation.MUST


def obligation(finding: Finding) -> Obligation:
    """The strongest obligation among the finding's requirement rows."""
    known = requirements.load_all()
    held = {known[row].obligation for row in finding.requirement_ids if row in known}
    return next((one for one in Obligation if one in held), Obligation.MAY)


def _passed(finding: Finding) -> bool:
    return finding.outcome is Outcome.PASS


def detect(data: bytes) -> str:
    """`cda`, `soap`, `vihf`, `http`, `mime`, or empty when the bytes are none of these."""
    if _REQUEST_LINE.match(data):
        return "http"
    marked = data.startswith(_MARKS)
    head = _utf8(data[:_HEAD]) if marked else data
    end = len(head) if marked else _HEAD
    if _MIME_START.match(head, 0, end):
        return "mime"
    root = _ROOT_TAG.match(head, _past_prologue(head, end), end)
    return _ROOTS.get(root.group(1).decode("ascii", "replace"), "") if root else ""


def _past_prologue(head: bytes, end: int) -> int:
    """Where white space, the DOCTYPE, instructions and comments end before that index.

    Instructions and comments are crossed by a search, not by a pattern: headers are long.
    """
    at = 0
    while True:
        blank = _BLANK_OR_DOCTYPE.match(head, at, end)
        at = blank.end() if blank else at
        opening, closing = next((one for one in _ASIDES if head.startswith(one[0], at, end)), _NONE)
        close = head.find(closing, at + len(opening), end) if opening else -1
        if close < 0:
            return at
        at = close + len(closing)


def _utf8(head: bytes) -> bytes:
    if head.startswith(_MARKS[1:]):
        return head.decode("utf-16", "replace").encode("utf-8")
    return head.removeprefix(_MARKS[0])


def judge(
    data: bytes,
    name: str,
    *,
    checks: Sequence[Check],
    pack: CompiledPack | None = None,
    received_at: datetime | None = None,
) -> FileVerdict:
    """The verdict on the bytes of one file. Never raises on what the bytes hold."""
    message = read(data, name, received_at)
    if isinstance(message, Text):
        return FileVerdict(name, "", (), None, message)
    return judge_read(message, checks=checks, pack=pack)


def read(data: bytes, name: str, received_at: datetime | None = None) -> Message | Text:
    """The bytes of one file as a subject of judgement, or why they are none."""
    if len(data) > LIMIT:
        return _too_large(len(data))
    kind = detect(data)
    if not kind:
        return _unknown(data)
    moment = received_at or clock.now()
    return Message(artifact=name, kind=kind, raw=data, received_at=moment, exchange="")


def judge_read(
    message: Message, *, checks: Sequence[Check], pack: CompiledPack | None = None
) -> FileVerdict:
    """The verdict on what `read` gave."""
    name, kind = message.artifact, message.kind
    with _uncollected():
        findings = tuple(_relevant(judge_message(message, checks)))
        message.rest()
    document = pack.judge(message.raw, name=name) if pack and kind == "cda" else None
    return FileVerdict(name, kind, findings, document)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Views are freed without the collector, whose rounds are a twentieth of a document's cost."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def explained(verdict: FileVerdict, data: bytes, pack: CompiledPack | None) -> FileVerdict:
    """The same verdict with its XSD errors explained, for a reader."""
    if pack is None or verdict.document is None or not verdict.document.xsd_errors:
        return verdict
    from dmp_certify.packs.explain import explanations

    return replace(verdict, explained=explanations(pack, data, verdict.document.xsd_errors))


def _relevant(findings: Iterable[Finding]) -> Iterable[Finding]:
    """One BLOCKED finding per place and reason: a file that cannot be read is said once."""
    seen: set[tuple[object, Text]] = set()
    for finding in findings:
        if finding.outcome is Outcome.BLOCKED:
            key = (finding.place, finding.observed)
            if key in seen:
                continue
            seen.add(key)
        yield finding


def _too_large(size: int) -> Text:
    return Text(
        f"le fichier fait {size} octets, la limite est de {LIMIT} ; découper ou exclure ce fichier",
        f"the file has {size} bytes, the limit is {LIMIT}; split or leave out this file",
    )


def _unknown(data: bytes) -> Text:
    if not data.strip():
        return Text("le fichier est vide", "the file is empty")
    return Text(
        "ni document CDA, ni message SOAP, ni capture MTOM, ni VIHF : rien n'a été jugé",
        "neither a CDA document, a SOAP message, an MTOM capture nor a VIHF: nothing was judged",
    )
