"""Paths as loops: axes, node tests, predicates, and when order or duplicates must be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dmp_certify.packs.schematron.codegen.axes import INNER_NODE, each_on_axis
from dmp_certify.packs.schematron.codegen.core import LOOPS, VALUES, Gen
from dmp_certify.packs.schematron.codegen.effects import safe
from dmp_certify.packs.schematron.codegen.inspect import is_positional, step_kind
from dmp_certify.packs.schematron.codegen.keeping import kept as kept_nodes
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Val
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    ANY_NODE,
    Call,
    Expr,
    Filter,
    Lit,
    Path,
    Step,
)

Body = Callable[[Focus], None]


_ANYWHERE = Step("descendant-or-self", ANY_NODE)


def each_path(gen: Gen, path: Path, focus: Focus, body: Body, flag: str) -> None:
    if path.absolute:
        kept = kept_nodes(gen, path, focus) if not flag or safe(path, {}) else None
        if kept is not None:
            gen.each_value(kept, focus, body, flag)
            return
        focus = Focus(focus.root, Kind.NODE, root=focus.root)
    steps = joined(gen, path.steps)
    if not flag and not in_order(gen, steps):  # each node once, and in order
        gen.each_value(nodes_value(gen, path, focus), focus, body, flag)
        return
    walk(gen, steps, focus, body, flag)


def joined(gen: Gen, steps: tuple[Step | Filter, ...]) -> tuple[Step | Filter, ...]:
    """`//x[P]` as one descendant step, where no predicate counts places."""
    out: list[Step | Filter] = []
    for step in steps:
        if (
            out
            and out[-1] == _ANYWHERE
            and isinstance(step, Step)
            and step.axis in ("child", "descendant")
            and step.test.kind in ("name", "any-local", "*")
            and not any(is_positional(gen, pred) for pred in step.preds)
        ):
            out[-1] = Step("descendant", step.test, step.preds)
        else:
            out.append(step)
    return tuple(out)


def walk(gen: Gen, steps: tuple[Step | Filter, ...], focus: Focus, body: Body, flag: str) -> None:
    """Loops over `steps` from `focus`; duplicates and order are the caller's concern."""
    if not steps:
        body(focus)
        return
    head, rest = steps[0], steps[1:]
    if not rest:
        gen.each(head, focus, body, flag)
        return
    if isinstance(head, Step) and head.test == ANY_NODE and _only_elements(rest[0]):
        head = Step(head.axis, INNER_NODE, head.preds)
    gen.each(head, focus, lambda item: walk(gen, rest, item, body, flag), flag)


def _only_elements(step: Step | Filter) -> bool:
    """Whether a step leads nowhere from text nodes and comments: they can be left out before."""
    return isinstance(step, Step) and (
        step.axis in ("child", "attribute", "descendant")
        or (step.axis in ("self", "descendant-or-self") and step.test.kind not in ("node", "text"))
    )


