"""The verdict on files for machines: JSON, JUnit and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from dmp_certify import __version__
from dmp_certify.engine.documents import FileVerdict
from dmp_certify.finding import Text
from dmp_certify.report.files.problems import Problem, Severity

Judged = Sequence[tuple[FileVerdict, Sequence[Problem]]]


def as_json(judged: Judged) -> str:
    """`[{path, kind, conforming, pack, volet, problem, problems[]}]`, indented, UTF-8."""
    return json.dumps(
        [_file(verdict, problems) for verdict, problems in judged], ensure_ascii=False, indent=2
    )


def _file(verdict: FileVerdict, problems: Sequence[Problem]) -> dict[str, Any]:
    document = verdict.document
    return {
        "path": verdict.path,
        "kind": verdict.kind,
        "conforming": verdict.conforming,
        "pack": document.pack if document is not None else "core",
        "volet": document.volet if document is not None else None,
        "not_demonstrated": [
            {"schematron": one.schematron, **one.what._asdict()}
            for one in (document.not_demonstrated if document is not None else ())
        ],
        "problem": verdict.problem._asdict() if verdict.problem else None,
        "problems": [_problem(one) for one in problems],
    }


def _problem(one: Problem) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.severity.value,
        "requirements": list(one.requirements),
        "place": {"artifact": one.artifact, "path": one.path, "line": one.line},
        **{
            name: text._asdict()
            for name, text in (
                ("title", one.title),
                ("expected", one.expected),
                ("observed", one.observed),
                ("why", one.why),
                ("correct", one.correct),
            )
        },
    }


def as_junit(judged: Judged, lang: str) -> str:
    """One suite, one test case a file; each departure from a MUST is a line of its failure."""
    cases, failures, errors = [], 0, 0
    for verdict, problems in judged:
        failures += not verdict.conforming and verdict.problem is None
        errors += verdict.problem is not None
        cases.append(_case(verdict, problems, lang))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites><testsuite name="dmp-certify check" tests="{len(judged)}" '
        f'failures="{failures}" errors="{errors}">\n' + "\n".join(cases) + "\n"
        "</testsuite></testsuites>\n"
    )


def _case(verdict: FileVerdict, problems: Sequence[Problem], lang: str) -> str:
    opening = f"<testcase classname={quoteattr(verdict.kind or 'unknown')} name=" + quoteattr(
        _printable(verdict.path)
    )
    if verdict.problem is not None:
        said = quoteattr(_printable(_say(verdict.problem, lang)))
        return f"{opening}><error message={said}/></testcase>"
    if verdict.conforming:
        return f"{opening}/>"
    grave = [one for one in problems if one.severity is Severity.ERROR]
    body = "\n".join(
        f"{one.path} line {one.line}: {_say(one.title, lang)} [{one.rule}] "
        f"{_say(one.expected, lang)} / {_say(one.observed, lang)}"
        for one in grave
    )
    said = quoteattr(_printable(_say(grave[0].title, lang)) if grave else "nothing was judged")
    return f"{opening}><failure message={said}>{escape(_printable(body))}</failure></testcase>"


def _say(text: Text, lang: str) -> str:
    return text.fr if lang == "fr" else text.en


def _printable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(
        char
        if char in "\t\n\r"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char >= "\U00010000"
        else "\ufffd"
        for char in text
    )


def as_sarif(judged: Judged, lang: str) -> str:
    """SARIF 2.1.0, so that code hosts annotate the vendor's own files."""
    every = [one for _, problems in judged for one in problems]
    rules = {one.rule: one for one in every}
    order = sorted(rules)
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "dmp-certify",
                            "semanticVersion": __version__,
                            "rules": [_rule(rules[name], lang) for name in order],
                        }
                    },
                    "columnKind": "unicodeCodePoints",
                    "invocations": [_invocation(judged, lang)],
                    "results": [_result(one, order, lang) for one in every],
                }
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def _rule(one: Problem, lang: str) -> dict[str, Any]:
    return {
        "id": one.rule,
        "shortDescription": {"text": _say(one.title, lang) or one.rule},
        "fullDescription": {"text": _say(one.why, lang) or _say(one.title, lang) or one.rule},
        "help": {"text": _say(one.correct, lang) or one.rule},
        "properties": {"requirements": list(one.requirements)},
    }


def _invocation(judged: Judged, lang: str) -> dict[str, Any]:
    """Files that could not be judged are notifications, not results."""
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {
                "level": "error",
                "message": {"text": f"{verdict.path}: {_say(verdict.problem, lang)}"},
            }
            for verdict, _ in judged
            if verdict.problem is not None
        ],
    }


def _result(one: Problem, order: Sequence[str], lang: str) -> dict[str, Any]:
    said = [_say(one.title, lang)]
    if _say(one.expected, lang):
        said.append(f"expected {one.expected.en}" if lang == "en" else f"attendu {one.expected.fr}")
    if _say(one.observed, lang):
        said.append(f"observed {one.observed.en}" if lang == "en" else f"observé {one.observed.fr}")
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": _uri(one.artifact)}}
    }
    if one.line:
        location["physicalLocation"]["region"] = {"startLine": one.line}
    if one.path:
        location["logicalLocations"] = [{"fullyQualifiedName": one.path, "kind": "element"}]
    return {
        "ruleId": one.rule,
        "ruleIndex": order.index(one.rule),
        "level": one.severity.value,
        "message": {"text": " — ".join(said)},
        "locations": [location],
    }


def _uri(path: str) -> str:
    return quote(PurePath(path).as_posix(), safe="/!")
