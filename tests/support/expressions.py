"""Rules and documents made at random, to compare two engines on what nobody thought of writing.

Expressions stay within the language and mostly mean something: operands have a kind, variables are
in scope. What is known to differ (`test_saxon_probes.py`) is left out, each place says so; let it
in once it is mended.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from lxml import etree

HL7 = "urn:hl7-org:v3"
NAMES = ("h:a", "h:b", "h:c", "d", "*", "*:a", "h:*")
ATTRIBUTES = ("@n", "@m", "@k")
TEXTS = ("'1'", "'x'", "''", "'a b'", "'2'", "'10'", "' '", "'é'")
PATTERNS = ("'^[a-z]+$'", r"'\d'", "'^$'", "'x|1'")
FIRST_AXES = ("following-sibling::", "preceding-sibling::")
AXES = ("", "", "", "", ".//", "descendant-or-self::", "descendant::", "../", "self::",
        "ancestor::", "ancestor-or-self::", "parent::")  # fmt: skip
CONTEXTS = ("h:a", "h:b", "h:c", "d", "*", "h:*", "*:a")
ABOUT = (". = '1'", "string-length(.) > 1", "matches(., '[0-9]')", ". > '1'")
GENERAL = ("=", "!=", "<", "<=", ">", ">=")


class Maker:
    """Makes rules; the same seed makes the same ones. `depth` bounds how deep operands nest."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.variables: list[tuple[str, str]] = []

    def one(self, *choices: str) -> str:
        return self.random.choice(choices)

    def of(self, *choices: Callable[[], str]) -> str:
        """One choice, the others never made."""
        return self.random.choice(choices)()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def variable(self, kind: str) -> str:
        """A variable of that kind in scope, now and then."""
        known = [name for name, its in self.variables if its == kind]
        return f"${self.one(*known)}" if known and self.chance(0.2) else ""

    # -- nodes -------------------------------------------------------------------------------

    def step(self, depth: int, first: bool) -> str:
        """Siblings only of the context node: of several, they are met more than once."""
        made = self.one(*AXES, *(FIRST_AXES if first else ())) + self.one(*NAMES)
        if depth > 0 and self.chance(0.4):
            place = ("1", "2", "last()", "position() > 1", "position() = last()")
            made += f"[{self.one(*place) if self.chance(0.4) else self.condition(depth - 1)}]"
            if self.chance(0.2):
                made += f"[{self.condition(depth - 1)}]"
        return made

    def path(self, depth: int) -> str:
        """After `//` a child only: from text nodes too, other axes lead on."""
        start = self.one("", "", "", "/*/", "//", "/")
        steps = [
            self.step(depth - 1, at == 0 and not start)
            for at in range(self.random.choice((1, 1, 2, 2, 3)))
        ]
        if start == "//":
            steps.insert(0, self.one(*NAMES))
        return start + "/".join(steps)

    def nodes(self, depth: int) -> str:
        known = self.variable("nodes")
        if known:
            return known + self.one("", "/h:b", "/*/..", "//h:a[@n]", "/..")
        if depth <= 0 or self.chance(0.6):
            return self.path(depth)
        return self.of(
            # operands are paths: `except` of one node stops our engine
            lambda: (
                f"({self.path(depth - 1)} "
                f"{self.one('|', 'union', 'except', 'intersect')} {self.path(depth - 1)})"
            ),
            lambda: f"({self.path(depth - 1)})[{self.one('1', '2', 'last()')}]",
            lambda: f"({self.path(depth - 1)})[{self.condition(depth - 1)}]",
            lambda: f"({self.path(depth - 1)}, {self.path(depth - 1)})",
        )

    def attributes(self, depth: int) -> str:
        name = self.one(*ATTRIBUTES)
        return self.of(
            lambda: name,
            lambda: name,
            lambda: "@*",
            lambda: f"(@* except {name})",
            lambda: f"({name} | {self.one(*ATTRIBUTES)})",
            lambda: (
                f"{name}[{self.one('. = 1', 'string-length(.) > 1', '. > string(..)')}]".replace(
                    ". = 1", ". = '1'"
                )
            ),
            lambda: f"{self.nodes(depth - 1)}/{name}",
        )

    # -- values ------------------------------------------------------------------------------

    def text(self, depth: int) -> str:
        """At most one string."""
        known = self.variable("text")
        if known:
            return known
        plain = (*ATTRIBUTES, "string(.)", "local-name()", "name()", "string(@n)", *TEXTS[:4])
        if depth <= 0 or self.chance(0.4):
            return self.one(*plain)
        inner, other = self.text(depth - 1), self.one(*TEXTS)
        return self.of(
            lambda: f"normalize-space({inner})",
            lambda: f"substring({inner}, {self.number(depth - 1)})",
            lambda: f"substring({inner}, {self.one('0', '1', '2')}, {self.one('1', '2', '3')})",
            lambda: f"{self.one('substring-before', 'substring-after')}({inner}, {other})",
            lambda: f"concat({inner}, {self.text(depth - 1)})",
            lambda: f"translate({inner}, 'ax1', 'b')",
            lambda: f"{self.one('upper-case', 'lower-case')}({inner})",
            lambda: f"replace({inner}, {self.one(*PATTERNS[:2])}, {other})",
            lambda: f"string({self.number(depth - 1)})",
            lambda: f"string-join({self.nodes(depth - 1)}/@n, {other})",
            lambda: f"string(({self.nodes(depth - 1)})[1])",
            lambda: f"(if ({self.condition(depth - 1)}) then {inner} else {self.text(depth - 1)})",
        )

    def number(self, depth: int) -> str:
        """Whole numbers and doubles: a decimal beside a double differs."""
        known = self.variable("number")
        if known:
            return known
        if depth <= 0 or self.chance(0.3):
            return self.one("0", "1", "2", "3", "count(*)", "string-length(@n)")
        return self.of(
            lambda: f"count({self.nodes(depth - 1)})",
            lambda: f"count({self.nodes(depth - 1)}/@n)",
            lambda: f"string-length({self.text(depth - 1)})",
            lambda: f"number({self.text(depth - 1)})",
            lambda: (
                f"({self.number(depth - 1)} {self.one('+', '-', '*')} {self.number(depth - 1)})"
            ),
            lambda: f"sum(for $s in {self.one('*', './/h:a')} return string-length($s))",
            lambda: (
                f"(if ({self.condition(depth - 1)}) then {self.number(depth - 1)} "
                f"else {self.number(depth - 1)})"
            ),
        )

    def condition(self, depth: int) -> str:
        known = self.variable("condition")
        if known:
            return known
        if depth <= 0:
            return self.one(*ATTRIBUTES, "@n = '1'", "h:a", "not(@m)", "@m = ('x', '1')", "text()")
        less = depth - 1
        sign = self.one(*GENERAL)
        return self.of(
            lambda: f"{self.attributes(depth)} {sign} {self.one(*TEXTS)}",
            lambda: f"{self.text(less)} {sign} {self.text(less)}",
            lambda: f"{self.number(less)} {sign} {self.number(less)}",
            lambda: f"{self.attributes(less)} {sign} {self.attributes(less)}",
            lambda: f"{self.number(less)} {self.one('gt', 'le', 'eq', 'ne')} {self.number(less)}",
            lambda: f"{self.one(*ATTRIBUTES)} {self.one('eq', 'ne', 'lt')} {self.text(0)}",
            lambda: f"not({self.condition(less)})",
            lambda: f"({self.condition(less)} {self.one('and', 'or')} {self.condition(less)})",
            lambda: (
                f"({self.condition(less)} or {self.condition(less)} and {self.condition(less)})"
            ),
            lambda: self.nodes(depth),
            lambda: self.nodes(depth),
            lambda: self.attributes(less),
            lambda: f"exists({self.nodes(less)})",
            lambda: f"empty({self.attributes(less)})",
            lambda: f"contains({self.text(less)}, {self.one(*TEXTS)})",
            lambda: f"matches({self.text(less)}, {self.one(*PATTERNS)})",
            lambda: (
                f"{self.one(*ATTRIBUTES)} castable as xs:{self.one('integer', 'date', 'double')}"
            ),
            lambda: self.quantified(less),
            lambda: self.quantified(less),
        )

    def quantified(self, depth: int) -> str:
        name = f"v{self.random.randint(1, 9)}"
        nodes = self.chance(0.6)
        source = self.path(depth) if nodes else self.one("@*", "tokenize(@n, ' ')", "(@n, @m)")
        bound = (name, "nodes" if nodes else "text")
        self.variables.append(bound)
        held = self.of(
            lambda: f"${name} = {self.one(*TEXTS)}",
            lambda: self.condition(depth),
            lambda: f"${name}/@n != {self.text(depth)}" if nodes else f"${name} < {self.text(0)}",
        )
        self.variables.remove(bound)
        return f"({self.one('every', 'some')} ${name} in {source} satisfies {held})"

    def said(self, depth: int) -> str:
        """What a message says: whatever has an order and a space between its parts."""
        forward = self.one("*", "h:a", ".//h:b", "*[@n]/h:a", "descendant-or-self::*")
        return self.of(
            lambda: self.text(depth),
            lambda: self.number(depth),
            lambda: f"boolean({self.condition(depth)})",
            lambda: self.one("@*", "(@n | @k)", "distinct-values(.//@n)"),
            lambda: f"for $f in {forward} return {self.one('name($f)', '$f/@n', 'count($f/*)')}",
            lambda: f"{forward}/{self.one('name()', 'count(*)', 'concat(@n, @m)')}",
            lambda: f"{self.nodes(depth)}/{self.one(*ATTRIBUTES)}",
        )

    # -- rules -------------------------------------------------------------------------------

    def context(self) -> str:
        steps = []
        for _ in range(self.random.choice((1, 1, 2, 2, 3))):
            asked = self.one("1", "2", "last()") if self.chance(0.3) else self.condition(1)
            steps.append(self.one(*CONTEXTS) + (f"[{asked}]" if self.chance(0.5) else ""))
        made = self.one("", "", "/", "//", "/*/") + self.one("/", "//").join(steps)
        return f"{made} | {self.one(*CONTEXTS)}" if self.chance(0.15) else made

    def rule(self) -> str:
        """A rule with lets, asserts and reports."""
        self.variables = []
        context, out = self.context(), []
        kinds = {
            "nodes": self.nodes,
            "text": self.text,
            "number": self.number,
            "condition": self.condition,
        }
        for _ in range(self.random.randint(0, 3)):
            kind = self.one(*kinds)
            name = self.one("x", "y", "z")
            out.append(f'<let name="{name}" value={quoteattr(kinds[kind](2))}/>')
            self.variables = [each for each in self.variables if each[0] != name]
            self.variables.append((name, kind))
        for at in range(self.random.randint(1, 4)):
            tag, message = self.one("assert", "report"), quoteattr(self.said(2))
            test = quoteattr(self.condition(3))
            out.append(f"<{tag} test={test}>m{at} <value-of select={message}/></{tag}>")
        return f"<rule context={quoteattr(context)}>{''.join(out)}</rule>"


