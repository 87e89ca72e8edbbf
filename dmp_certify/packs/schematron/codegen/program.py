"""One schema compiled: the source of its module and the plain data that goes with it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# The handlers register themselves when these modules are imported.
from dmp_certify.packs.schematron.codegen import (  # noqa: F401
    atoms,
    compare,
    existence,
    folding,
    functions,
    logic,
    sets,
)
from dmp_certify.packs.schematron.codegen.contexts import ContextCompiler, Keys
from dmp_certify.packs.schematron.codegen.lets import Body, placed
from dmp_certify.packs.schematron.codegen.rules import CarefulBody, QuickBody, literal_documents
from dmp_certify.packs.schematron.codegen.unit import Pool, Unit
from dmp_certify.packs.schematron.errors import PackRefused, Unsupported
from dmp_certify.packs.schematron.model import Rule, Schema


@dataclass(slots=True)
class Compiled:
    """`rules` are (pattern, alternatives, context, body, origin) in pattern and rule order;
    `checks` give, for each body, (report, role, id, value sets) of each check;
    `groups` are, for each body, its functions, the formulas of the checks each runs, and whether
    it reads nothing but the start tag of the element;
    `careful` holds, for each body, the compressed source of its careful functions.
    """

    family: str
    file: str
    source: str = ""
    rules: list[tuple[int, Any, str, int, str, int]] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    checks: list[tuple[tuple[bool, str, str, str], ...]] = field(default_factory=list)
    groups: list[list[tuple[str, tuple[tuple[int, Any], ...], bool]]] = field(default_factory=list)
    careful: list[bytes] = field(default_factory=list)
    regexes: dict[str, tuple[str, str]] = field(default_factory=dict)


def compile_schema(schema: Schema, pool: Pool, keys: Keys) -> Compiled:
    """The whole schema, or `PackRefused` with the file and line of what is not supported."""
    lets: dict[str, Any] = {}
    for item in schema.globals:
        if item.name in lets:
            raise PackRefused(schema.file, 0, f"the let ${item.name} is defined twice")
        lets[item.name] = item.value
    return _SchemaCompiler(schema, Unit(pool, schema.folder, lets), keys).run()


class _SchemaCompiler:
    def __init__(self, schema: Schema, unit: Unit, keys: Keys) -> None:
        self.schema = schema
        self.unit = unit
        self.contexts = ContextCompiler(unit, keys)
        self.bodies: dict[Body, int] = {}
        self.lines: list[str] = []
        self.out = Compiled(schema.family, schema.file)

    def run(self) -> Compiled:
        for at, pattern in enumerate(self.schema.patterns):
            self.out.patterns.append(pattern.ident)
            for rule in pattern.rules:
                self._rule(at, rule)
        lines = [*self.unit.extra, *self.contexts.lines, *self.lines]
        self.out.source = "\n".join(lines) + "\n"
        for (pattern_text, flags), name in self.unit.regexes.items():
            self.out.regexes[name] = (pattern_text, flags)
        return self.out

    def _rule(self, pattern: int, rule: Rule) -> None:
        alternatives = self._refusing(rule, lambda: self.contexts.compile(rule.context))
        if rule.body not in self.bodies:
            self._refusing(rule, lambda: self._body(rule))
        self.out.rules.append(
            (
                pattern,
                tuple(alternatives),
                rule.context_text,
                self.bodies[rule.body],
                rule.file,
                rule.line,
            )
        )

    def _body(self, rule: Rule) -> None:
        number = len(self.bodies)
        careful = CarefulBody(self.unit, f"b{number}", rule.body).source()
        quick = QuickBody(self.unit, f"b{number}", rule.body)
        self.out.groups.append(quick.groups())
        self.lines += quick.lines
        self.out.careful.append(zlib.compress("\n".join(careful).encode(), 6))
        self.out.checks.append(
            tuple(
                (check.report, check.role, check.ident, literal_documents(self.unit, check, env))
                for check, env in placed(rule.body)
            )
        )
        self.bodies[rule.body] = number

    def _refusing(self, rule: Rule, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except RecursionError:
            what = f"rule {rule.context_text[:200]!r}: an expression nested too deeply"
            raise PackRefused(rule.file, rule.line, what) from None
        except Unsupported as fault:
            raise PackRefused(
                rule.file, rule.line, f"rule {rule.context_text!r}: {fault}"
            ) from None