def each_step(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    at = next((i for i, p in enumerate(step.preds) if is_positional(gen, p)), None)
    if at is None:
        each_on_axis(gen, step, focus, lambda item: _filtered(gen, step.preds, item, body), flag)
        return
    items = gen.temp("l")
    gen.emit(f"{items} = []")
    bare = Step(step.axis, step.test, step.preds[:at])
    each_step(gen, bare, focus, lambda item: gen.emit(f"{items}.append({item.var})"), "")
    if step.axis in ("preceding-sibling", "ancestor", "ancestor-or-self"):
        gen.emit(f"{items}.reverse()")
    kind = step_kind(step)
    positional(gen, Val(items, kind, Card.MANY), step.preds[at:], focus, body, flag)


def positional(
    gen: Gen, items: Val, preds: tuple[Expr, ...], focus: Focus, body: Body, flag: str
) -> None:
    """Apply predicates to a list by place, the first one at least."""
    pred, rest = preds[0], preds[1:]
    items = gen.name(items)
    kept = gen.temp("l")
    if isinstance(pred, Lit) and isinstance(pred.value, int):
        place = pred.value
        gen.emit(f"{kept} = {items.code}[{place - 1}:{place}]" if place > 0 else f"{kept} = []")
    else:
        var, place_var = gen.temp("v"), gen.temp("p")
        gen.emit(f"{kept} = []")
        with gen.block(f"for {place_var}, {var} in enumerate({items.code}, 1):"):
            inner = Focus(
                var,
                items.kind,
                position=place_var,
                last=f"len({items.code})",
                root=focus.root,
                named=items.named,
            )
            from dmp_certify.packs.schematron.codegen.inspect import is_numeric

            if is_numeric(gen, pred):
                code = f"{gen.value(pred, inner).code} == {place_var}"
            else:
                code = gen.cond(pred, inner)
            with gen.block(f"if {code}:"):
                gen.emit(f"{kept}.append({var})")
    result = items.like(kept)
    if rest:
        positional(gen, result, rest, focus, body, flag)
    else:
        gen.each_value(result, focus, body, flag)


def _filtered(gen: Gen, preds: tuple[Expr, ...], item: Focus, body: Body) -> None:
    if not preds:
        body(item)
        return
    code = gen.cond(preds[0], item)
    if code == "False":
        return
    if code == "True":
        _filtered(gen, preds[1:], item, body)
        return
    with gen.block(f"if {code}:"):
        _filtered(gen, preds[1:], item, body)


def each_filter(gen: Gen, expr: Filter, focus: Focus, body: Body, flag: str) -> None:
    if any(is_positional(gen, p) for p in expr.preds):
        source = nodes_value(gen, expr.of, focus)
        if source.card is not Card.MANY or source.const is not None:
            source = replace(source, code=gen.many(source), card=Card.MANY, const=None)
        positional(gen, source, expr.preds, focus, body, flag)
        return
    gen.each(expr.of, focus, lambda item: _filtered(gen, expr.preds, item, body), flag)


def in_order(gen: Gen, steps: tuple[Step | Filter, ...]) -> bool:
    """Whether loops over `steps` meet each node once and in document order."""
    nested = False
    for at, step in enumerate(steps):
        if isinstance(step, Filter):
            if at == 0 and isinstance(step.of, Call) and step.of.name in ("doc", "document"):
                continue
            return False
        if step.axis in ("parent", "ancestor", "ancestor-or-self"):
            return at == 0 and all(
                isinstance(one, Step) and one.axis == "attribute" for one in steps[1:]
            )
        if step.axis in ("preceding-sibling", "following-sibling") and at > 0:
            return False
        if nested and step.axis not in ("attribute", "self"):
            return False
        if step.axis.startswith("descendant"):
            nested = True
        if step.axis in ("preceding-sibling", "following-sibling"):
            nested = True
    return True


def nodes_value(gen: Gen, expr: Expr, focus: Focus) -> Val:
    """The items of a path as a list: nodes in document order and without duplicates."""
    if not isinstance(expr, Path | Step):
        return gen.value(expr, focus)
    kept = kept_nodes(gen, expr, focus)
    if kept is not None:
        return kept
    steps = joined(gen, expr.steps if isinstance(expr, Path) else (expr,))
    ordered = in_order(gen, steps)
    last = steps[-1] if steps else None
    leafy = isinstance(last, Filter) or (last is not None and step_kind(last) is Kind.LEAF)
    if not ordered and leafy and len(steps) > 1:
        return _mended(gen, expr, focus)
    items = gen.temp("l")
    gen.emit(f"{items} = []")
    kinds: list[tuple[Kind, bool]] = []

    def keep(item: Focus) -> None:
        kinds.append((item.kind, item.named))
        gen.emit(f"{items}.append({item.var})")

    if isinstance(expr, Path):
        start = Focus(focus.root, Kind.NODE, root=focus.root) if expr.absolute else focus
        walk(gen, steps, start, keep, "")
    else:
        gen.each(expr, focus, keep)
    kind, named = kinds[0] if kinds else (Kind.NODE, False)
    if kind is Kind.MIX and isinstance(last, Filter):
        raise Unsupported("nodes and values mixed in a path")
    if kind is Kind.NODE and not ordered:
        gen.emit(f"{items} = in_order({items})")
    return Val(items, kind, Card.MANY, named=named)


def _mended(gen: Gen, expr: Expr, focus: Focus) -> Val:
    """A path that ends in attributes, texts or values: from each owner once, in order."""
    assert isinstance(expr, Path)
    owners = nodes_value(gen, Path(expr.absolute, expr.steps[:-1]), focus)
    if owners.kind is not Kind.NODE:
        raise Unsupported("a step from something that is not an element")
    items = gen.temp("l")
    gen.emit(f"{items} = []")
    kinds: list[tuple[Kind, bool]] = []

    def keep(item: Focus) -> None:
        kinds.append((item.kind, item.named))
        gen.emit(f"{items}.append({item.var})")

    gen.each_value(owners, focus, lambda n: gen.each(expr.steps[-1], n, keep))
    kind, named = kinds[0] if kinds else (Kind.LEAF, False)
    if kind is Kind.MIX:
        raise Unsupported("nodes and values mixed in a path")
    if kind is Kind.NODE:
        gen.emit(f"{items} = in_order({items})")
    return Val(items, kind, Card.MANY, named=named)


def path_value(gen: Gen, path: Path, focus: Focus) -> Val:
    if not path.steps:
        return Val(focus.root, Kind.NODE, Card.ONE)
    return nodes_value(gen, path, focus)


def step_value(gen: Gen, step: Step, focus: Focus) -> Val:
    """A step alone; one attribute stays an optional value."""
    if step.axis == "attribute" and step.test.kind == "name":
        focus.need_node()
        code = f"{focus.attributes}.get({step.test.name!r})"
        if not step.preds:
            return Val(code, Kind.LEAF, Card.OPT)
    if step.axis == "child" and step.test.kind == "name" and not step.preds:
        focus.need_node()
        code = f"{focus.children}.get({gen.unit.tag(step.test.name)}, NONE)"
        return Val(code, Kind.NODE, Card.MANY)
    if step.axis == "child" and step.test.kind == "*" and not step.preds:
        focus.need_node()
        return Val(f"{focus.var}[4]", Kind.NODE, Card.MANY)
    if step.axis == "self" and step.test.kind == "node" and not step.preds:
        return Val(focus.var, focus.kind, Card.ONE, named=focus.named)
    if step.axis == "child" and step.test.kind == "text" and not step.preds:
        focus.need_node()
        return Val(f"texts({focus.var})", Kind.LEAF, Card.MANY)
    return nodes_value(gen, step, focus)


def filter_value(gen: Gen, expr: Filter, focus: Focus) -> Val:
    if not expr.preds:
        return gen.value(expr.of, focus)
    items = gen.temp("l")
    gen.emit(f"{items} = []")
    kinds: list[tuple[Kind, bool]] = []

    def keep(item: Focus) -> None:
        kinds.append((item.kind, item.named))
        gen.emit(f"{items}.append({item.var})")

    source = gen.value(expr.of, focus)
    if any(is_positional(gen, p) for p in expr.preds):
        if source.card is not Card.MANY or source.const is not None:
            source = replace(source, code=gen.many(source), card=Card.MANY, const=None)
        positional(gen, source, expr.preds, focus, keep, "")
    else:
        gen.each_value(source, focus, lambda item: _filtered(gen, expr.preds, item, keep))
    kind, named = kinds[0] if kinds else (Kind.NODE, False)
    return Val(items, kind, Card.MANY, named=named)


LOOPS.update({Path: each_path, Step: each_step, Filter: each_filter})
VALUES.update({Path: path_value, Step: step_value, Filter: filter_value})