def schema(rule: str) -> str:
    """A schema of one rule."""
    return (
        '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">'
        f'<ns prefix="h" uri="{HL7}"/><ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>'
        f'<pattern id="p">{rule}</pattern></schema>'
    )


def document(seed: int, depth: int) -> bytes:
    """A small tree of the names and attributes that rules ask for."""
    source = random.Random(seed)
    values = ("", "1", "2", "10", "x", "a b", " x", "-1", "é", "2023-01-02", "true")

    def node(left: int) -> etree._Element:
        name = source.choice((f"{{{HL7}}}a", f"{{{HL7}}}b", f"{{{HL7}}}c", "d"))
        made = etree.Element(name, nsmap=None if name == "d" else {None: HL7})  # type: ignore[dict-item]
        for attribute in source.sample(ATTRIBUTES, source.randint(0, 3)):
            made.set(attribute[1:], source.choice(values))
        if source.random() < 0.4:
            made.text = source.choice(("1", "x", " ", "a b", "\n"))
        for _ in range(source.randint(1, 4) if left else 0):
            below = node(left - 1)
            made.append(below)
            if source.random() < 0.2:
                below.tail = source.choice(("t", " ", "2"))
            if source.random() < 0.05:
                made.append(etree.Comment("c"))
        return made

    return etree.tostring(node(depth))
