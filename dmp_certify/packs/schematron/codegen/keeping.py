"""What is computed once a document, however many rules ask for it.

An absolute path depends on the document only; so does which elements break a condition that
speaks of the element alone. Each gets a helper function that keeps its answer.
"""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import everything, free_variables, inner_absolute
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Scope, Val
from dmp_certify.packs.schematron.syntax import Call, Expr, Filter, Path, Quant, Var


def kept(gen: Gen, path: Expr, focus: Focus) -> Val | None:
    """The nodes of an absolute path through its helper; None when it must be written out."""
    if not isinstance(path, Path) or not path.absolute or not path.steps:
        return None
    if gen.folding or focus.root != "D.root" or not _global(gen, path):
        return None
    known = gen.unit.kept
    if path not in known:
        known[path] = None  # while it is written, and for good when that fails
        known[path] = _write(gen, path)
    return known[path]


def _global(gen: Gen, expr: Expr) -> bool:
    """Whether an expression means the same everywhere in the schema."""
    names = free_variables(expr)
    if any(name in gen.scope.names or not _literal(gen, name) for name in names):
        return False
    return not any(isinstance(part, Call) and part.name == "current" for part in everything(expr))


def _literal(gen: Gen, name: str) -> bool:
    return gen.unit.literal(Gen(gen.unit, Scope()), Var(name)) is not None


def _helper(name: str, work: list[str], result: str) -> list[str]:
    lines = [f"def {name}(D):", f"    kept = D.cache.get({name!r})", "    if kept is None:"]
    lines += ["        " + line for line in work]
    return [*lines, f"        kept = D.cache[{name!r}] = {result}", "    return kept"]


def _write(gen: Gen, path: Path) -> Val | None:
    unit = gen.unit
    inner = Gen(unit, Scope())
    val = inner.value(path, Focus("D.root", Kind.NODE))
    if val.const is not None or val.card is not Card.MANY:
        return None
    name = unit.pool.fresh("h")
    unit.extra += _helper(name, ["    " * d + text for d, text in inner.lines], val.code)
    return val.like(f"{name}(D)")


def kept_breaches(gen: Gen, expr: Quant, attribute: str) -> str:
    """The helper that lists the elements with `attribute` that break the body of an `every`.

    Each comes with the dynamic error that judging it raises, if any. Empty when the body speaks
    of more than the element.
    """
    body = expr.body
    if gen.folding or not isinstance(body, Filter) or body.of != Var(expr.var):
        return ""
    if any(not _global(gen, pred) or inner_absolute(pred) for pred in body.preds):
        return ""
    key: Any = (attribute, body.preds)
    unit = gen.unit
    if key not in unit.kept:
        inner = Gen(unit, Scope())
        item = Val("v", Kind.NODE, Card.ONE)
        with inner.binding(expr.var, item):
            code = inner.cond(body, Focus("v", Kind.NODE))
        work = ["found = []", f"for v in with_attribute(D, D.root, {attribute!r}):", "    try:"]
        work += ["        " + "    " * depth + text for depth, text in inner.lines]
        work += [f"        if not {code}:", "            found.append((v[5], None))"]
        work += ["    except XPathFault as fault:", "        found.append((v[5], fault))"]
        name = unit.pool.fresh("w")
        unit.extra += _helper(name, work, "found")
        unit.kept[key] = Val(name, Kind.NODE, Card.MANY)
    known = unit.kept[key]
    return known.code if known is not None else ""
