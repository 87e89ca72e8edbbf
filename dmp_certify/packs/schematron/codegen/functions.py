"""XPath functions, by name: how each becomes Python."""

from __future__ import annotations

from collections.abc import Callable

from dmp_certify.packs.schematron.codegen.core import CONDS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.existence import exists
from dmp_certify.packs.schematron.codegen.keeping import kept as kept_nodes
from dmp_certify.packs.schematron.codegen.logic import as_boolean, negated
from dmp_certify.packs.schematron.codegen.strings import STRINGS, must
from dmp_certify.packs.schematron.codegen.values import TEXTUAL, Card, Focus, Kind, Val
from dmp_certify.packs.schematron.codegen.walk import in_order
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    Call,
    Dot,
    Expr,
    Filter,
    Lit,
    NodeSet,
    Path,
    Step,
)

Args = tuple[Expr, ...]
Conditions = dict[str, Callable[[Gen, Args, Focus], str]]


def call_cond(gen: Gen, expr: Call, focus: Focus) -> str:
    handler = _CONDITIONS.get(expr.name)
    if handler is not None:
        return handler(gen, expr.args, focus)
    return gen.truth(call_value(gen, expr, focus))


def call_value(gen: Gen, expr: Call, focus: Focus) -> Val:
    if expr.name in _CONDITIONS:
        return as_boolean(gen, expr, focus)
    handler = _FUNCTIONS.get(expr.name) or STRINGS.get(expr.name)
    if handler is None:
        raise Unsupported(f"function {expr.name}() is not supported")
    return handler(gen, expr.args, focus)


def arity(args: Args, low: int, high: int, name: str) -> None:
    if not low <= len(args) <= high:
        raise Unsupported(f"{name}() with {len(args)} arguments")


def _not(gen: Gen, args: Args, focus: Focus) -> str:
    arity(args, 1, 1, "not")
    return negated(gen.cond(args[0], focus))


def _boolean(gen: Gen, args: Args, focus: Focus) -> str:
    arity(args, 1, 1, "boolean")
    return gen.cond(args[0], focus)


def presence(gen: Gen, expr: Expr, focus: Focus) -> str:
    """`exists()`: of nodes like a condition, of values by their number."""
    if isinstance(expr, Path | Step | NodeSet):
        last = expr.steps[-1] if isinstance(expr, Path) and expr.steps else None
        if not isinstance(last, Filter):
            return gen.cond(expr, focus)
    if isinstance(expr, Filter):
        lines, code = gen.captured(lambda: _nodes_only(gen, expr, focus))
        if code:
            gen.replay(lines)
            return code
    val = gen.value(expr, focus)
    if val.kind is Kind.NONE:
        return "False"
    if val.const is not None:
        return str(bool(val.const))
    return {
        Card.ONE: "True",
        Card.OPT: f"({val.code} is not None)",
    }.get(val.card, f"bool({val.code})")


def _nodes_only(gen: Gen, expr: Expr, focus: Focus) -> str:
    try:
        return exists(gen, expr, focus)
    except Unsupported:
        return ""


def _exists(gen: Gen, args: Args, focus: Focus) -> str:
    arity(args, 1, 1, "exists")
    indexed = gen.unit.indexed(gen, args[0], focus)
    return indexed or presence(gen, args[0], focus)


def _empty(gen: Gen, args: Args, focus: Focus) -> str:
    return negated(_exists(gen, args, focus))


def _all_attributes(expr: Expr) -> bool:
    """Whether an expression is `@*`."""
    return isinstance(expr, Step) and expr.axis == "attribute" and expr.test.kind in ("*", "node")


def _count(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 1, 1, "count")
    expr = args[0]
    while isinstance(expr, Filter) and not expr.preds:
        expr = expr.of
    if isinstance(expr, Path | Step):
        steps = expr.steps if isinstance(expr, Path) else (expr,)
        simple = isinstance(expr, Step) and not expr.preds
        if simple and _all_attributes(expr) and focus.kind is Kind.NODE:
            return Val(f"len({focus.attributes})", Kind.NUM, Card.ONE, plain=True)
        kept = kept_nodes(gen, expr, focus)
        if kept is not None:
            return Val(f"len({kept.code})", Kind.NUM, Card.ONE, plain=True)
        if in_order(gen, steps) and steps and not simple:
            total = gen.temp("c")
            gen.emit(f"{total} = 0")
            gen.each(expr, focus, lambda _: gen.emit(f"{total} += 1"))
            return Val(total, Kind.NUM, Card.ONE, plain=True)
    val = gen.value(expr, focus)
    if val.const is not None:
        return Val(str(len(val.const)), Kind.NUM, Card.ONE, (len(val.const),))
    if val.kind is Kind.NONE:
        return Val("0", Kind.NUM, Card.ONE, (0,))
    if val.card is Card.ONE:
        code = "1" if val.kind in (Kind.NODE, Kind.LEAF) else f"len([{val.code}])"
        return Val(code, Kind.NUM, Card.ONE, plain=True)
    if val.card is Card.OPT:
        return Val(f"(0 if {val.code} is None else 1)", Kind.NUM, Card.ONE, plain=True)
    return Val(f"len({val.code})", Kind.NUM, Card.ONE, plain=True)


