"""`union`, `except` and `intersect`, of elements and of attributes of one element."""

from __future__ import annotations

from collections.abc import Callable

from dmp_certify.packs.schematron.codegen.axes import name_test
from dmp_certify.packs.schematron.codegen.core import CONDS, LOOPS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.existence import exists
from dmp_certify.packs.schematron.codegen.logic import or_cond
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Val
from dmp_certify.packs.schematron.codegen.walk import nodes_value
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    Expr,
    Filter,
    NodeSet,
    NodeTest,
    Or,
    Path,
    Step,
)

Body = Callable[[Focus], None]


def operands(expr: Expr) -> list[Expr]:
    """The members of a union, nested ones included."""
    if isinstance(expr, Filter) and not expr.preds:
        return operands(expr.of)
    if isinstance(expr, NodeSet) and expr.op == "union":
        return operands(expr.left) + operands(expr.right)
    return [expr]


def attribute_steps(expr: Expr) -> list[Step] | None:
    """The operands when all are attributes of the context element."""
    found = []
    for item in operands(expr):
        if not isinstance(item, Step) or item.axis != "attribute":
            return None
        found.append(item)
    return found


def set_cond(gen: Gen, expr: NodeSet, focus: Focus) -> str:
    if expr.op == "union":
        return or_cond(gen, Or(tuple(operands(expr))), focus)
    return exists(gen, expr, focus)


def each_set(gen: Gen, expr: NodeSet, focus: Focus, body: Body, flag: str) -> None:
    steps = attribute_steps(expr.left)
    other = attribute_steps(expr.right)
    if steps is not None and other is not None and expr.op != "union":
        _attributes(gen, steps, other, expr.op == "except", focus, body, flag)
        return
    if expr.op == "union" and flag:
        for item in operands(expr):
            with gen.block(f"if not {flag}:"):
                gen.each(item, focus, body, flag)
        if gen.loops and gen.loops[-1][0] == flag:
            gen.emit(f"if {flag}: break")
        return
    gen.each_value(set_value(gen, expr, focus), focus, body, flag)


def _attributes(
    gen: Gen,
    steps: list[Step],
    other: list[Step],
    outside: bool,
    focus: Focus,
    body: Body,
    flag: str,
) -> None:
    """Attributes in `steps` and (not) in `other`: one pass over the attributes."""
    focus.need_node()
    key, var = gen.temp("k"), gen.temp("s")
    with gen.loop(f"for {key}, {var} in {focus.attributes}.items():", flag):
        item = Focus(var, Kind.LEAF, root=focus.root)
        inside = _belongs(gen, other, key, item)
        code = f"not {inside}" if outside else inside
        wanted = _belongs(gen, steps, key, item)
        if wanted != "True":
            code = f"{wanted} and {code}"
        with gen.block(f"if {code}:"):
            named = gen.temp("s")

            def write(name: str = named) -> str:
                body(Focus(name, Kind.LEAF, root=focus.root, named=True))
                return name

            lines, _ = gen.captured(write)
            if any(named in text for _, text in lines):  # most only ask whether there is one
                gen.emit(f"{named} = named_attribute({focus.var}, {key}, {var})")
            gen.replay(lines)


def _belongs(gen: Gen, steps: list[Step], key: str, item: Focus) -> str:
    """Whether the attribute `key` with value `item` is selected by one of `steps`."""
    plain = tuple(s.test.name for s in steps if s.test.kind == "name" and not s.preds)
    parts = [f"{key} in {gen.unit.members(plain)}"] if plain else []
    for step in steps:
        if step.test.kind == "name" and not step.preds:
            continue
        if step.test.kind in ("*", "node") and not step.preds:
            return "True"
        test = name_test(step.test, key)
        lines, code = gen.captured(lambda step=step: _all(gen, step.preds, item))  # type: ignore[misc]
        if lines:
            raise Unsupported("a predicate of this kind on an attribute in `except`")
        parts.append(f"({test} and {code})" if code != "True" else test)
    return f"({' or '.join(parts)})"


