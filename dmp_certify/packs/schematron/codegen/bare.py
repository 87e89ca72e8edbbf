"""A test run while compiling, on an element that has no attribute and no child."""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import free_variables
from dmp_certify.packs.schematron.codegen.lets import FOCUS, Env, LetUse
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.codegen.values import Scope, Val
from dmp_certify.packs.schematron.errors import Unsupported, XPathFault
from dmp_certify.packs.schematron.syntax import Expr


def bare_truth(unit: Unit, expr: Expr, env: Env) -> bool | None:
    """The truth of a test that reads only attributes and children, when there are none."""
    key = (expr, tuple(id(env[n]) for n in sorted(free_variables(expr)) if n in env))
    if key not in unit.bare:
        unit.bare[key] = _run(unit, expr, env)
        unit.kept_alive.append(env)
    return unit.bare[key]


def _run(unit: Unit, expr: Expr, env: Env) -> bool | None:
    from dmp_certify.packs.schematron.namespace import functions
    from dmp_certify.packs.schematron.regex import compiled

    gen = Gen(unit, Scope())
    vals: dict[int, Val] = {}
    try:
        gen.scope = _scope(gen, expr, env, vals)
        code = gen.cond(expr, FOCUS)
    except Unsupported:
        return None
    lines = ["def run(n, D):", "    a = n[1]; k = n[2]"]
    lines += ["    " + "    " * depth + text for depth, text in gen.lines]
    lines.append(f"    return bool({code})")
    space = functions()
    space.update(unit.pool.constants)
    for (pattern, flags), name in unit.regexes.items():
        space[name] = compiled(pattern, flags).search
    exec(compile("\n".join(lines), "<bare>", "exec"), space)
    node: list[Any] = [0, {}, {}, None, [], 0, 1, None, None]
    try:
        return bool(space["run"](node, None))
    except (XPathFault, AttributeError, TypeError, NameError):
        return None


def _scope(gen: Gen, expr: Expr, env: Env, vals: dict[int, Val]) -> Scope:
    names = {}
    for name in sorted(free_variables(expr)):
        if name in env:
            names[name] = _value(gen, env[name], vals)
    return Scope(names)


def _value(gen: Gen, use: LetUse, vals: dict[int, Val]) -> Val:
    if id(use) not in vals:
        gen.scope = _scope(gen, use.value, use.env, vals)
        val = gen.value(use.value, FOCUS)
        vals[id(use)] = gen.name(val, "x")
    return vals[id(use)]
