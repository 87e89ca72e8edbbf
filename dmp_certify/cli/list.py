"""`list profiles|requirements|checks|scenarios|sins`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

from dmp_certify.cli import exits

Row = dict[str, Any]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("what", choices=sorted(_LISTS))
    parser.add_argument("--json", action="store_true", help="one JSON array on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code 0."""
    rows = _LISTS[options.what]()
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return exits.CONFORMING
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        notes = " · ".join(str(row[key]) for key in row if key not in ("id", "title"))
        title = row["title"][options.lang]
        print(f"{row['id']:<{width}}  {title}" + (f"  ({notes})" if notes else ""))
    return exits.CONFORMING


def _profiles() -> list[Row]:
    from dmp_certify.catalogue import profiles

    found = [profiles.load(name) for name in profiles.names()]
    return [
        {
            "id": each.id,
            "title": each.title._asdict(),
            "edition": each.edition,
            "requirements": len(each.requirements),
            "scenarios": len(each.scenarios),
        }
        for each in found
    ]


def _requirements() -> list[Row]:
    from dmp_certify.catalogue import requirements

    return [
        {
            "id": row.id,
            "title": row.title._asdict(),
            "obligation": row.obligation.value,
            "verification": row.verification,
        }
        for row in requirements.load_all().values()
    ]


def _checks() -> list[Row]:
    from dmp_certify.checks import load_all

    return [
        {
            "id": check.id,
            "title": check.texts.title._asdict(),
            "requirements": " ".join(check.requirement_ids),
        }
        for check in load_all()
    ]


def _scenarios() -> list[Row]:
    from dmp_certify.scenarios import loader

    return [
        {
            "id": each.id,
            "title": each.title._asdict(),
            "when": " ".join(f"{key}={value}" for key, value in each.when.items()),
            "steps": len(each.steps),
        }
        for each in loader.load_all().values()
    ]


def _sins() -> list[Row]:
    from dmp_certify.reference_lps.sins import SINS

    return [
        {
            "id": sin.name,
            "title": sin.title._asdict(),
            "scenario": sin.scenario,
            "caught_by": " ".join(sin.expects),
        }
        for sin in SINS.values()
    ]


_LISTS: dict[str, Callable[[], list[Row]]] = {
    "profiles": _profiles,
    "requirements": _requirements,
    "checks": _checks,
    "scenarios": _scenarios,
    "sins": _sins,
}
