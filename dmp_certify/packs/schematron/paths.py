"""Path expressions: steps, axes, node tests, predicates and their abbreviations."""

from __future__ import annotations

from typing import get_args

from dmp_certify.packs.schematron.cursor import Cursor
from dmp_certify.packs.schematron.grammar import primary, sequence
from dmp_certify.packs.schematron.syntax import (
    ANY_NODE,
    Axis,
    Dot,
    Expr,
    Filter,
    NodeTest,
    Path,
    Step,
)

_AXES: dict[str, Axis] = {name: name for name in get_args(Axis)}
_ANYWHERE = Step("descendant-or-self", ANY_NODE)


def path(cur: Cursor) -> Expr:
    """One path expression; a lone primary comes back as itself."""
    absolute = False
    steps: list[Step | Filter] = []
    if cur.symbol("/"):
        absolute = True
        if not _starts_step(cur):
            return Path(True, ())
    elif cur.symbol("//"):
        absolute = True
        steps.append(_ANYWHERE)
    first = _step(cur)
    if not absolute and not _slash_ahead(cur):
        return first
    steps.append(_as_step(first))
    while True:
        if cur.symbol("/"):
            steps.append(_as_step(_step(cur)))
        elif cur.symbol("//"):
            steps += [_ANYWHERE, _as_step(_step(cur))]
        else:
            return Path(absolute, tuple(_joined(steps)))


def _slash_ahead(cur: Cursor) -> bool:
    return cur.now.kind == "symbol" and cur.now.text in ("/", "//")


def _as_step(expr: Expr) -> Step | Filter:
    if isinstance(expr, Dot):
        return Step("self", ANY_NODE)
    return expr if isinstance(expr, Step | Filter) else Filter(expr)


def _joined(steps: list[Step | Filter]) -> list[Step | Filter]:
    """`//x` as one descendant step where that means the same: no predicate may count places."""
    out: list[Step | Filter] = []
    for step in steps:
        if (
            out
            and out[-1] == _ANYWHERE
            and isinstance(step, Step)
            and step.axis in ("child", "descendant")
            and not step.preds
        ):
            out[-1] = Step("descendant", step.test)
        else:
            out.append(step)
    return out


def _starts_step(cur: Cursor) -> bool:
    token = cur.now
    if token.kind in ("name", "axis", "wild", "string", "var"):
        return True
    return token.kind == "symbol" and token.text in ("*", "@", ".", "..", "(")


def _step(cur: Cursor) -> Expr:
    if cur.symbol(".."):
        return _predicated(cur, Step("parent", ANY_NODE))
    if cur.symbol("@"):
        return _predicated(cur, Step("attribute", _test(cur, True)))
    if cur.now.kind == "axis":
        name = cur.take().text
        cur.expect("::")
        if name not in _AXES:
            raise cur.error(f"axis {name!r} is not supported")
        axis = _AXES[name]
        return _predicated(cur, Step(axis, _test(cur, axis == "attribute")))
    simple = primary(cur)
    if simple is not None:
        return _predicated(cur, simple)
    return _predicated(cur, Step("child", _test(cur, False)))


def _predicated(cur: Cursor, base: Expr) -> Expr:
    preds: list[Expr] = []
    while cur.symbol("["):
        preds.append(sequence(cur))
        cur.expect("]")
    if not preds:
        return base
    if isinstance(base, Step):
        return Step(base.axis, base.test, tuple(preds))
    if isinstance(base, Filter):
        return Filter(base.of if not base.preds else base, tuple(preds))
    return Filter(base, tuple(preds))


def _test(cur: Cursor, attribute: bool) -> NodeTest:
    token = cur.take()
    if token.kind == "symbol" and token.text == "*":
        return NodeTest("*")
    if token.kind == "wild":
        prefix, _, local = token.text.partition(":")
        if prefix == "*":
            return NodeTest("any-local", local)
        return NodeTest("any-space", cur.uri(prefix))
    if token.kind != "name":
        raise cur.error("a node test is expected")
    if cur.now.text == "(" and cur.now.kind == "symbol":
        return _kind_test(cur, token.text)
    prefix, _, local = token.text.rpartition(":")
    if not prefix:
        return NodeTest("name", local)
    uri = cur.uri(prefix)
    return NodeTest("name", f"{{{uri}}}{local}" if uri else local)


def _kind_test(cur: Cursor, name: str) -> NodeTest:
    cur.expect("(")
    cur.expect(")")
    if name == "node":
        return NodeTest("node")
    if name == "text":
        return NodeTest("text")
    if name == "element":
        return NodeTest("*")
    raise cur.error(f"node test {name}() is not supported")
