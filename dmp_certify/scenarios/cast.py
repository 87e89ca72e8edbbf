"""Who plays: the seeded data of one attempt at a scenario, and the references to it.

References, in any string of `ask` and `expect`:
`${patient.NAME}` or one of its traits (`${patient.anne.ins}`), `${word.NAME}` (a random word, to
be asked back), `${type.pdf}` and `${type.structured}` (the document types the product claims),
`${type.any}` with `${form.any}` (a document of a form it claims, a PDF when it claims both),
`${document.STEP.unique_id}` and `.entry_uuid` (the first document that the step put into the DMP).
A string that is one reference becomes its value; inside a longer string it becomes text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.scenarios.model import Scenario

_REFERENCE = re.compile(r"\$\{([a-z0-9_.-]+)\}")
_LOINC = "2.16.840.1.113883.6.1"

# What is asked for when the conformance statement names no type: the document of the official
# scenario 2.1-160, and the one structured document that most professions must be able to write.
TYPES: Mapping[str, Mapping[str, str]] = {
    "pdf": {
        "code": "11490-0",
        "code_system": _LOINC,
        "display_name": "Lettre de liaison à la sortie d'un établissement de soins",
    },
    "structured": {
        "code": "87273-9",
        "code_system": _LOINC,
        "display_name": "Note de vaccination",
    },
}


class Unresolved(Exception):
    """A reference points at something that the play has not produced."""


@dataclass(slots=True)
class Cast:
    """The data of one attempt: patients as driver orders, words as they are drawn."""

    seed: str
    patients: Mapping[str, Mapping[str, Any]]
    types: Mapping[str, Mapping[str, str]]
    forms: Mapping[str, str]
    words: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """The random word called `name`, the same for the same seed; unaccented letters."""
        return self.words.setdefault(name, draw_word(f"{self.seed}/{name}"))

    def resolve(self, value: Any) -> Any:
        """`value` with every reference replaced. Raises Unresolved."""
        if isinstance(value, Mapping):
            return {key: self.resolve(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = _REFERENCE.fullmatch(value)
        if whole:
            return self._look_up(whole.group(1))
        return _REFERENCE.sub(lambda found: str(self._look_up(found.group(1))), value)

    def text(self, text: Text) -> Text:
        """A bilingual sentence with its references replaced."""
        return Text(self.resolve(text.fr), self.resolve(text.en))

    def _look_up(self, reference: str) -> Any:
        kind, _, rest = reference.partition(".")
        if kind == "word":
            return self.word(rest)
        tables: dict[str, Mapping[str, Any]] = {
            "patient": self.patients,
            "type": self.types,
            "form": self.forms,
            "document": self.documents,
        }
        found: Any = tables.get(kind)
        for name in rest.split("."):
            if not isinstance(found, Mapping) or name not in found:
                raise Unresolved(reference)
            found = found[name]
        return found


def cast(
    scenario: Scenario,
    seed: str,
    conformance: Mapping[str, object],
    taken: Callable[[str, str], bool],
) -> Cast:
    """The cast of `scenario`; `taken(ins, oid)` says which identifiers the world already holds."""
    from dmp_certify.simulator.people import invent

    count = len(scenario.patients)
    for salt in range(100):
        people = invent(f"{seed}/{salt}", count)
        if not any(taken(person.ins, person.ins_oid) for person in people):
            break
    else:
        raise ConfigurationError(f"seed {seed} gives no patients that are free; use another --seed")
    given = zip(scenario.patients, people, strict=True)
    patients = {each.name: person.order() for each, person in given}
    types = {**TYPES, **_claimed(conformance)}
    form = _form(conformance)
    types["any"] = types["structured" if form == "structured" else "pdf"]
    return Cast(seed, patients, types, {"any": form})


def draw_word(seed: str) -> str:
    """Two invented words of three syllables: nobody says them by chance."""
    source = random.Random(f"word/{seed}")
    halves = (
        "".join(source.choice("bdfgklmnprstvz") + source.choice("aeiou") for _ in range(3))
        for _ in range(2)
    )
    return "-".join(halves)


def _form(conformance: Mapping[str, object]) -> str:
    claimed = conformance.get("documents")
    forms = claimed if isinstance(claimed, list | tuple) else []
    return "structured" if "structured" in forms and "level1-pdf" not in forms else "level1-pdf"


def _claimed(conformance: Mapping[str, object]) -> dict[str, Mapping[str, str]]:
    claimed: dict[str, Mapping[str, str]] = {}
    for name in TYPES:
        stated = conformance.get(f"{name}_type")
        if isinstance(stated, Mapping):
            claimed[name] = {str(key): str(value) for key, value in stated.items()}
    return claimed
