"""One schema compiled: the source of its module and the plain data that goes with it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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
from dmp_certify.packs.schematron.codegen.careful import CarefulBody, literal_documents
from dmp_certify.packs.schematron.codegen.contexts import ContextCompiler, Keys
from dmp_certify.packs.schematron.codegen.lets import Body, placed
from dmp_certify.packs.schematron.codegen.rules import QuickBody
from dmp_certify.packs.schematron.codegen.unit import Pool, Unit
from dmp_certify.packs.schematron.errors import PackRefused, Unsupported
from dmp_certify.packs.schematron.model import Rule, Schema
from dmp_certify.packs.schematron.saxon.extra import outside

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.saxon.rescue import Rescue


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
    saxon: dict[str, Any] = field(default_factory=dict)


def compile_schema(
    schema: Schema, pool: Pool, keys: Keys, rescue: Rescue | None = None
) -> Compiled:
    """The whole schema, or `PackRefused` with the file and line of what is not supported, unless
    `rescue` takes that rule."""
    lets: dict[str, Any] = {}
    for item in schema.globals:
        if item.name in lets:
            raise PackRefused(schema.file, 0, f"the let ${item.name} is defined twice")
        lets[item.name] = item.value
    return _SchemaCompiler(schema, Unit(pool, schema.folder, lets), keys, rescue).run()


class _SchemaCompiler:
    def __init__(self, schema: Schema, unit: Unit, keys: Keys, rescue: Rescue | None) -> None:
        self.schema = schema
        self.unit = unit
        self.rescue = rescue
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
        if self.rescue is not None:
            self.out.saxon = self.rescue.finish()
        return self.out

    def _rule(self, pattern: int, rule: Rule) -> None:
        context = self._refusing(rule, lambda: self.contexts.compile(rule.context))
        lost = isinstance(context, Unsupported)
        body = context if lost else self._refusing(rule, lambda: self._body(rule))
        if self.rescue is not None:
            context, body = self.rescue.settle(self, len(self.out.rules), context, body)
        self.out.rules.append(
            (pattern, tuple(context), rule.context_text, body, rule.file, rule.line)
        )

    def _body(self, rule: Rule) -> int:
        if rule.body in self.bodies:
            return self.bodies[rule.body]
        number = len(self.out.checks)
        careful = CarefulBody(self.unit, f"b{number}", rule.body).source()
        quick = QuickBody(self.unit, f"b{number}", rule.body)
        groups = quick.groups()
        checks = tuple(
            (check.report, check.role, check.ident, literal_documents(self.unit, check, env))
            for check, env in placed(rule.body)
        )
        self.out.groups.append(groups)  # from here on nothing is refused
        self.lines += quick.lines
        self.out.careful.append(zlib.compress("\n".join(careful).encode(), 6))
        self.out.checks.append(checks)
        self.bodies[rule.body] = number
        return number

    def _refusing(self, rule: Rule, work: Callable[[], Any]) -> Any:
        """What `work` makes; what it does not support is refused, or given back for rescue."""
        try:
            return work()
        except RecursionError:
            what = f"rule {rule.context_text[:200]!r}: an expression nested too deeply"
            raise PackRefused(rule.file, rule.line, what) from None
        except Unsupported as fault:
            if self.rescue is None:
                what = f"rule {rule.context_text!r}: {fault}"
                raise outside(rule.file, rule.line, what) from None
            return fault
