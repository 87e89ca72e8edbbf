"""Comparisons: general ones are existential, value ones take one item, kinds decide the rest."""

from __future__ import annotations

from decimal import Decimal

from dmp_certify.packs.schematron.codegen.atoms import unasked
from dmp_certify.packs.schematron.codegen.core import CONDS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.effects import safe
from dmp_certify.packs.schematron.codegen.keeping import kept
from dmp_certify.packs.schematron.codegen.logic import as_boolean
from dmp_certify.packs.schematron.codegen.values import TEXTUAL, Card, Focus, Kind, Val
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import Call, Compare, Dot, Expr, Filter, Lit, Path, Step

_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compare_cond(gen: Gen, expr: Compare, focus: Focus) -> str:
    if not expr.general:
        return _value_compare(gen, expr, focus)
    blank = _blank(gen, expr, focus)
    if blank:
        return blank
    left_loops, right_loops = _is_loop(expr.left), _is_loop(expr.right)
    if right_loops and not left_loops:
        swapped = Compare(_MIRROR[expr.op], True, expr.right, expr.left)
        return _general(gen, swapped, focus, True)
    return _general(gen, expr, focus, left_loops)


def _blank(gen: Gen, expr: Compare, focus: Focus) -> str:
    """`normalize-space(element) = ''`, without the text."""
    call = expr.left
    if expr.op not in ("=", "!=") or expr.right != Lit("") or not isinstance(call, Call):
        return ""
    if call.name != "normalize-space" or len(call.args) > 1:
        return ""
    val = gen.value(call.args[0] if call.args else Dot(), focus)
    if val.kind is not Kind.NODE or val.card is not Card.ONE:
        return ""
    return f"is_blank({val.code})" if expr.op == "=" else f"(not is_blank({val.code}))"


def _any_attribute(gen: Gen, expr: Compare, right: Val, focus: Focus) -> str:
    """`@* = 'text'`, whatever the names."""
    left = expr.left
    if not isinstance(left, Step) or left.axis != "attribute" or left.preds:
        return ""
    one = right.card is Card.ONE and right.kind in TEXTUAL
    if left.test.kind not in ("*", "node") or expr.op != "=" or not one:
        return ""
    return f"({right.code} in {focus.attributes}.values())" if focus.kind is Kind.NODE else ""


def _is_loop(expr: Expr) -> bool:
    """Whether items are better met in a loop than gathered first."""
    if isinstance(expr, Step):
        return bool(expr.preds) or expr.axis != "attribute" or expr.test.kind != "name"
    if isinstance(expr, Filter):
        return _is_loop(expr.of) or bool(expr.preds)
    return isinstance(expr, Path)


def _general(gen: Gen, expr: Compare, focus: Focus, loops: bool) -> str:
    right = gen.atomized(gen.value(expr.right, focus))
    if right.kind is Kind.NONE or right.const == ():
        return "False"
    quick = _any_attribute(gen, expr, right, focus)
    if quick:
        return quick
    folded = gen.unit.fold(gen, expr.left) or (
        kept(gen, expr.left, focus) if safe(expr.left, {}) else None
    )
    if not loops or folded is not None:
        left = gen.atomized(gen.value(expr.left, focus))
        return _values(gen, expr.op, left, right)
    right = gen.name(right)
    flag = gen.temp("f")
    gen.emit(f"{flag} = False")

    def test(item: Focus) -> None:
        val = gen.atomized(Val(item.var, item.kind, Card.ONE))
        code = _one_to_any(gen, expr.op, val, right)
        with gen.block(f"if {code}:"):
            gen.found(flag)

    gen.each(expr.left, focus, test, flag)
    return flag


def _values(gen: Gen, op: str, left: Val, right: Val) -> str:
    if left.kind is Kind.NONE or left.const == ():
        return "False"
    if left.card is Card.MANY and right.card is not Card.MANY:
        left, right, op = right, left, _MIRROR[op]
    if left.card is not Card.MANY:
        left = gen.name(left) if left.card is Card.OPT and not _simple(op, left, right) else left
        return _one_to_any(gen, op, left, right)
    right = gen.name(right)
    flag, var = gen.temp("f"), gen.temp("v")
    gen.emit(f"{flag} = False")
    with gen.loop(f"for {var} in {gen.many(left)}:", flag):
        code = _one_to_any(gen, op, Val(var, left.kind, Card.ONE), right)
        with gen.block(f"if {code}:"):
            gen.found(flag)
    return flag


def _simple(op: str, left: Val, right: Val) -> bool:
    """Equality with known texts: a missing value simply equals none of them."""
    return (
        op == "="
        and left.kind in TEXTUAL
        and right.kind in TEXTUAL
        and (right.const is not None or right.card is Card.ONE)
    )


