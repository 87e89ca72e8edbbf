"""Which checks and bad cases stand behind each requirement row: `requirements/COVERAGE.csv`.

A rule is judged when a check declares its row and some bad case trips it. Debt is computed here
and read by `dmp-certify coverage --check`, which fails on it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from dmp_certify import data
from dmp_certify.catalogue import requirements
from dmp_certify.checks import load_all as all_checks

COLUMNS = ("requirement", "obligation", "verification", "checks", "bad_cases")


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement and what stands behind it."""

    requirement: str
    obligation: str
    verification: str
    checks: tuple[str, ...]
    bad_cases: int

    @property
    def judged(self) -> bool:
        """Whether some bad case trips a check of this row."""
        return bool(self.checks) and self.bad_cases > 0


def rows() -> tuple[Row, ...]:
    """Every requirement row, in the order of the documents."""
    behind: dict[str, list[str]] = defaultdict(list)
    for check in all_checks():
        for row in check.requirement_ids:
            behind[row].append(check.id)
    cases = _bad_cases()
    return tuple(
        Row(
            row.id,
            row.obligation.value,
            row.verification,
            tuple(behind[row.id]),
            sum(cases.get((check, row.id), 0) for check in behind[row.id]),
        )
        for row in requirements.load_all().values()
    )


def _bad_cases() -> Mapping[tuple[str, str], int]:
    """Bad cases by (check, row); a case names its row when the check serves several."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    rows_of = {check.id: check.requirement_ids for check in all_checks()}
    for file in sorted((data.root() / "fixtures").glob("[!_]*/*/cases.yaml")):
        check = f"{file.parent.parent.name}.{file.parent.name}"
        for case in yaml.safe_load(file.read_text("utf-8")).get("bad") or ():
            named = (case.get("expect") or {}).get("requirement")
            declared = rows_of.get(check, ())
            row = named or (declared[0] if len(declared) == 1 else "")
            counts[check, str(row)] += 1
    return counts


def as_csv(table: Sequence[Row]) -> str:
    """The text of COVERAGE.csv."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table:
        writer.writerow(
            (row.requirement, row.obligation, row.verification, " ".join(row.checks), row.bad_cases)
        )
    return out.getvalue()


def debts(table: Sequence[Row], *, with_cases: bool) -> list[str]:
    """What is owed: rows said to be judged without a check, or a check's row without a bad case.

    `with_cases` is false where the fixtures are not at hand (an installed wheel).
    """
    owed = [
        f"{row.requirement}: verification is {row.verification}, but no check judges it"
        for row in table
        if row.verification in {"message", "behaviour"} and not row.checks
    ]
    owed += [
        f"{row.requirement}: verification is {row.verification}, yet {', '.join(row.checks)} "
        "judges it"
        for row in table
        if row.verification in {"attested", "none"} and row.checks
    ]
    if with_cases:
        owed += [
            f"{row.requirement}: no bad case trips {' or '.join(row.checks)}"
            for row in table
            if row.checks and not row.bad_cases
        ]
    return owed


def written() -> str:
    """The COVERAGE.csv that ships; empty when there is none."""
    file = data.root() / "profiles" / "requirements" / "COVERAGE.csv"
    return file.read_text("utf-8") if file.is_file() else ""
