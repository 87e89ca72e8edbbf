"""Questions about an expression that are answered without writing any code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dmp_certify.packs.schematron.codegen.values import Kind
from dmp_certify.packs.schematron.syntax import (
    Arith,
    Call,
    Cast,
    Expr,
    Filter,
    For,
    If,
    Lit,
    Neg,
    Path,
    Quant,
    Step,
    Var,
)

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.codegen.core import Gen

_NUMERIC = frozenset(
    [
        "count",
        "string-length",
        "number",
        "sum",
        "position",
        "last",
        "floor",
        "ceiling",
        "round",
        "abs",
        "min",
        "max",
        "avg",
    ]
)
_NUMERIC_TYPES = frozenset(
    ["integer", "int", "long", "decimal", "double", "float", "nonNegativeInteger"]
)


def children(expr: Expr) -> Iterator[Expr]:
    """The direct sub-expressions."""
    for item in fields(expr):
        value: Any = getattr(expr, item.name)
        if isinstance(value, Expr):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, Expr))


def everything(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in children(expr):
        yield from everything(child)


def is_numeric(gen: Gen, expr: Expr) -> bool:
    """Whether a predicate is a number, and so a place."""
    if isinstance(expr, Filter) and not expr.preds:
        return is_numeric(gen, expr.of)
    if isinstance(expr, Lit):
        return not isinstance(expr.value, str)
    if isinstance(expr, Var):
        known = gen.scope.names.get(expr.name)
        if known is None and expr.name in gen.unit.lets:
            known = gen.unit.global_value(gen, expr.name)
        return known is not None and known.kind is Kind.NUM
    if isinstance(expr, If):
        return is_numeric(gen, expr.then) and is_numeric(gen, expr.other)
    if isinstance(expr, Call):
        return expr.name in _NUMERIC
    if isinstance(expr, Cast):
        return not expr.test and expr.type in _NUMERIC_TYPES
    return isinstance(expr, Arith | Neg)


def is_positional(gen: Gen, expr: Expr) -> bool:
    return is_numeric(gen, expr) or uses_position(expr)


@lru_cache(maxsize=4096)
def uses_position(expr: Expr) -> bool:
    """Whether `position()` or `last()` is asked of this very context."""
    if isinstance(expr, Call) and expr.name in ("position", "last") and not expr.args:
        return True
    if isinstance(expr, Step):
        return False
    if isinstance(expr, Path):
        return bool(expr.steps) and not expr.absolute and uses_position(expr.steps[0])
    if isinstance(expr, Filter):
        return uses_position(expr.of)
    return any(uses_position(child) for child in children(expr))


@lru_cache(maxsize=4096)
def uses_focus(expr: Expr) -> bool:
    """Whether the value depends on the context item or on the document being judged."""
    if isinstance(expr, Step):
        return True
    if isinstance(expr, Path):
        return expr.absolute or not expr.steps or uses_focus(expr.steps[0])
    if isinstance(expr, Filter):
        return uses_focus(expr.of)
    if isinstance(expr, Call):
        if expr.name in _CONTEXT and not expr.args:
            return True
        if expr.name in ("lang", "resolve-QName", "id", "current"):
            return True
        return any(uses_focus(arg) for arg in expr.args)
    if type(expr).__name__ == "Dot":
        return True
    return any(uses_focus(child) for child in children(expr))


_CONTEXT = frozenset(
    [
        "string",
        "string-length",
        "normalize-space",
        "name",
        "local-name",
        "namespace-uri",
        "number",
        "position",
        "last",
        "root",
        "node-name",
        "data",
    ]
)


@lru_cache(maxsize=8192)
def free_variables(expr: Expr) -> frozenset[str]:
    if isinstance(expr, Var):
        return frozenset((expr.name,))
    if isinstance(expr, For | Quant):
        return free_variables(expr.source) | (free_variables(expr.body) - {expr.var})
    found: frozenset[str] = frozenset()
    for child in children(expr):
        found |= free_variables(child)
    return found


@lru_cache(maxsize=4096)
def opens_documents(expr: Expr) -> bool:
    if isinstance(expr, Call) and expr.name in ("doc", "document"):
        return True
    return any(opens_documents(child) for child in children(expr))


@lru_cache(maxsize=4096)
def inner_absolute(expr: Expr) -> bool:
    """Whether an absolute path occurs anywhere."""
    if isinstance(expr, Path) and expr.absolute:
        return True
    return any(inner_absolute(child) for child in children(expr))


def ends_in_texts(expr: Expr) -> bool:
    """Whether a path selects text nodes."""
    last = expr.steps[-1] if isinstance(expr, Path) and expr.steps else expr
    return isinstance(last, Step) and last.test.kind == "text"


def step_kind(step: Step) -> Kind:
    return Kind.LEAF if step.axis == "attribute" or step.test.kind == "text" else Kind.NODE
