"""What a check is: one pure function in one file, named for the fault it finds.

The file's path is the check's id (`checks/vihf/assertion_expired.py` is `vihf.assertion-expired`),
the type of its one parameter says what it runs on, the requirement row says how grave it is, and
the module's docstring holds its texts, English then French, under fixed headings.
"""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from dmp_certify.catalogue import requirements
from dmp_certify.errors import SuiteError
from dmp_certify.finding import Fault, Text

V = TypeVar("V")
Body = Callable[[Any], Iterator[Fault]]
Condition = Callable[[Any], bool]

_HEADINGS = {
    "en": ("What it finds:", "Why it matters:", "How to correct:"),
    "fr": ("Ce que le contrôle trouve :", "Pourquoi c'est important :", "Comment corriger :"),
}
_PREFIX = "dmp_certify.checks."


@dataclass(frozen=True, slots=True)
class CheckTexts:
    """The sentences of a check: its title states the fault as a fact."""

    title: Text
    finds: Text
    why: Text
    correct: Text


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check. `when` false means that a subject does not exercise it: no outcome at all.

    Each is one object, equal to itself alone: its texts need not be hashed to find it again.
    """

    id: str
    requirement_ids: tuple[str, ...]
    subject: type
    body: Body
    when: Condition | None
    texts: CheckTexts

    @property
    def layer(self) -> str:
        """The folder of the check: `vihf`, `xds`."""
        return self.id.partition(".")[0]


def check(
    *requirement_ids: str, when: Condition | None = None
) -> Callable[[Callable[[V], Iterator[Fault]]], Check]:
    """Declare the decorated function as the check of its file for those requirement rows.

    With more than one row each Fault names the row it departs from. Raises SuiteError on an
    unknown row, a name that differs from the file's, a missing text or an untyped parameter.
    """

    def declare(body: Callable[[V], Iterator[Fault]]) -> Check:
        name = body.__module__
        if not name.startswith(_PREFIX) or name.rpartition(".")[2] != body.__name__:
            raise SuiteError(f"{name}.{body.__name__}: a check bears the name of its file")
        known = requirements.load_all()
        for row in requirement_ids:
            if row not in known:
                raise SuiteError(f"{name}: requirement {row} is in no file of requirements/")
        if not requirement_ids or len(set(requirement_ids)) != len(requirement_ids):
            raise SuiteError(f"{name}: name each requirement row of the check once")
        return Check(
            id=check_id(name),
            requirement_ids=tuple(requirement_ids),
            subject=_subject(body),
            body=body,
            when=when,
            texts=parse_texts(name, sys.modules[name].__doc__ or ""),
        )

    return declare


def check_id(module: str) -> str:
    """`dmp_certify.checks.vihf.assertion_expired` is `vihf.assertion-expired`."""
    layer, _, slug = module.removeprefix(_PREFIX).partition(".")
    return f"{layer}.{slug.replace('_', '-')}"


def _subject(body: Callable[..., object]) -> type:
    hints = typing.get_type_hints(body)
    hints.pop("return", None)
    if len(hints) != 1:
        raise SuiteError(f"{body.__module__}: a check has one parameter with its view's type")
    subject = next(iter(hints.values()))
    if not isinstance(subject, type):
        raise SuiteError(f"{body.__module__}: {subject} is not a view")
    return subject


def parse_texts(name: str, doc: str) -> CheckTexts:
    """The texts of a check's docstring; raises SuiteError naming what is missing."""
    english, french = _language(name, doc, "en"), _language(name, doc, "fr")
    title, finds, why, correct = (Text(fr, en) for fr, en in zip(french, english, strict=True))
    return CheckTexts(title, finds, why, correct)


def _language(name: str, doc: str, language: str) -> tuple[str, str, str, str]:
    headings = _HEADINGS[language]
    pattern = r"^(?P<title>[^\n]+)\n\n" + "".join(
        rf"{re.escape(heading)}\s*(?P<h{index}>.+?)\s*\n"
        + ("(?=" + re.escape(headings[index + 1]) + ")" if index < 2 else r"(?:\n|\Z)")
        for index, heading in enumerate(headings)
    )
    found = re.search(pattern, doc if doc.endswith("\n") else doc + "\n", re.S | re.M)
    if found is None:
        raise SuiteError(
            f"{name}: the docstring needs a title line, a blank line, then {' / '.join(headings)}"
        )
    title, finds, why, correct = (" ".join(group.split()) for group in found.groups())
    return title, finds, why, correct
