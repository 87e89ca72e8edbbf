"""A Schematron schema after inclusion and expansion: what is left to compile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dmp_certify.packs.schematron.syntax import Expr


@dataclass(frozen=True, slots=True)
class Let:
    name: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Check:
    """An assert or a report. `message` holds plain text and expressions (`value-of`)."""

    report: bool
    test: Expr
    role: str
    message: tuple[str | Expr, ...]
    ident: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`body` keeps lets and checks in their order: a let may shadow an earlier one."""

    context: Expr
    context_text: str
    body: tuple[Let | Check, ...]
    file: str
    line: int
    body_line: int = 0

    @property
    def checks(self) -> Iterator[Check]:
        return (item for item in self.body if isinstance(item, Check))


@dataclass(slots=True)
class Pattern:
    ident: str
    rules: list[Rule] = field(default_factory=list)


@dataclass(slots=True)
class Schema:
    """`family` names the schema in findings; `folder` is where `document()` starts from.

    `globals` are the lets of the schema and of its active patterns, in order.
    """

    family: str
    file: str
    folder: str
    namespaces: dict[str, str] = field(default_factory=dict)
    globals: list[Let] = field(default_factory=list)
    patterns: list[Pattern] = field(default_factory=list)
