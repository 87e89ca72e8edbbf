"""The report as JUnit XML, in the shape that Jenkins and GitLab read.

One case per requirement and one for the ruling, so that a pipeline is green only when the ruling
is CONFORMING: rows that are not demonstrated are skipped cases, which no pipeline counts as bad.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from dmp_certify import clock
from dmp_certify.finding import Text
from dmp_certify.report.render import words
from dmp_certify.report.render.excerpt import nothing
from dmp_certify.report.render.markup import visible
from dmp_certify.report.render.story import Group, Item, tell, text

_ELEMENT = {
    "NOT_MET": "failure",
    "VOID": "error",
    "NOT_DEMONSTRATED": "skipped",
    "NOT_APPLICABLE": "skipped",
}
_RULING = {"NON_CONFORMING": "failure", "INCOMPLETE": "failure", "VOID": "error"}


def render(report: Mapping[str, Any]) -> bytes:
    """The XML document of a report, UTF-8."""
    story = tell(report, nothing, "")
    profile, run = report["profile"], report["run"]
    name = f"{profile['id']} {profile['edition']}".strip()
    suite = ET.Element("testsuite", {"name": visible(name)})
    _properties(suite, report)
    ruling = report["ruling"]
    _case(suite, profile["id"], "ruling", _RULING.get(ruling), ruling, story.sentence, [])
    faults = {item.row["id"]: item for item in story.items}
    reasons = {row["id"]: text(row["reason"]) for row in report["not_exercised"]}
    for row in report["requirements"]:
        item = faults.get(row["id"])
        message = _message(row, item, reasons.get(row["id"]))
        group = f"{profile['id']}.{row['section'] or row['document']}"
        label = f"{row['id']} {row['title']['fr']}"
        element = _ELEMENT.get(row["verdict"])
        _case(suite, group, label, element, row["verdict"], message, item.groups if item else [])
    totals = _totals(suite, run)
    suite.attrib.update({**totals, "timestamp": run["started"][:19]})
    totals.pop("skipped")
    root = ET.Element("testsuites", {"name": "dmp-certify", **totals})
    root.append(suite)
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _properties(suite: ET.Element, report: Mapping[str, Any]) -> None:
    product = report["product"]
    facts = {
        "product": f"{product['vendor']} {product['name']} {product['version']}",
        "ruling": report["ruling"],
        "run": report["run"]["id"],
        "seed": str(report["run"]["seed"]),
        "suite": str(report["suite"]["version"]),
        "evidence_root": report["run"]["evidence_root"],
    }
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", {"name": name, "value": visible(value)})


def _case(
    suite: ET.Element,
    group: str,
    label: str,
    element: str | None,
    verdict: str,
    message: Text,
    groups: Iterable[Group],
) -> None:
    case = ET.SubElement(
        suite, "testcase", {"classname": visible(group), "name": visible(label), "time": "0"}
    )
    body = visible("\n".join(_lines(groups)))
    if element is None:
        if body:
            ET.SubElement(case, "system-out").text = visible(verdict) + "\n" + body
        return
    shown = visible(message.fr if message.fr == message.en else f"{message.fr} / {message.en}")
    inside = ET.SubElement(case, element, {"message": shown})
    if element != "skipped":
        inside.set("type", verdict)
        inside.text = body or shown
    elif body:
        ET.SubElement(case, "system-out").text = body


def _message(row: Mapping[str, Any], item: Item | None, reason: Text | None) -> Text:
    if item is None or row["verdict"] == "NOT_DEMONSTRATED":
        return reason or words.VERDICT[row["verdict"]]
    return item.groups[0].texts.get("title") or words.VERDICT[row["verdict"]]


def _lines(groups: Iterable[Group]) -> Iterable[str]:
    for group in groups:
        title = group.texts.get("title") or words.OUTCOME[group.outcome]
        yield from _twice(Text(f"{title.fr} [{group.check}]", f"{title.en} [{group.check}]"))
        for label, value in ((words.EXPECTED, group.expected), (words.OBSERVED, group.observed)):
            yield from _twice(Text(f"{label.fr} : {value.fr}", f"{label.en}: {value.en}"))
        for artifact, line in group.places:
            yield f"  {artifact}:{line} {group.path}" if line else f"  {artifact} {group.path}"
        if "correct" in group.texts:
            label, value = words.CORRECT, group.texts["correct"]
            yield from _twice(Text(f"{label.fr} : {value.fr}", f"{label.en}: {value.en}"))
        yield ""


def _twice(value: Text) -> Iterable[str]:
    yield value.fr
    if value.en != value.fr:
        yield value.en


def _totals(suite: ET.Element, run: Mapping[str, Any]) -> dict[str, str]:
    seconds = (clock.parse_iso(run["ended"]) - clock.parse_iso(run["started"])).total_seconds()
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {
        "tests": str(len(suite.findall("testcase"))),
        **{name: str(len(suite.findall(f"testcase/{tag}"))) for name, tag in counted.items()},
        "time": f"{max(seconds, 0):.3f}",
    }