def _one_to_any(gen: Gen, op: str, left: Val, right: Val) -> str:
    """One item (or none) against one, none or many."""
    if op == "=" and left.kind in TEXTUAL and right.kind in TEXTUAL:
        return _text_equals(gen, left, right)
    if right.card is Card.MANY:
        if right.const is not None and len(right.const) == 1:
            right = Val(repr(right.const[0]), right.kind, Card.ONE)
        else:
            other = Val("x", right.kind, Card.ONE)
            code = f"any({_pair(op, left, other)} for x in {gen.many(right)})"
            return _present(code, left)
    return _present(_pair(op, left, right), left, right)


def _present(code: str, *operands: Val) -> str:
    guards = [f"{v.code} is not None" for v in operands if v.card is Card.OPT]
    return f"({' and '.join([*guards, code])})"


def _text_equals(gen: Gen, left: Val, right: Val) -> str:
    if right.const is not None and right.card is not Card.ONE:
        if len(right.const) == 1:
            return f"({left.code} == {right.const[0]!r})"
        return f"({left.code} in {gen.unit.members(right.const)})"
    if right.card is Card.MANY:
        return _present(f"{left.code} in {right.code}", left)
    if left.card is Card.OPT and right.card is Card.OPT:
        return f"({left.code} is not None and {left.code} == {right.code})"
    return f"({left.code} == {right.code})"


def _pair(op: str, left: Val, right: Val) -> str:
    """The comparison of two items, by their kinds."""
    a, b = left.code, right.code
    kinds = {left.kind, right.kind}
    if kinds == {Kind.NUM} and not (_no_decimal(left) and _no_decimal(right)):
        return f"compared({_PYTHON[op]!r}, {a}, {b})"
    if kinds <= TEXTUAL or kinds in ({Kind.NUM}, {Kind.DT}, {Kind.BOOL}):
        return f"{a} {_PYTHON[op]} {b}"
    if kinds == {Kind.QN} and op in ("=", "!="):
        return f"{a} {_PYTHON[op]} {b}"
    for kind, cast in ((Kind.NUM, "to_double"), (Kind.BOOL, "to_boolean"), (Kind.DT, "date_time")):
        if kind in kinds and Kind.UNT in kinds:
            a = f"{cast}({a})" if left.kind is Kind.UNT else a
            b = f"{cast}({b})" if right.kind is Kind.UNT else b
            if kind is Kind.NUM:
                return _with_number(op, left, right, a, b)
            return f"{a} {_PYTHON[op]} {b}"
    raise Unsupported(f"comparison of {left.kind.value} with {right.kind.value}")


def _no_decimal(val: Val) -> bool:
    """Whether a number is known not to be an xs:decimal with decimals."""
    if val.const is not None:
        return not any(isinstance(item, Decimal) for item in val.const)
    return val.plain


def _with_number(op: str, left: Val, right: Val, a: str, b: str) -> str:
    """A number against an untyped value, a double; beside NaN, that is not even looked at."""
    exact = _no_decimal(left if left.kind is Kind.NUM else right)
    code = f"{a} {_PYTHON[op]} {b}" if exact else f"compared({_PYTHON[op]!r}, {a}, {b})"
    first = left if left.kind is Kind.NUM else right
    if op == "!=" or first.const is not None or not first.code.isidentifier():
        return code
    return f"({first.code} == {first.code} and {code})"


def _sides(gen: Gen, expr: Compare, focus: Focus) -> tuple[Val, Val]:
    """The operands of `eq`, `lt`…: untyped counts as string; the second one is not asked for
    when the first is empty."""
    what = f"operator {expr.op}"
    left = gen.single(gen.value(expr.left, focus), what)
    left = gen.name(left) if left.card is Card.OPT else left
    right = unasked(gen, left, gen.value(expr.right, focus), what)
    right = gen.name(right) if right.card is Card.OPT else right
    found = (left, right)
    return tuple(  # type: ignore[return-value]
        Val(val.code, Kind.STR, val.card) if val.kind in TEXTUAL else val for val in found
    )


def _value_compare(gen: Gen, expr: Compare, focus: Focus) -> str:
    """`eq`, `lt`…: an empty operand makes no comparison."""
    left, right = _sides(gen, expr, focus)
    return _present(_pair(expr.op, left, right), left, right)


def compare_value(gen: Gen, expr: Compare, focus: Focus) -> Val:
    """A comparison as a value: `eq` and its kin give nothing where an operand is empty."""
    if expr.general:
        return as_boolean(gen, expr, focus)
    left, right = _sides(gen, expr, focus)
    absent = [f"{val.code} is None" for val in (left, right) if val.card is Card.OPT]
    code = f"bool({_pair(expr.op, left, right)})"
    if not absent:
        return Val(code, Kind.BOOL, Card.ONE)
    return Val(f"(None if {' or '.join(absent)} else {code})", Kind.BOOL, Card.OPT)


CONDS[Compare] = compare_cond
VALUES[Compare] = compare_value
