"""Conditions on paths: whether anything is selected."""

from __future__ import annotations

from dmp_certify.packs.schematron.codegen.core import CONDS, Gen
from dmp_certify.packs.schematron.codegen.effects import safe
from dmp_certify.packs.schematron.codegen.keeping import kept as kept_nodes
from dmp_certify.packs.schematron.codegen.values import Focus, Kind
from dmp_certify.packs.schematron.codegen.walk import filter_value, nodes_value
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import Call, Compare, Expr, Filter, Lit, Path, Step


def exists(gen: Gen, expr: Expr, focus: Focus) -> str:
    """Whether a path selects anything."""
    flag = gen.temp("f")
    gen.emit(f"{flag} = False")
    kinds: list[Kind] = []

    def hit(item: Focus) -> None:
        kinds.append(item.kind)
        gen.found(flag)

    gen.each(expr, focus, hit, flag)
    if any(kind not in (Kind.NODE, Kind.LEAF) for kind in kinds):
        raise Unsupported("existence of values that are not nodes")
    return flag


def path_cond(gen: Gen, path: Path, focus: Focus) -> str:
    if not path.steps:
        return "True"
    indexed = gen.unit.indexed(gen, path, focus)
    if indexed:
        return indexed
    last = path.steps[-1]
    if isinstance(last, Filter):
        return gen.truth(nodes_value(gen, path, focus))
    kept = kept_nodes(gen, path, focus) if safe(path, {}) else None
    if kept is not None and kept.kind in (Kind.NODE, Kind.LEAF):
        return gen.truth(kept)
    return exists(gen, path, focus)


_NOT_BLANK = (
    Compare(">", True, Call("string-length", (Call("normalize-space", ()),)), Lit(0)),
    Compare(">", False, Call("string-length", (Call("normalize-space", ()),)), Lit(0)),
)


def step_cond(gen: Gen, step: Step, focus: Focus) -> str:
    words = step.axis == "child" and step.test.kind == "text" and len(step.preds) == 1
    if words and step.preds[0] in _NOT_BLANK and focus.kind is Kind.NODE:
        return f"has_words({focus.var})"
    if step.test.kind == "name" and not step.preds and focus.kind is Kind.NODE:
        if step.axis == "attribute":
            return f"({step.test.name!r} in {focus.attributes})"
        if step.axis == "child":
            return f"({gen.unit.tag(step.test.name)} in {focus.children})"
        if step.axis == "self":
            return f"({focus.var}[0] == {gen.unit.tag(step.test.name)})"
    if step.axis == "child" and not step.preds and focus.kind is Kind.NODE:
        if step.test.kind == "*":
            return f"bool({focus.children})"
        if step.test.kind == "text":
            return f"has_text({focus.var})"
    if step.axis == "attribute" and step.test.kind in ("*", "node") and not step.preds:
        focus.need_node()
        return f"bool({focus.attributes})"
    return exists(gen, step, focus)


def filter_cond(gen: Gen, expr: Filter, focus: Focus) -> str:
    if not expr.preds:
        return gen.cond(expr.of, focus)
    val = gen.value(expr.of, focus) if not isinstance(expr.of, Path | Step) else None
    if val is not None and val.kind not in (Kind.NODE, Kind.LEAF):
        return gen.truth(filter_value(gen, expr, focus))
    return exists(gen, expr, focus)


CONDS.update({Path: path_cond, Step: step_cond, Filter: filter_cond})
