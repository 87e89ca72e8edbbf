"""A report put in reading order, for every picture of it: what is wrong first, with its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from dmp_certify.finding import Text
from dmp_certify.report.render import words
from dmp_certify.report.render.excerpt import Excerpt, Lookup

Json = Mapping[str, Any]

# Reading order: what the product's maker acts on first.
_WEIGHT = ("VOID", "NOT_MET", "NOT_DEMONSTRATED", "DEVIATION", "NOTED")
_KEPT = ("MET", "ATTESTED")
_TELLING = ("CRASHED", "FAIL", "BLOCKED")
# What differs from exchange to exchange may repeat hundreds of times; report.json holds it all.
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Group:
    """One fault and all the exchanges it was seen in; the excerpt is of the first."""

    check: str
    outcome: str
    texts: Mapping[str, Text]
    path: str
    expected: Text
    observed: Text
    places: tuple[tuple[str, int | None], ...]
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement that calls for words, with its faults; `more` are not shown."""

    row: Json
    groups: tuple[Group, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Story:
    """The report in reading order.

    `items` are the rows with faults to show, `kept` those met or attested, `silent` those of the
    ruling on which nothing was demonstrated, `outside` those that do not enter it, and `loose`
    the faults that no row owns.
    """

    report: Json
    digest: str
    items: tuple[Item, ...]
    kept: tuple[Json, ...]
    not_applicable: tuple[Json, ...]
    silent: tuple[Json, ...]
    outside: tuple[Json, ...]
    loose: tuple[Group, ...]

    @property
    def sentence(self) -> Text:
        return words.ruling_sentence(
            self.report["ruling"], self.report["counts"]["by_obligation"]["MUST"]
        )


def text(value: Json) -> Text:
    """A bilingual value of the report."""
    return Text(str(value["fr"]), str(value["en"]))


def _sentence(words_: str) -> str:
    return words_[:1].upper() + words_[1:]


def tell(report: Json, lookup: Lookup, digest: str) -> Story:
    """The story of a report; `digest` is the SHA-256 of report.json."""
    rows = report["requirements"]
    told = [row for row in rows if row["verdict"] in _WEIGHT]
    told.sort(key=lambda row: _WEIGHT.index(row["verdict"]))
    loose = [f for f in report["findings"] if not f["requirement_ids"]]
    items = [_item(report, row, lookup) for row in told]
    return Story(
        report=report,
        digest=digest,
        items=tuple(item for item in items if item.groups),
        kept=tuple(row for row in rows if row["verdict"] in _KEPT),
        not_applicable=tuple(row for row in rows if row["verdict"] == "NOT_APPLICABLE"),
        silent=tuple(row for row in report["not_exercised"] if not row["outside"]),
        outside=tuple(row for row in report["not_exercised"] if row["outside"]),
        loose=tuple(_group(report, f, [f], lookup) for f in loose if f["outcome"] in _TELLING),
    )


def _item(report: Json, row: Json, lookup: Lookup) -> Item:
    alike: dict[tuple[Any, ...], list[Json]] = {}
    for finding in report["findings"]:
        if row["id"] in finding["requirement_ids"] and finding["outcome"] in _TELLING:
            expected, observed = text(finding["expected"]), text(finding["observed"])
            path = finding["place"]["path"]
            key = (finding["check"], finding["outcome"], path, expected, observed)
            alike.setdefault(key, []).append(finding)
    order = sorted(
        alike.values(),
        key=lambda group: (_TELLING.index(group[0]["outcome"]), group[0]["check"]),
    )
    groups = [_group(report, group[0], group, lookup) for group in order[:_SHOWN]]
    # The advice of a check stands once, after its last fault.
    for index, (one, after) in enumerate(pairwise(groups)):
        if one.check == after.check:
            title = {name: value for name, value in one.texts.items() if name == "title"}
            groups[index] = replace(one, texts=title)
    return Item(row, tuple(groups), len(order) - len(groups))


def _group(report: Json, finding: Json, group: list[Json], lookup: Lookup) -> Group:
    place = finding["place"]
    texts = report["checks"].get(finding["check"], {})
    crashed = finding["outcome"] == "CRASHED"
    seen = None
    if not crashed:
        at = (place["artifact"], place["line"] or 0, place["path"])
        seen = lookup(*at, finding["observed"]["fr"])
    return Group(
        check=finding["check"],
        outcome=finding["outcome"],
        texts={name: Text(*map(_sentence, text(value))) for name, value in texts.items()},
        path=place["path"],
        expected=text(finding["expected"]),
        observed=text(finding["observed"]),
        places=tuple((each["place"]["artifact"], each["place"]["line"]) for each in group),
        excerpt=seen,
    )
