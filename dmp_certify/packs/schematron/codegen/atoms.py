"""Literals, variables, sequences, arithmetic and casts."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

from dmp_certify.packs.schematron.atomic import CAST_TYPES
from dmp_certify.packs.schematron.codegen.core import CONDS, LOOPS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.logic import as_boolean, joined
from dmp_certify.packs.schematron.codegen.values import NOTHING, TEXTUAL, Card, Focus, Kind, Val
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import Arith, Cast, Dot, Lit, Neg, Seq, Var


def literal(gen: Gen, expr: Lit, focus: Focus) -> Val:
    value = expr.value
    if isinstance(value, str):
        return Val(repr(value), Kind.STR, Card.ONE, (value,))
    if isinstance(value, Decimal):
        return Val(f"Decimal({str(value)!r})", Kind.NUM, Card.ONE)
    if isinstance(value, float) and not math.isfinite(value):
        raise Unsupported("a number too large")
    return Val(repr(value), Kind.NUM, Card.ONE, (value,))


def variable(gen: Gen, expr: Var, focus: Focus) -> Val:
    known = gen.scope.names.get(expr.name)
    if known is None:
        return gen.unit.global_value(gen, expr.name)
    return known


def dot(gen: Gen, expr: Dot, focus: Focus) -> Val:
    return Val(focus.var, focus.kind, Card.ONE, named=focus.named)


def sequence(gen: Gen, expr: Seq, focus: Focus) -> Val:
    vals = [gen.value(item, focus) for item in expr.items]
    vals = [val for val in vals if val.kind is not Kind.NONE]
    if not vals:
        return NOTHING
    if any(v.kind is Kind.NODE for v in vals) and any(v.kind is not Kind.NODE for v in vals):
        vals = [gen.atomized(v) for v in vals]
    kind = vals[0].kind
    for val in vals[1:]:
        kind = joined(Val("", kind, Card.ONE), val)[0]
    if all(v.const is not None for v in vals):
        items = tuple(item for v in vals for item in v.const or ())
        return Val(gen.unit.constant(items), kind, Card.MANY, items)
    parts = []
    for val in vals:
        if val.card is Card.ONE:
            parts.append(val.code)
        else:
            parts.append(f"*{gen.many(val)}")
    return Val(f"[{', '.join(parts)}]", kind, Card.MANY, named=all(v.named for v in vals))


def each_sequence(
    gen: Gen, expr: Seq, focus: Focus, body: Callable[[Focus], None], flag: str
) -> None:
    gen.each_value(sequence(gen, expr, focus), focus, body, flag)


def arithmetic(gen: Gen, expr: Arith, focus: Focus) -> Val:
    left = number(gen, gen.value(expr.left, focus), expr.op)
    left = gen.name(left) if left.card is Card.OPT else left
    asked = unasked(gen, left, gen.value(expr.right, focus), f"operator {expr.op}")
    right = number(gen, asked, expr.op)
    code = f"arithmetic({expr.op!r}, {left.code}, {right.code})"
    card = Card.ONE if left.card is right.card is Card.ONE else Card.OPT
    return Val(code, Kind.NUM, card)


def unasked(gen: Gen, left: Val, right: Val, what: str) -> Val:
    """The right operand as one item at most; how many it has is not asked when the left one is
    empty, as Saxon does."""
    if left.card is not Card.OPT or right.card is not Card.MANY or right.const is not None:
        return gen.single(right, what)
    right = gen.name(gen.atomized(right))
    if right.kind is Kind.NONE:
        return gen.single(right, what)
    code = f"(one({right.code}, {what!r}) if {left.code} is not None else None)"
    return Val(code, right.kind, Card.OPT)


def number(gen: Gen, val: Val, op: str) -> Val:
    """An operand: untyped becomes double, a string is a static type error."""
    val = gen.single(val, f"operator {op}")
    if val.kind is Kind.UNT:
        if val.card is Card.ONE:
            return Val(f"to_double({val.code})", Kind.NUM, Card.ONE, plain=True)
        val = gen.name(val)
        code = f"(to_double({val.code}) if {val.code} is not None else None)"
        return Val(code, Kind.NUM, Card.OPT, plain=True)
    if val.kind is not Kind.NUM:
        raise Unsupported(f"operator {op} on a {val.kind.value}")
    return val


def negation(gen: Gen, expr: Neg, focus: Focus) -> Val:
    if isinstance(expr.of, Lit) and isinstance(expr.of.value, int | float):
        value = -expr.of.value
        return Val(f"({value!r})", Kind.NUM, Card.ONE, (value,))
    val = number(gen, gen.value(expr.of, focus), "-")
    return Val(f"arithmetic('*', -1, {val.code})", Kind.NUM, val.card)


def cast(gen: Gen, expr: Cast, focus: Focus) -> Val:
    if expr.test:
        return as_boolean(gen, expr, focus)
    val = gen.single(gen.value(expr.of, focus), f"xs:{expr.type}()")
    if expr.type == "string":
        if val.kind not in TEXTUAL:
            return Val(f"show({val.code})", Kind.STR, val.card)
        return Val(val.code, Kind.STR, val.card)
    casts = {
        "dateTime": ("date_time", Kind.DT),
        "double": ("to_double", Kind.NUM),
        "boolean": ("to_boolean", Kind.BOOL),
        "integer": ("to_integer", Kind.NUM),
        "decimal": ("to_decimal", Kind.NUM),
    }
    if expr.type not in casts or val.kind not in TEXTUAL:
        raise Unsupported(f"cast of a {val.kind.value} to xs:{expr.type}")
    helper, kind = casts[expr.type]
    if val.card is Card.ONE:
        return Val(f"{helper}({val.code})", kind, Card.ONE)
    if not expr.optional:
        raise Unsupported("cast of a value that may be missing")
    val = gen.name(val)
    code = f"({helper}({val.code}) if {val.code} is not None else None)"
    return Val(code, kind, Card.OPT)


def castable(gen: Gen, expr: Cast, focus: Focus) -> str:
    if not expr.test:
        return gen.truth(cast(gen, expr, focus))
    if expr.type not in CAST_TYPES:
        raise Unsupported(f"castable as xs:{expr.type}")
    val = gen.atomized(gen.value(expr.of, focus))
    if val.kind is Kind.NONE:
        return str(expr.optional)
    if val.kind not in TEXTUAL:
        raise Unsupported(f"castable of a {val.kind.value}")
    if val.card is Card.ONE:
        return f"castable({val.code}, {expr.type!r})"
    val = gen.name(val)
    if val.card is Card.OPT:
        absent = str(expr.optional)
        return f"(castable({val.code}, {expr.type!r}) if {val.code} is not None else {absent})"
    low = 0 if expr.optional else 1
    return (
        f"({low} <= len({val.code}) <= 1 and all(castable(x, {expr.type!r}) for x in {val.code}))"
    )


VALUES.update(
    {
        Lit: literal,
        Var: variable,
        Dot: dot,
        Seq: sequence,
        Arith: arithmetic,
        Neg: negation,
        Cast: cast,
    }
)
LOOPS[Seq] = each_sequence
CONDS[Cast] = castable
