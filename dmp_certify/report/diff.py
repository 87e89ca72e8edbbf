"""What changed between two reports of the same profile: rulings, verdicts, faults.

A fault is the same when check, requirement, outcome and path are the same: exchanges, values and
lines change from run to run and mean nothing by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.report.render import words

Json: TypeAlias = Mapping[str, Any]
Fault: TypeAlias = tuple[str, str, str, str]

_TELLING = frozenset({"FAIL", "BLOCKED", "CRASHED"})
_ABSENT = Text("absente", "absent")
_TITLES = {
    "ruling": Text("Jugement", "Ruling"),
    "verdicts": Text("Verdicts changés", "Verdicts that changed"),
    "appeared": Text("Constats apparus", "Findings that appeared"),
    "gone": Text("Constats disparus", "Findings that are gone"),
    "none": Text("Aucune différence.", "No difference."),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """`ruling` and each of `verdicts` are (before, after), empty for a row that is not there."""

    products: tuple[str, str]
    ruling: tuple[str, str]
    verdicts: Mapping[str, tuple[str, str]]
    appeared: tuple[Fault, ...]
    gone: tuple[Fault, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing of what the reports say of the product changed."""
        same = self.ruling[0] == self.ruling[1]
        return same and not (self.verdicts or self.appeared or self.gone)

    def to_json(self) -> dict[str, Any]:
        """The same for machines."""
        names = ("check", "requirement", "outcome", "path")
        return {
            "products": list(self.products),
            "ruling": list(self.ruling),
            "verdicts": {row: list(pair) for row, pair in self.verdicts.items()},
            "appeared": [dict(zip(names, fault, strict=True)) for fault in self.appeared],
            "gone": [dict(zip(names, fault, strict=True)) for fault in self.gone],
        }

    def lines(self, language: str) -> list[str]:
        """The same for readers, in `fr` or `en`."""

        def say(text: Text) -> str:
            return str(getattr(text, language))

        colon = " :" if language == "fr" else ":"
        before, after = (say(words.RULING[each]) for each in self.ruling)
        lines = [" → ".join(self.products), f"{say(_TITLES['ruling'])}{colon} {before} → {after}"]
        if self.verdicts:
            lines.append(f"{say(_TITLES['verdicts'])}{colon}")
        for row, pair in self.verdicts.items():
            shown = (say(words.VERDICT[each] if each else _ABSENT) for each in pair)
            lines.append(f"  {row}{colon} {' → '.join(shown)}")
        for name, faults in (("appeared", self.appeared), ("gone", self.gone)):
            if faults:
                lines.append(f"{say(_TITLES[name])}{colon}")
            lines += [f"  {check} {row} {path}" for check, row, _, path in faults]
        return [*lines, say(_TITLES["none"])] if self.empty else lines


def compare(before: Json, after: Json) -> Difference:
    """What changed from one report to the other. ConfigurationError for two profiles."""
    profiles = before["profile"]["id"], after["profile"]["id"]
    if profiles[0] != profiles[1]:
        raise ConfigurationError(
            f"the reports are of two profiles, {profiles[0]} and {profiles[1]}; "
            "compare two reports of one profile"
        )
    old, new = _verdicts(before), _verdicts(after)
    rows = [*old, *(row for row in new if row not in old)]
    changed = {row: (old.get(row, ""), new.get(row, "")) for row in rows}
    old_faults, new_faults = _faults(before), _faults(after)
    return Difference(
        products=(_product(before), _product(after)),
        ruling=(before["ruling"], after["ruling"]),
        verdicts={row: pair for row, pair in changed.items() if pair[0] != pair[1]},
        appeared=tuple(sorted(new_faults - old_faults)),
        gone=tuple(sorted(old_faults - new_faults)),
    )


def _verdicts(report: Json) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in report["requirements"]}


def _faults(report: Json) -> set[Fault]:
    return {
        (each["check"], row, each["outcome"], each["place"]["path"])
        for each in report["findings"]
        if each["outcome"] in _TELLING
        for row in each["requirement_ids"] or [""]
    }


def _product(report: Json) -> str:
    return f"{report['product']['name']} {report['product']['version']}"
