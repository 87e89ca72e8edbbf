"""Which rules of a schema go to Saxon, decided while it is compiled.

A rule goes there whole when its context, a let or a check is outside our language. What the engine
then asks is generated like any other function: "does the rule match here?" stands where a context
that we cannot compile would, "what fails?" in place of the body. A rule on `/` that comes after
a context of Saxon's in its pattern goes too: only Saxon knows whether it still may match.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from dmp_certify.packs.schematron.codegen.presence import UNKNOWN
from dmp_certify.packs.schematron.codegen.unit import Pool
from dmp_certify.packs.schematron.errors import PackRefused, Unsupported
from dmp_certify.packs.schematron.model import Let, Rule, Schema
from dmp_certify.packs.schematron.saxon.engine import refusal
from dmp_certify.packs.schematron.saxon.reading import Unread
from dmp_certify.packs.schematron.saxon.stylesheet import SaxonCheck, SaxonRule, Sheet
from dmp_certify.packs.schematron.saxon.texts import Texts
from dmp_certify.packs.schematron.syntax import NodeTest, Path, Step

# A context without one of these words matches elements and the document only.
_OTHER_NODES = frozenset(["@", ".", "attribute", "comment", "processing-instruction", "node"])


class Rescue:
    """The rules of one schema that our engine cannot run. `written` reads the schema again, each
    expression as its text; nothing of it happens unless there is such a rule."""

    def __init__(self, schema: Schema, pool: Pool, written: Callable[[], Schema]) -> None:
        self.schema = schema
        self.pool = pool
        self.rules = [
            (at, rule) for at, pattern in enumerate(schema.patterns) for rule in pattern.rules
        ]
        self.chosen: dict[int, list[SaxonCheck]] = {}
        self.outside: dict[int, None] = {}  # those of the chosen whose context is Saxon's too
        self._uncertain: set[int] = set()
        self._written = written
        self._texts: Texts | None = None

    @property
    def texts(self) -> Texts:
        if self._texts is None:
            self._texts = Texts(self._written(), self.pool.library)
        return self._texts

    # -- while the schema is compiled ----------------------------------------------------------

    def settle(self, compiler: Any, number: int, context: Any, body: Any) -> tuple[Any, int]:
        """The context and body of a rule as compiled, or what asks Saxon in their place."""
        pattern, rule = self.rules[number]
        unread = any(isinstance(item, Let) and isinstance(item.value, Unread) for item in rule.body)
        lost = isinstance(context, Unsupported) or (
            pattern in self._uncertain and ("/",) in context
        )
        if not lost and not unread and not isinstance(body, Unsupported):
            return context, body
        if _is_text(rule):
            what = f"rule {rule.context_text!r}: the ISO skeleton shows no text node to a rule"
            raise PackRefused(rule.file, rule.line, what)
        try:
            self.chosen[number] = self.texts.checks(number)
        except RecursionError:
            raise PackRefused(rule.file, rule.line, "lets nested too deeply") from None
        if lost:
            self.outside[number] = None
            self._uncertain.add(pattern)
            context = self._asking(compiler, number)
        return context, self._asked(compiler, number)

    def _asking(self, compiler: Any, number: int) -> list[Any]:
        """Any element, when Saxon says so."""
        name = self.pool.fresh("p")
        call = f"D.world.saxon.fires(D, n, {self.schema.file!r}, {number})"
        compiler.contexts.lines += [f"def {name}(n, D):", f"    return {call}"]
        return [(("top", ("*", ""), ((UNKNOWN, name),)),)]

    def _asked(self, compiler: Any, number: int) -> int:
        """The number of a body that tells what Saxon found."""
        out, rule, checks = compiler.out, self.rules[number][1], self.chosen[number]
        body = len(out.checks)
        name, where = f"b{body}_0", f"{self.schema.file!r}, {number}"
        compiler.lines += [
            f"def {name}(n, D, r):",
            f"    return D.world.saxon.fails(D, n, r, {where})",
        ]
        careful: list[str] = []
        for at, check in enumerate(checks):
            careful += [
                f"def c{at}(n, D):",
                f"    return D.world.saxon.holds(D, n, {where}, {at}) is not {check.report}",
                f"def m{at}(n, D):",
                f"    return D.world.saxon.says(D, n, {where}, {at})",
            ]
        every = tuple((at, UNKNOWN) for at in range(len(checks)))
        out.groups.append([(name, every, False)] if checks else [])
        out.careful.append(zlib.compress("\n".join(careful).encode(), 6))
        sets = [self.texts.sets(check) for check in checks]
        out.checks.append(
            tuple(
                (check.report, check.role, check.ident, names)
                for check, names in zip(rule.checks, sets, strict=True)
            )
        )
        return body

    # -- once it is ----------------------------------------------------------------------------

    def finish(self) -> dict[str, Any]:
        """What judging needs, as plain data; empty when no rule goes to Saxon.

        A let outside the language that no rule asks for is still shown to Saxon, so that what
        stops the official script stops `pack add`.
        """
        unread = [item.name for item in self.schema.globals if isinstance(item.value, Unread)]
        if not self.chosen and not unread:
            return {}
        for name in unread:
            self.texts.need(name)
        stylesheet = self._stylesheet(self.chosen)
        said = refusal(stylesheet)
        if said:
            self._blame(said, unread)
        if not self.chosen:
            return {}
        places = (self.rules[number][1] for number in self.chosen)
        return {
            "stylesheet": stylesheet,
            "documents": dict(self.texts.documents),
            "outside": tuple(self.outside),
            "rules": tuple(self.chosen),
            "places": tuple(f"{rule.file}:{rule.line}" for rule in places),
        }

    def _stylesheet(self, chosen: dict[int, list[SaxonCheck]]) -> str:
        sheet = Sheet(self.schema.folder, self.texts.namespaces)
        if any("(" in rule.context_text for _, rule in self.rules):
            sheet.walk = "*"  # as the skeleton guesses
        last = {self.rules[number][0]: number for number in sorted(chosen)}
        for number, (pattern, _) in enumerate(self.rules):
            if number > last.get(pattern, -1):
                continue
            context = self.texts.context(number)
            if number in self.outside and context.words & _OTHER_NODES:
                sheet.everywhere.add(pattern)
            made = SaxonRule(number, context, chosen.get(number))
            sheet.patterns.setdefault(pattern, []).append(made)
        sheet.lets = self.texts.lets
        try:
            return sheet.text()
        except Unsupported as fault:
            raise PackRefused(self.schema.file, 0, str(fault)) from None

    def _blame(self, said: str, unread: list[str]) -> None:
        """Refuse the let or the rule that Saxon refuses alone."""
        if unread and refusal(self._stylesheet({})):
            file, line = self.texts.place(unread[0])
            raise PackRefused(file, line, said)
        for number in self.chosen:
            alone = refusal(self._stylesheet({number: self.chosen[number]}))
            if alone:
                rule = self.rules[number][1]
                what = f"rule {rule.context_text!r}: {alone}"
                raise PackRefused(rule.file, rule.line, what)
        raise PackRefused(self.schema.file, 0, said)


def _is_text(rule: Rule) -> bool:
    """Whether the context is a text node: the skeleton never goes there, the rule would be mute."""
    context = rule.context
    if isinstance(context, Path) and context.steps:
        context = context.steps[-1]
    return isinstance(context, Step) and context.test == NodeTest("text")
