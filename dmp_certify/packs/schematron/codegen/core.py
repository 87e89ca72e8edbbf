"""The code generator's core: the writer, and dispatch over the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dmp_certify.packs.schematron.codegen.values import (
    TEXTUAL,
    Card,
    Focus,
    Kind,
    Scope,
    Val,
)
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import Expr

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.codegen.unit import Unit


ValueHandler = Callable[["Gen", Any, Focus], Val]
CondHandler = Callable[["Gen", Any, Focus], str]
EachHandler = Callable[["Gen", Any, Focus, Callable[[Focus], None], str], None]
VALUES: dict[type[Expr], ValueHandler] = {}
CONDS: dict[type[Expr], CondHandler] = {}
LOOPS: dict[type[Expr], EachHandler] = {}


MAX_NESTED = 80
MAX_ROUNDS = 17


class Gen:
    """Writes one function. Handlers for each class of the tree live in the other modules."""

    folding = False
    heads: dict[str, str] | None = None

    def __init__(self, unit: Unit, scope: Scope) -> None:
        self.unit = unit
        self.scope = scope
        self.lines: list[tuple[int, str]] = []
        self.depth = 0
        self.temps = 0
        self.loops: list[tuple[str, list[bool]]] = []
        self.nested = self.rounds = 0

    def emit(self, text: str) -> None:
        self.lines.append((self.depth, text))

    def temp(self, prefix: str = "t") -> str:
        self.temps += 1
        return f"{prefix}{self.temps}"

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """An indented block; an empty one holds `pass`. Python nests neither without end."""
        turns = head.startswith("for ")
        self.nested += 1
        self.rounds += turns
        if self.nested > MAX_NESTED or self.rounds > MAX_ROUNDS:
            raise Unsupported("an expression nested too deeply")
        self.emit(head)
        self.depth += 1
        size = len(self.lines)
        yield
        if len(self.lines) == size:
            self.emit("pass")
        self.depth, self.nested = self.depth - 1, self.nested - 1
        self.rounds -= turns

    @contextmanager
    def loop(self, head: str, flag: str) -> Iterator[None]:
        """A `for` that stops, with the loops around it, once `flag` is set."""
        inner = [False]
        self.loops.append((flag, inner))
        with self.block(head):
            yield
            if flag and inner[0]:
                self.emit(f"if {flag}: break")
        self.loops.pop()
        if self.loops and self.loops[-1][0] == flag:
            self.loops[-1][1][0] = True

    def found(self, flag: str) -> None:
        """Set `flag` and leave the innermost loop that serves it."""
        self.emit(f"{flag} = True")
        if self.loops and self.loops[-1][0] == flag:
            self.emit("break")

    def captured(self, work: Callable[[], str]) -> tuple[list[tuple[int, str]], str]:
        """The lines that `work` writes, at depth 0, and what it returns."""
        lines, depth = self.lines, self.depth
        nested, rounds = self.nested, self.rounds
        self.lines, self.depth = [], 0
        self.nested += 1
        try:
            result = work()
            return self.lines, result
        finally:
            self.lines, self.depth = lines, depth
            self.nested, self.rounds = nested, rounds

    def replay(self, lines: list[tuple[int, str]]) -> None:
        self.lines += [(self.depth + depth, text) for depth, text in lines]

    @contextmanager
    def binding(self, name: str, value: Val) -> Iterator[None]:
        before = self.scope
        self.scope = before.bind(name, value)
        yield
        self.scope = before

    def value(self, expr: Expr, focus: Focus) -> Val:
        folded = self.unit.fold(self, expr)
        if folded is not None:
            return folded
        if type(expr) not in VALUES:
            raise Unsupported(f"{type(expr).__name__} as a value")
        return VALUES[type(expr)](self, expr, focus)

    def cond(self, expr: Expr, focus: Focus) -> str:
        """A Python expression for the effective boolean value."""
        if type(expr) in CONDS:
            return CONDS[type(expr)](self, expr, focus)
        return self.truth(self.value(expr, focus))

    def each(self, expr: Expr, focus: Focus, body: Callable[[Focus], None], flag: str = "") -> None:
        """Write loops that call `body` with each item; stop when `flag` is set."""
        if type(expr) in LOOPS:
            LOOPS[type(expr)](self, expr, focus, body, flag)
            return
        self.each_value(self.value(expr, focus), focus, body, flag)

    def each_value(
        self, val: Val, focus: Focus, body: Callable[[Focus], None], flag: str = ""
    ) -> None:
        if val.kind is Kind.NONE:
            return
        var = self.temp("v")
        item = Focus(var, val.kind, root=focus.root, named=val.named)
        if val.card is Card.MANY:
            with self.loop(f"for {var} in {val.code}:", flag):
                body(item)
            return
        self.emit(f"{var} = {val.code}")
        if val.card is Card.ONE:
            body(item)
            return
        with self.block(f"if {var} is not None:"):
            body(item)

    def truth(self, val: Val) -> str:
        """The effective boolean value of a compiled value."""
        kind, card, code = val.kind, val.card, val.code
        if kind is Kind.NONE:
            return "False"
        if kind in (Kind.NODE, Kind.LEAF) and card is Card.OPT:
            return f"({code} is not None)"
        if kind in (Kind.NODE, Kind.LEAF):
            return "True" if card is Card.ONE else f"bool({code})"
        if kind in (Kind.DT, Kind.QN):
            raise Unsupported(f"the truth value of a {kind.value}")
        if card is Card.MANY:
            return f"truth({code})"
        plain = kind is Kind.BOOL and card is Card.ONE
        return code if plain else f"{'is_true' if kind is Kind.NUM else 'bool'}({code})"

    def name(self, val: Val, prefix: str = "t") -> Val:
        """The value under a name, so that its code can be repeated."""
        if val.code.isidentifier() or val.const is not None:
            return val
        var = self.temp(prefix)
        self.emit(f"{var} = {val.code}")
        return val.like(var)

    def atomized(self, val: Val) -> Val:
        """Nodes become untyped values."""
        if val.kind is Kind.LEAF:
            return replace(val, kind=Kind.UNT)
        if val.kind is not Kind.NODE:
            return val
        if val.card is Card.ONE:
            return Val(f"string_value({val.code})", Kind.UNT, Card.ONE)
        if val.card is Card.OPT:
            val = self.name(val)
            code = f"(string_value({val.code}) if {val.code} is not None else None)"
            return Val(code, Kind.UNT, Card.OPT)
        return Val(f"[string_value(n) for n in {val.code}]", Kind.UNT, Card.MANY)

    def single(self, val: Val, what: str) -> Val:
        """At most one item, atomized: XPTY0004 at run time when there are more."""
        if val.kind is Kind.NONE:
            return Val("None", Kind.STR, Card.OPT)
        val = self.atomized(val)
        if val.card is not Card.MANY:
            return val
        if val.const is not None and len(val.const) == 1:
            return Val(repr(val.const[0]), val.kind, Card.ONE, val.const)
        return Val(f"one({val.code}, {what!r})", val.kind, Card.OPT)

    def text(self, val: Val, what: str) -> Val:
        """At most one string; a number or boolean is a static type error."""
        val = self.single(val, what)
        if val.kind not in TEXTUAL:
            raise Unsupported(f"{what} takes a string, not a {val.kind.value}")
        return val

    def many(self, val: Val) -> str:
        """The code of a list with the items."""
        if val.const is not None:
            return self.unit.constant(val.const)
        if val.card is Card.MANY:
            return val.code
        if val.card is Card.ONE:
            return f"[{val.code}]"
        val = self.name(val)
        return f"([{val.code}] if {val.code} is not None else [])"
