"""Conditions: and, or, not, quantifiers, if, existence of unions."""

from __future__ import annotations

from collections.abc import Callable

from dmp_certify.packs.schematron.codegen.core import CONDS, LOOPS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.keeping import kept_breaches
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Val
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    And,
    Call,
    Expr,
    Filter,
    For,
    If,
    Or,
    Quant,
    Step,
    Var,
)


def _chain(gen: Gen, items: tuple[Expr, ...], focus: Focus, word: str) -> str:
    """`and`/`or` with short circuit: an operand that needs statements goes under an `if`."""
    result = ""
    for item in items:
        lines, code = gen.captured(lambda item=item: gen.cond(item, focus))  # type: ignore[misc]
        if not lines:
            result = f"{result} {word} {code}" if result else code
            continue
        if not result:
            gen.replay(lines)
            result = code
            continue
        flag = gen.temp("f")
        gen.emit(f"{flag} = {result}")
        with gen.block(f"if {flag}:" if word == "and" else f"if not {flag}:"):
            gen.replay(lines)
            gen.emit(f"{flag} = {code}")
        result = flag
    return f"({result})" if " " in result else result


def or_cond(gen: Gen, expr: Or, focus: Focus) -> str:
    return _chain(gen, expr.items, focus, "or")


def and_cond(gen: Gen, expr: And, focus: Focus) -> str:
    return _chain(gen, expr.items, focus, "and")


def as_boolean(gen: Gen, expr: Expr, focus: Focus) -> Val:
    """A condition used as a value."""
    code = gen.cond(expr, focus)
    return Val(f"bool({code})" if code != "True" and code != "False" else code, Kind.BOOL, Card.ONE)


def negated(code: str) -> str:
    return f"(not {code})"


def quantified(gen: Gen, expr: Quant, focus: Focus) -> str:
    """`some` looks for one that holds, `every` for one that does not."""
    marked = _marked(expr) if expr.every and focus.kind is Kind.NODE else ""
    breaches = kept_breaches(gen, expr, marked) if marked and focus.root == "D.root" else ""
    if breaches:
        return f"(not breached({breaches}(D), {focus.var}))"
    flag = gen.temp("f")
    gen.emit(f"{flag} = False")

    def test(item: Focus) -> None:
        with gen.binding(expr.var, Val(item.var, item.kind, Card.ONE, named=item.named)):
            code = gen.cond(expr.body, focus)
        with gen.block(f"if {negated(code) if expr.every else code}:"):
            gen.found(flag)

    if marked:
        var = gen.temp("n")
        doc = focus.root.rpartition(".")[0]
        with gen.loop(f"for {var} in with_attribute({doc}, {focus.var}, {marked!r}):", flag):
            test(Focus(var, Kind.NODE, root=focus.root))
    else:
        gen.each(expr.source, focus, test, flag)
    return f"(not {flag})" if expr.every else flag


def _marked(expr: Quant) -> str:
    """The attribute A of `every $e in descendant-or-self::* satisfies $e[not(@A) or …]`.

    The elements without A satisfy it: only the others are looked at.
    """
    source, body = expr.source, expr.body
    if not isinstance(source, Step) or source.axis != "descendant-or-self" or source.preds:
        return ""
    if source.test.kind != "*" or not isinstance(body, Filter) or body.of != Var(expr.var):
        return ""
    if len(body.preds) != 1 or not isinstance(body.preds[0], Or):
        return ""
    first = body.preds[0].items[0]
    if not isinstance(first, Call) or first.name != "not" or len(first.args) != 1:
        return ""
    asked = first.args[0]
    if not isinstance(asked, Step) or asked.axis != "attribute" or asked.preds:
        return ""
    return asked.test.name if asked.test.kind == "name" else ""


def if_cond(gen: Gen, expr: If, focus: Focus) -> str:
    flag = gen.temp("f")
    code = gen.cond(expr.cond, focus)
    with gen.block(f"if {code}:"):
        gen.emit(f"{flag} = {gen.cond(expr.then, focus)}")
    with gen.block("else:"):
        gen.emit(f"{flag} = {gen.cond(expr.other, focus)}")
    return flag


def joined(left: Val, right: Val) -> tuple[Kind, Card]:
    """The kind and number of items of a value that is one or the other."""
    if left.kind is Kind.NONE:
        return right.kind, Card.OPT if right.card is Card.ONE else right.card
    if right.kind is Kind.NONE:
        return left.kind, Card.OPT if left.card is Card.ONE else left.card
    cards = (left.card, right.card)
    card = Card.MANY if Card.MANY in cards else Card.OPT if Card.OPT in cards else Card.ONE
    if left.kind is right.kind:
        return left.kind, card
    text = {Kind.LEAF, Kind.UNT, Kind.STR, Kind.MIX}
    if left.kind in text and right.kind in text:
        return Kind.MIX, card
    raise Unsupported(f"one sequence of {left.kind.value} and {right.kind.value}")


def shaped(gen: Gen, val: Val, card: Card) -> str:
    """The code of `val` in the shape of a wider `card`."""
    if val.kind is Kind.NONE:
        return "[]" if card is Card.MANY else "None"
    return gen.many(val) if card is Card.MANY else val.code


def if_value(gen: Gen, expr: If, focus: Focus) -> Val:
    code = gen.cond(expr.cond, focus)
    branches: list[tuple[list[tuple[int, str]], Val]] = []
    for part in (expr.then, expr.other):
        held: list[Val] = []

        def work(part: Expr = part, held: list[Val] = held) -> str:
            held.append(gen.value(part, focus))
            return ""

        lines, _ = gen.captured(work)
        branches.append((lines, held[0]))
    kind, card = joined(branches[0][1], branches[1][1])
    if code == "False" or code == "True":
        lines, val = branches[0] if code == "True" else branches[1]
        gen.replay(lines)
        return val
    result = gen.temp("v")
    for head, (lines, val) in zip((f"if {code}:", "else:"), branches, strict=True):
        with gen.block(head):
            gen.replay(lines)
            gen.emit(f"{result} = {shaped(gen, val, card)}")
    return Val(result, kind, card)


def each_for(gen: Gen, expr: For, focus: Focus, body: Callable[[Focus], None], flag: str) -> None:
    def inner(item: Focus) -> None:
        with gen.binding(expr.var, Val(item.var, item.kind, Card.ONE, named=item.named)):
            gen.each(expr.body, focus, body, flag)

    gen.each(expr.source, focus, inner, flag)


def collected(gen: Gen, expr: Expr, focus: Focus) -> Val:
    """The items of loops, as a list."""
    items = gen.temp("l")
    gen.emit(f"{items} = []")
    vals: list[Val] = []

    def keep(item: Focus) -> None:
        val = Val(item.var, item.kind, Card.ONE, named=item.named)
        vals.append(val)
        gen.emit(f"{items}.append({item.var})")

    gen.each(expr, focus, keep)
    if not vals:
        return Val(items, Kind.STR, Card.MANY)
    kind = vals[0].kind
    for val in vals[1:]:
        kind = joined(Val("", kind, Card.ONE), val)[0]
    return Val(items, kind, Card.MANY)


def not_call(gen: Gen, expr: Call, focus: Focus) -> str:
    return negated(gen.cond(expr.args[0], focus))


CONDS.update({Or: or_cond, And: and_cond, Quant: quantified, If: if_cond})
VALUES.update({Or: as_boolean, And: as_boolean, Quant: as_boolean, If: if_value, For: collected})
LOOPS.update({For: each_for})