def _all(gen: Gen, preds: tuple[Expr, ...], item: Focus) -> str:
    codes = [gen.cond(pred, item) for pred in preds]
    return " and ".join(codes) if codes else "True"


def set_value(gen: Gen, expr: NodeSet, focus: Focus) -> Val:
    attributes = attribute_steps(expr.left), attribute_steps(expr.right)
    if expr.op != "union" and None not in attributes:
        items = gen.temp("l")
        gen.emit(f"{items} = []")
        each_set(gen, expr, focus, lambda i: gen.emit(f"{items}.append({i.var})"), "")
        return Val(items, Kind.LEAF, Card.MANY, named=True)
    if expr.op == "union":
        return _union(gen, expr, focus)
    left = nodes_value(gen, expr.left, focus)
    right = nodes_value(gen, expr.right, focus)
    if left.kind is not Kind.NODE or right.kind is not Kind.NODE:
        raise Unsupported(f"{expr.op} of something other than elements")
    ids = gen.temp("i")
    gen.emit(f"{ids} = {{n[5] for n in {gen.many(right)}}}")
    word = "not in" if expr.op == "except" else "in"
    code = f"in_order([n for n in {gen.many(left)} if n[5] {word} {ids}])"
    return Val(code, Kind.NODE, Card.MANY)


def _union(gen: Gen, expr: NodeSet, focus: Focus) -> Val:
    parts = operands(expr)
    others = other_siblings(gen, parts, focus)
    if others:
        return Val(others, Kind.NODE, Card.MANY)
    if all(_leafy(part) for part in parts):
        doc = focus.root.rpartition(".")[0]
        groups = [_leaves(gen, part, focus, doc) for part in parts]
        return Val(f"merged({', '.join(groups)})", Kind.LEAF, Card.MANY)
    lists = []
    for part in parts:
        val = nodes_value(gen, part, focus)
        if val.kind is not Kind.NODE:
            raise Unsupported("a union of elements and other nodes")
        lists.append(f"*{gen.many(val)}")
    return Val(f"in_order([{', '.join(lists)}])", Kind.NODE, Card.MANY)


def _leafy(expr: Expr) -> bool:
    last = expr.steps[-1] if isinstance(expr, Path) and expr.steps else expr
    if not isinstance(last, Step) or last.preds:
        return False
    if last.axis == "attribute":
        return last.test.kind == "name"
    return last.test.kind == "text" and last.axis in ("child", "descendant")


def _leaves(gen: Gen, expr: Expr, focus: Focus, doc: str) -> str:
    """Code for the keyed leaves that one operand selects."""
    steps: tuple[Step | Filter, ...] = expr.steps if isinstance(expr, Path) else (expr,)  # type: ignore[assignment]
    last = steps[-1]
    assert isinstance(last, Step)
    before = steps[:-1]
    if last.axis == "descendant":
        before = (*before, Step("descendant-or-self", NodeTest("node")))
    absolute = isinstance(expr, Path) and expr.absolute
    owner = nodes_value(gen, Path(absolute, before or (Step("self", NodeTest("node")),)), focus)
    attr = repr(last.test.name) if last.axis == "attribute" else "None"
    return f"leaves({doc}, {gen.many(owner)}, {attr})"


def other_siblings(gen: Gen, parts: list[Expr], focus: Focus) -> str:
    """Code for `preceding-sibling::*[P] | following-sibling::*[P]` where P asks the same name."""
    if len(parts) != 2 or focus.kind is not Kind.NODE:
        return ""
    first, second = parts
    if not (isinstance(first, Step) and isinstance(second, Step)):
        return ""
    if {first.axis, second.axis} != {"preceding-sibling", "following-sibling"}:
        return ""
    if first.preds != second.preds or first.test != second.test or first.test.kind != "*":
        return ""
    if len(first.preds) == 1 and gen.unit.asks_same_name(gen, first.preds[0], focus):
        return f"same_name_siblings({focus.var})"
    return ""


CONDS[NodeSet] = set_cond
VALUES[NodeSet] = set_value
LOOPS[NodeSet] = each_set
