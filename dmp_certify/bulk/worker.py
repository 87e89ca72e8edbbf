"""What a worker does with one document: judge it and say so in one plain mapping."""

from __future__ import annotations

import gc
import hashlib
import time
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Outcome

if TYPE_CHECKING:
    from dmp_certify.catalogue.check import Check
    from dmp_certify.engine.documents import FileVerdict
    from dmp_certify.packs import CompiledPack
    from dmp_certify.wire.message import Message

Line = dict[str, Any]
MOST_PLACES = 3
"""Places named for each rule of a document; the count says how many there are."""
_NAMES = {
    "institution": "author.assignedAuthor.representedOrganization.name",
    "software": "author.assignedAuthor.assignedAuthoringDevice.softwareName",
    "custodian": "representedCustodianOrganization.name",
}


@cache
def _checks() -> tuple[Check, ...]:
    from dmp_certify.checks import load_all
    from dmp_certify.wire.subjects import declare_readers

    declare_readers()
    return tuple(check for check in load_all() if check.layer in {"cda_header", "cda_body"})


@cache
def _pack(name: str) -> CompiledPack | None:
    if name in {"", "core"}:
        return None
    from dmp_certify import packs

    return packs.load(name)


def warm(pack: str) -> None:
    """Load what every document needs, before the first one."""
    _checks()
    _pack(pack)
    gc.freeze()  # what is loaded lives as long as the process: no collection need look at it


def judge(key: str, data: bytes, pack: str, *, alone: bool = False) -> Line:
    """One result line. `alone` judges by the content pack only, without our own checks."""
    from dmp_certify.engine import documents

    began = time.perf_counter()
    line: Line = {
        "document": key,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "kind": "",
    }
    message = documents.read(data, key)
    if isinstance(message, Text):
        line |= {"verdict": "unreadable", "problem": message._asdict(), "rules": {}}
    else:
        checks = () if alone and pack not in {"", "core"} else _checks()
        line |= _told(documents.judge_read(message, checks=checks, pack=_pack(pack)), message)
    line["ms"] = round((time.perf_counter() - began) * 1000, 2)
    return line


def _told(verdict: FileVerdict, message: Message) -> Line:
    told: Line = {
        "kind": verdict.kind,
        "verdict": "conforming" if verdict.conforming else "non-conforming",
        "rules": _rules(verdict),
        "source": _source(message) if verdict.kind == "cda" else {},
    }
    if verdict.document is not None:
        told |= {"pack": verdict.document.pack, "volet": verdict.document.volet}
    return told


def failed(key: str, problem_fr: str, problem_en: str) -> Line:
    """The line of a document that could not be read or that stopped its worker."""
    return {
        "document": key,
        "verdict": "unreadable",
        "problem": {"fr": problem_fr, "en": problem_en},
        "rules": {},
    }


def _rules(verdict: Any) -> dict[str, Any]:
    """For each rule: how often, the first places, and whether it keeps the document from
    conforming (`grave`)."""
    from dmp_certify.engine import documents

    counts: Counter[str] = Counter()
    places: dict[str, list[dict[str, Any]]] = {}

    weighty: set[str] = set()

    def note(rule: str, path: str, line: int | None, observed: str, heavy: bool = True) -> None:
        counts[rule] += 1
        if heavy:
            weighty.add(rule)
        if counts[rule] <= MOST_PLACES:
            places.setdefault(rule, []).append(
                {"path": path, "line": line, "observed": observed[:200]}
            )

    for finding in verdict.findings:
        if finding.outcome in {Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED}:
            place, heavy = finding.place, documents.grave(finding)
            note(_name(finding), place.path, place.line, finding.observed.fr, heavy)
    document = verdict.document
    for error in document.xsd_errors if document is not None else ():
        note("xsd", error.path, error.line, error.message)
    for one in document.failed if document is not None else ():
        note(one.test_id, one.location, one.line, one.message)
    for abort in document.aborted if document is not None else ():
        note(f"{abort.schematron}:abort", abort.location, abort.line, str(abort.reason))
    return {
        rule: {"count": counts[rule], "grave": rule in weighty, "places": places[rule]}
        for rule in counts
    }


def _name(finding: Finding) -> str:
    if finding.outcome is Outcome.FAIL:
        return f"{finding.check}:{finding.requirement_ids[0]}"
    return f"{finding.check}:{finding.outcome.value.lower()}"


def _source(message: Message) -> dict[str, str]:
    """Who produced the document: the first author's institution and authoring device."""
    from dmp_certify.wire.cda import Cda
    from dmp_certify.wire.message import Unreadable

    try:
        cda = message.view(Cda)
    except Unreadable:
        return {}
    found = {name: cda.anywhere(names) for name, names in _NAMES.items()} if cda else {}
    return {
        name: " ".join(node.text.split())[:120]
        for name, node in found.items()
        if node is not None and node.text
    }