def _number(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 0, 1, "number")
    val = gen.single(gen.value(args[0] if args else Dot(), focus), "number()")
    if val.kind in TEXTUAL:
        return Val(f"number({val.code})", Kind.NUM, Card.ONE, plain=True)
    if val.kind not in (Kind.NUM, Kind.BOOL):
        raise Unsupported(f"number() of a {val.kind.value}")
    if val.card is Card.ONE:
        return Val(f"float({val.code})", Kind.NUM, Card.ONE, plain=True)
    val = gen.name(val)
    code = f"(float({val.code}) if {val.code} is not None else NAN)"
    return Val(code, Kind.NUM, Card.ONE, plain=True)


def _sum(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 1, 1, "sum")
    val = gen.atomized(gen.value(args[0], focus))
    if val.kind is Kind.UNT:
        return Val(f"total([to_double(x) for x in {gen.many(val)}])", Kind.NUM, Card.ONE)
    if val.kind not in (Kind.NUM, Kind.NONE):
        raise Unsupported(f"sum() of {val.kind.value}")
    return Val(f"total({gen.many(val)})", Kind.NUM, Card.ONE)


def _position(gen: Gen, args: Args, focus: Focus) -> Val:
    if not focus.position:
        raise Unsupported("position() outside a predicate")
    return Val(focus.position, Kind.NUM, Card.ONE, plain=True)


def _last(gen: Gen, args: Args, focus: Focus) -> Val:
    if not focus.last:
        raise Unsupported("last() outside a predicate")
    return Val(focus.last, Kind.NUM, Card.ONE, plain=True)


def _rounded(name: str) -> Callable[[Gen, Args, Focus], Val]:
    def build(gen: Gen, args: Args, focus: Focus) -> Val:
        arity(args, 1, 1, name)
        val = gen.single(gen.value(args[0], focus), f"{name}()")
        if val.kind is Kind.UNT:
            val = gen.name(val)
            code = f"to_double({val.code})"
            if val.card is Card.OPT:
                code = f"({code} if {val.code} is not None else None)"
            val = Val(code, Kind.NUM, val.card)
        if val.kind is not Kind.NUM:
            raise Unsupported(f"{name}() of a {val.kind.value}")
        return Val(f"rounded({name!r}, {val.code})", Kind.NUM, val.card)

    return build


def _distinct(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 1, 1, "distinct-values")
    val = gen.atomized(gen.value(args[0], focus))
    if val.kind is Kind.NONE:
        return val
    return Val(f"distinct({gen.many(val)})", val.kind, Card.MANY)


def _tokenize(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 2, 3, "tokenize")
    vals = [gen.text(gen.value(a, focus), "tokenize()") for a in args]
    parts = [vals[0].code, *(must(val, "tokenize()") for val in vals[1:])]
    return Val(f"tokenize({', '.join(parts)})", Kind.STR, Card.MANY)


def _data(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 0, 1, "data")
    return gen.atomized(gen.value(args[0] if args else Dot(), focus))


def _resolve(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 2, 2, "resolve-QName")
    name = gen.text(gen.value(args[0], focus), "resolve-QName()")
    node = gen.value(args[1], focus)
    if node.kind is not Kind.NODE or node.card is not Card.ONE:
        raise Unsupported("resolve-QName() needs one element")
    return Val(f"resolve_qname({name.code}, {node.code})", Kind.QN, Card.OPT)


def _qname(gen: Gen, args: Args, focus: Focus) -> Val:
    arity(args, 2, 2, "QName")
    texts = [a.value for a in args if isinstance(a, Lit) and isinstance(a.value, str)]
    if len(texts) != 2:
        raise Unsupported("QName() of anything but two literals")
    return Val(repr((texts[0], texts[1].rpartition(":")[2])), Kind.QN, Card.ONE)


def _qname_part(at: int) -> Callable[[Gen, Args, Focus], Val]:
    def build(gen: Gen, args: Args, focus: Focus) -> Val:
        arity(args, 1, 1, "…-from-QName")
        val = gen.name(gen.value(args[0], focus))
        if val.kind is not Kind.QN:
            raise Unsupported("a part of something that is not a QName")
        if val.card is Card.ONE:
            return Val(f"{val.code}[{at}]", Kind.STR, Card.ONE)
        code = f"({val.code}[{at}] if {val.code} is not None else None)"
        return Val(code, Kind.STR, Card.OPT)

    return build


def _true(gen: Gen, args: Args, focus: Focus) -> str:
    return "True"


def _false(gen: Gen, args: Args, focus: Focus) -> str:
    return "False"


_CONDITIONS: Conditions = {
    "not": _not,
    "boolean": _boolean,
    "exists": _exists,
    "empty": _empty,
    "true": _true,
    "false": _false,
}
_FUNCTIONS: dict[str, Callable[[Gen, Args, Focus], Val]] = {
    "count": _count,
    "number": _number,
    "sum": _sum,
    "position": _position,
    "last": _last,
    "floor": _rounded("floor"),
    "ceiling": _rounded("ceiling"),
    "round": _rounded("round"),
    "abs": _rounded("abs"),
    "distinct-values": _distinct,
    "tokenize": _tokenize,
    "data": _data,
    "resolve-QName": _resolve,
    "QName": _qname,
    "namespace-uri-from-QName": _qname_part(0),
    "local-name-from-QName": _qname_part(1),
}
VALUES[Call] = call_value
CONDS[Call] = call_cond
