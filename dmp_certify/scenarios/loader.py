"""Scenario files, `profiles/scenarios/*.yaml`, checked against their JSON Schema.

The name of a file is the id of its scenario. A scenario holds references and no logic: the
references are those that `scenarios.cast` resolves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dmp_certify import data
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.scenarios.model import Answer, Attest, GivenPatient, Scenario, Step


@cache
def load_all() -> Mapping[str, Scenario]:
    """The scenarios that ship with the suite, by id."""
    folder = data.path("profiles", "scenarios")
    return MappingProxyType({file.stem: load(file) for file in sorted(folder.glob("*.yaml"))})


def load(file: Path) -> Scenario:
    """The scenario in `file`. Raises ConfigurationError that names the file and the place."""
    import yaml

    try:
        raw = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigurationError(f"scenario {file.name} cannot be read: {error}") from error
    for fault in _validator().iter_errors(raw):
        where = "/".join(str(step) for step in fault.absolute_path) or "top level"
        raise ConfigurationError(
            f"scenario {file.name}, at {where}: {fault.message}; "
            "correct it after profiles/scenarios.schema.json"
        )
    steps = tuple(_step(each) for each in raw["steps"])
    names = [step.id for step in steps]
    if len(set(names)) != len(names):
        raise ConfigurationError(f"scenario {file.name}: two steps bear the same id; rename one")
    return Scenario(
        id=file.stem,
        title=_text(raw["title"]),
        when=raw.get("when") or {},
        patients=tuple(
            GivenPatient(name, **fields) for name, fields in raw["given"]["patients"].items()
        ),
        steps=steps,
    )


def _step(raw: dict[str, Any]) -> Step:
    answer, attest = raw.get("answer"), raw.get("attest")
    return Step(
        id=raw["id"],
        intent=raw["ask"]["intent"],
        parameters=raw["ask"]["parameters"],
        say=_text(raw["ask"]["say"]),
        answer=Answer(answer["disturb"], answer.get("transaction", ""), answer.get("with") or {})
        if answer
        else None,
        expect=raw["expect"],
        attest=Attest(_text(attest["question"]), tuple(attest["requirements"])) if attest else None,
    )


def _text(raw: dict[str, str]) -> Text:
    return Text(raw["fr"], raw["en"])


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    schema = json.loads(data.path("profiles", "scenarios.schema.json").read_bytes())
    return Draft202012Validator(schema)
