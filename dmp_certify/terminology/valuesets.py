"""Value sets and associations, read once from `profiles/valuesets/*.csv`.

`SOURCES.lock` names the source, the OID and the edition of each file. A set that the public texts
do not enumerate is not here: the wider CI-SIS set stands for it and says so in its note.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from dmp_certify import data
from dmp_certify.errors import SuiteError

COLUMNS = ("code", "code_system", "display_name")
_ASSOCIATIONS = ("source", "source_system", "target")


@dataclass(frozen=True, eq=False)
class ValueSet:
    """One value set: (code, code system) pairs with their display names."""

    name: str
    displays: Mapping[tuple[str, str], str]

    def __contains__(self, pair: object) -> bool:
        return pair in self.displays

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.displays)

    def __len__(self) -> int:
        return len(self.displays)

    def has_code(self, code: str) -> bool:
        """Whether any code system of the set holds the code."""
        return any(code == known for known, _ in self.displays)

    def systems_of(self, code: str) -> tuple[str, ...]:
        """The code systems that hold the code in this set."""
        return tuple(system for known, system in self.displays if known == code)

    def display(self, code: str, code_system: str) -> str | None:
        """The display name, or None when the pair is not in the set."""
        return self.displays.get((code, code_system))

    def nearest(self, code: str, count: int = 3) -> tuple[str, ...]:
        """The valid codes that resemble `code`, closest first; the smallest set in full."""
        codes = list(dict.fromkeys(known for known, _ in self.displays))
        if len(codes) <= count:
            return tuple(codes)
        upper = {known.upper(): known for known in reversed(codes)}
        close = difflib.get_close_matches(code.upper(), list(upper), count, 0.5)
        return tuple(upper[one] for one in close)

    def hint(self, code: str) -> str:
        """`10, 11, 31`: what to show as expected; the name of the set when nothing is close."""
        return ", ".join(self.nearest(code)) or self.name


@cache
def value_set(name: str) -> ValueSet:
    """The value set of that name (`J07`, `J58`, `HL7-Confidentiality`); SuiteError if unknown."""
    rows = _read(f"{name}.csv", COLUMNS)
    return ValueSet(name, MappingProxyType({(row[0], row[1]): row[2] for row in rows}))


@cache
def association(name: str) -> Mapping[tuple[str, str], str]:
    """(source code, its system) to the target code: `ASS_X16`, `ASS_A11`, `ASS_A12`."""
    rows = _read(f"{name}.csv", _ASSOCIATIONS)
    return MappingProxyType({(row[0], row[1]): row[2] for row in rows})


def union(*names: str) -> ValueSet:
    """Several sets taken together."""
    pairs: dict[tuple[str, str], str] = {}
    for name in names:
        pairs.update(value_set(name).displays)
    return ValueSet(" + ".join(names), MappingProxyType(pairs))


def _read(file_name: str, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    file = data.path("profiles", "valuesets", file_name)
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        if tuple(next(reader, ())) != columns:
            raise SuiteError(f"{file.name}: columns must be {', '.join(columns)}")
        rows = [tuple(row) for row in reader]
    for number, row in enumerate(rows, 2):
        if len(row) != len(columns) or not row[0] or not row[-1]:
            raise SuiteError(f"{file.name}:{number}: a row has {', '.join(columns)}")
    return rows
