"""`coverage`: which requirements are judged, by which checks, and what is owed."""

from __future__ import annotations

import argparse
import sys

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", action="store_true", help="fail on debt or a stale COVERAGE.csv")
    group.add_argument("--write", action="store_true", help="write COVERAGE.csv (in a checkout)")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; with --check 1 when something is owed."""
    from dmp_certify import data
    from dmp_certify.engine import coverage

    table = coverage.rows()
    text = coverage.as_csv(table)
    fixtures = (data.root() / "fixtures").is_dir()
    if options.write and not fixtures:
        raise ConfigurationError(
            f"--write is for a checkout: {data.root()} holds no cases; run it where fixtures/ is"
        )
    if options.write:
        file = data.path("profiles", "requirements") / "COVERAGE.csv"
        file.write_text(text, "utf-8")
        print(file)
        return exits.CONFORMING
    if not options.check:
        sys.stdout.write(text)
        return exits.CONFORMING
    owed = coverage.debts(table, with_cases=fixtures)
    if fixtures and coverage.written() != text:
        owed.append("COVERAGE.csv is stale: dmp-certify coverage --write")
    for line in owed:
        print(line)
    judged = sum(row.judged if fixtures else bool(row.checks) for row in table)
    proof = "" if fixtures else " (their cases are in the checkout)"
    print(f"{judged} rules judged{proof}, {len(table)} requirement rows, {len(owed)} debts")
    return exits.NON_CONFORMING if owed else exits.CONFORMING
