"""The cases of every check: `fixtures/<layer>/<slug>/cases.yaml`.

base: td2_1                      # the default base of the cases
pack: mini                       # a content pack of `fixtures/_packs`, when the check needs one
good:                            # each: every check of every layer is silent
  - {name: ..., why: ..., base: ..., wound: {...} or [...], resign: true}
bad:                             # each: this check alone fails, at this place
  - name: ...
    why: ...
    wound: {...}
    expect: {path: XPATH-SUFFIX, observed: TEXT, requirement: ID, artifact: SUFFIX}
    also: [other.check]          # checks that rightly see the same wound, with `also_why`
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.bases import FIXTURES


@dataclass(frozen=True)
class Case:
    """One good or bad case of one check."""

    check: str
    name: str
    good: bool
    base: str
    wounds: tuple[dict[str, Any], ...]
    resign: bool
    expect: dict[str, Any]
    also: tuple[str, ...]
    pack: str = ""

    @property
    def id(self) -> str:
        return f"{self.check}[{'good' if self.good else 'bad'}:{self.name}]"


def files() -> list[Path]:
    return sorted(FIXTURES.glob("[!_]*/*/cases.yaml"))


def load_all() -> Iterator[Case]:
    """Every case of every check."""
    for file in files():
        yield from load(file)


def load(file: Path) -> Iterator[Case]:
    spec = yaml.safe_load(file.read_text("utf-8"))
    check = f"{file.parent.parent.name}.{file.parent.name}"
    for kind in ("good", "bad"):
        for number, case in enumerate(spec.get(kind) or (), 1):
            wound = case.get("wound") or []
            yield Case(
                check=check,
                name=str(case.get("name") or number),
                good=kind == "good",
                base=case.get("base") or spec.get("base") or "td2_1",
                wounds=tuple(wound if isinstance(wound, list) else [wound]),
                resign=case.get("resign", True),
                expect=case.get("expect") or {},
                also=tuple(case.get("also") or ()),
                pack=spec.get("pack") or "",
            )
