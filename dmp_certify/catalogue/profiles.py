"""Profiles: the playlists of `profiles/<id>.yaml`.

A profile names an edition, the requirement rows it obliges and the scenarios that exercise them.
`requirements` lists documents with their ids, or `all`; `outside` names rows that belong to the
profile but that this suite cannot judge: they are printed, and never counted as met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from dmp_certify import data
from dmp_certify.catalogue import requirements
from dmp_certify.catalogue.requirements import Requirement
from dmp_certify.errors import ConfigurationError, SuiteError
from dmp_certify.finding import Text

_KEYS = frozenset({"id", "edition", "title", "requirements", "outside", "scenarios"})


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of one edition of the norm. `scenarios` are ids, in the order of play."""

    id: str
    edition: str
    title: Text
    requirements: tuple[Requirement, ...]
    outside: tuple[Requirement, ...]
    scenarios: tuple[str, ...]


def names() -> tuple[str, ...]:
    """The ids of all profiles."""
    return tuple(sorted(file.stem for file in data.path("profiles").glob("*.yaml")))


def load(name: str) -> Profile:
    """One profile. ConfigurationError when there is none; SuiteError when its file is wrong."""
    if name not in names():
        raise ConfigurationError(
            f"unknown profile {name!r}; the profiles are: {', '.join(names())} "
            "(dmp-certify list profiles)"
        )
    spec = yaml.safe_load(data.path("profiles", f"{name}.yaml").read_text("utf-8"))
    if not isinstance(spec, dict) or set(spec) != _KEYS or spec["id"] != name:
        raise SuiteError(f"profiles/{name}.yaml: keys must be {sorted(_KEYS)}, id its own name")
    obliged, outside = _rows(name, spec["requirements"]), _rows(name, spec["outside"])
    return Profile(
        id=name,
        edition=str(spec["edition"]),
        title=Text(spec["title"]["fr"], spec["title"]["en"]),
        requirements=tuple(row for row in obliged if _judged(row)),
        outside=(*(row for row in obliged if not _judged(row)), *outside),
        scenarios=tuple(spec["scenarios"]),
    )


def _judged(row: Requirement) -> bool:
    return row.verification in {"message", "behaviour"}


def _rows(name: str, groups: Sequence[Mapping[str, Any]]) -> tuple[Requirement, ...]:
    known = requirements.load_all()
    found: list[Requirement] = []
    for group in groups:
        document, wanted = group["from"], group["ids"]
        held = {row.id: row for row in known.values() if row.document == document}
        ids = list(held) if wanted == "all" else wanted
        unknown = [one for one in ids if one not in held]
        if unknown or not held:
            raise SuiteError(f"profiles/{name}.yaml: {document} has no {unknown or 'rows'}")
        found += [held[one] for one in ids]
    if len({row.id for row in found}) != len(found):
        raise SuiteError(f"profiles/{name}.yaml: a requirement is named twice")
    return tuple(found)
