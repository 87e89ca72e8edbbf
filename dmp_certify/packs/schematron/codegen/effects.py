"""What evaluating an expression reads, and whether it can raise a dynamic error."""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.inspect import children
from dmp_certify.packs.schematron.codegen.lets import Env
from dmp_certify.packs.schematron.syntax import (
    And,
    Arith,
    Call,
    Cast,
    Compare,
    Dot,
    Expr,
    Filter,
    If,
    Lit,
    Neg,
    NodeSet,
    Or,
    Path,
    Seq,
    Step,
    Var,
)

Atoms = frozenset[tuple[Any, ...]]
NOTHING: Atoms = frozenset()
_CONTEXT = frozenset(
    [
        "position",
        "last",
        "local-name",
        "name",
        "namespace-uri",
        "current",
        "root",
        "doc",
        "document",
    ]
)
_CONTEXT_ALWAYS = frozenset(["doc-available", "resolve-QName", "id", "lang"]) | _CONTEXT


_CALM = frozenset(
    [
        "not",
        "empty",
        "exists",
        "boolean",
        "true",
        "false",
        "count",
        "local-name",
        "namespace-uri",
        "position",
        "last",
    ]
)
_TEXT = frozenset(
    [
        "string",
        "string-length",
        "normalize-space",
        "contains",
        "starts-with",
        "ends-with",
        "matches",
        "substring-before",
        "substring-after",
        "lower-case",
        "upper-case",
        "translate",
        "concat",
    ]
)


def safe(expr: Expr, env: Env) -> bool:
    """Whether evaluating `expr` can never raise a dynamic error (when unsure: no)."""
    if isinstance(expr, Lit | Dot):
        return True
    if isinstance(expr, Var):
        return expr.name not in env or safe(env[expr.name].value, env[expr.name].env)
    if isinstance(expr, Step):
        return all(safe(pred, env) for pred in expr.preds)
    if isinstance(expr, Path):
        return all(isinstance(step, Step) and safe(step, env) for step in expr.steps)
    if isinstance(expr, And | Or | Seq | Filter | NodeSet):
        return all(safe(child, env) for child in children(expr))
    if isinstance(expr, Compare):
        numbers = [_is_number(side) for side in (expr.left, expr.right)]
        if any(numbers) and not all(numbers):
            return False
        return expr.general and safe(expr.left, env) and safe(expr.right, env)
    if isinstance(expr, Call):
        if expr.name in _CALM:
            return all(safe(arg, env) for arg in expr.args)
        return expr.name in _TEXT and all(_one_text(arg, env) for arg in expr.args)
    return False


def _is_number(expr: Expr) -> bool:
    if isinstance(expr, Lit):
        return not isinstance(expr.value, str)
    return isinstance(expr, Call) and expr.name in ("count", "string-length", "position", "last")


def _one_text(expr: Expr, env: Env) -> bool:
    """Whether an argument is a text, or at most one attribute."""
    if isinstance(expr, Lit):
        return isinstance(expr.value, str)
    if isinstance(expr, Var) and expr.name in env:
        return _one_text(env[expr.name].value, env[expr.name].env)
    if isinstance(expr, Step):
        return expr.axis == "attribute" and expr.test.kind == "name" and not expr.preds
    return isinstance(expr, Call) and expr.name in _TEXT and safe(expr, env)


def reads(expr: Expr, env: Env) -> Atoms | None:
    """The attributes and children of the context element that a value depends on.

    ("a", name), ("k", tag name) or ("ka", child, attribute); None when it depends on anything
    else: text, siblings, ancestors, the document, the name of the element.
    """
    if isinstance(expr, Lit):
        return NOTHING
    if isinstance(expr, Var):
        return reads(env[expr.name].value, env[expr.name].env) if expr.name in env else None
    if isinstance(expr, Step):
        if expr.preds or expr.test.kind != "name":
            return None
        if expr.axis == "attribute":
            return frozenset({("a", expr.test.name)})
        return None
    if isinstance(expr, Path):
        return _path_reads(expr)
    if isinstance(expr, Call):
        if expr.name in _CONTEXT_ALWAYS or (not expr.args and expr.name not in ("true", "false")):
            return None
        return _all_reads(expr, env)
    if isinstance(expr, Filter) and expr.preds:
        return None
    if isinstance(expr, Seq | If | And | Or | Compare | Arith | Neg | Cast | Filter):
        return _all_reads(expr, env)
    return None


def _all_reads(expr: Expr, env: Env) -> Atoms | None:
    found: set[tuple[Any, ...]] = set()
    for child in children(expr):
        part = reads(child, env)
        if part is None:
            return None
        found |= part
    return frozenset(found)


def _path_reads(expr: Path) -> Atoms | None:
    if expr.absolute or len(expr.steps) != 2:
        return None
    child, attr = expr.steps
    if not isinstance(child, Step) or not isinstance(attr, Step) or child.preds or attr.preds:
        return None
    if child.axis != "child" or attr.axis != "attribute":
        return None
    if child.test.kind != "name" or attr.test.kind != "name":
        return None
    return frozenset({("ka", child.test.name, attr.test.name)})
