"""Requirement rows, read from `profiles/requirements/*.csv`.

A row restates one requirement of a document of the norm. `id` is the norm's own identifier where
it has one (`EX_2.1-1140`); identifiers of ours begin with `DC-` and rest on a citable standard.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from dmp_certify import data
from dmp_certify.errors import SuiteError
from dmp_certify.finding import Text
from dmp_certify.outcome import Obligation

COLUMNS = (
    "id",
    "section",
    "actor",
    "obligation",
    "applies",
    "from",
    "until",
    "verification",
    "reason",
    "title_fr",
    "title_en",
    "source",
)
VERIFICATIONS = frozenset({"message", "behaviour", "attested", "none"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row. `applies` is a predicate over the product's conformance statement, see `applies_to`.

    `from_` and `until` bound the dates of the messages it binds (inclusive, exclusive).
    """

    id: str
    document: str
    section: str
    actor: str
    obligation: Obligation
    applies: str
    from_: date | None
    until: date | None
    verification: str
    reason: str
    title: Text
    source: str

    def applies_to(self, conformance: Mapping[str, object]) -> bool:
        """Whether the product's conformance statement (ICS) brings the row into play.

        `applies` is empty (always) or `key=value` terms joined by ` & `; a term holds when the
        statement's value equals `value` or, for a list, contains it. `key!=value` negates.
        """
        return all(_holds(term, conformance) for term in self.applies.split("&") if term.strip())

    def in_force(self, day: date) -> bool:
        """Whether the row binds a message of that day."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day < self.until
        )


def _holds(term: str, conformance: Mapping[str, object]) -> bool:
    negated = "!=" in term
    key, _, value = term.partition("!=" if negated else "=")
    stated = conformance.get(key.strip())
    values = stated if isinstance(stated, list | tuple) else [stated]
    return (value.strip() in [str(item) for item in values]) is not negated


@cache
def load_all() -> Mapping[str, Requirement]:
    """Every row of every document, by id. Raises SuiteError on a malformed or duplicate row."""
    rows: dict[str, Requirement] = {}
    for file in sorted(data.path("profiles", "requirements").glob("*.csv")):
        if file.name == "COVERAGE.csv":
            continue
        for line, row in _rows(file):
            if row.id in rows:
                raise SuiteError(f"{file.name}:{line}: requirement {row.id} is already defined")
            rows[row.id] = row
    return MappingProxyType(rows)


def _rows(file: Path) -> Iterator[tuple[int, Requirement]]:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise SuiteError(f"{file.name}: columns must be {', '.join(COLUMNS)}")
        for record in reader:
            yield reader.line_num, _row(file, reader.line_num, record)


def _row(file: Path, line: int, record: dict[str, str | None]) -> Requirement:
    values = {key: (value or "").strip() for key, value in record.items() if key is not None}
    if len(record) != len(COLUMNS) or None in record.values():
        raise SuiteError(f"{file.name}:{line}: a row has {len(COLUMNS)} columns")
    if values["verification"] not in VERIFICATIONS:
        raise SuiteError(f"{file.name}:{line}: unknown verification {values['verification']!r}")
    if values["verification"] == "none" and not values["reason"]:
        raise SuiteError(f"{file.name}:{line}: verification none needs a reason")
    for column in ("id", "title_fr", "title_en", "source"):
        if not values[column]:
            raise SuiteError(f"{file.name}:{line}: column {column} is empty")
    return Requirement(
        id=values["id"],
        document=file.stem,
        section=values["section"],
        actor=values["actor"],
        obligation=Obligation(values["obligation"]),
        applies=values["applies"],
        from_=_day(values["from"]),
        until=_day(values["until"]),
        verification=values["verification"],
        reason=values["reason"],
        title=Text(values["title_fr"], values["title_en"]),
        source=values["source"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
