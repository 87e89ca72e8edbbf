"""Lets at their places: what `$name` means to each check of a body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dmp_certify.packs.schematron.codegen.inspect import everything, free_variables
from dmp_certify.packs.schematron.codegen.values import Focus, Kind
from dmp_certify.packs.schematron.model import Check, Let
from dmp_certify.packs.schematron.syntax import Call, Cast, Expr, Lit

Body = tuple[Let | Check, ...]
FOCUS = Focus("n", Kind.NODE, attrs="a", kids="k")


@dataclass(slots=True, eq=False)
class LetUse:
    """One let at its place: what `$name` means after it, and what its own variables mean."""

    name: str
    value: Expr
    env: dict[str, LetUse]


Env = dict[str, LetUse]


def placed(body: Body) -> list[tuple[Check, Env]]:
    """Each check with the lets in its sight; a later let of the same name shadows."""
    env: Env = {}
    out: list[tuple[Check, Env]] = []
    for item in body:
        if isinstance(item, Let):
            env = {**env, item.name: LetUse(item.name, item.value, env)}
        else:
            out.append((item, env))
    return out


def all_lets(expr: Expr, env: Env) -> Iterator[LetUse]:
    """The lets that an expression needs, directly or not; one may come twice."""
    for name in free_variables(expr):
        if name in env:
            yield env[name]
            yield from all_lets(env[name].value, env[name].env)


def live_lets(expr: Expr, env: Env) -> Iterator[LetUse]:
    """Those that are computed when judging: a literal is not."""
    return (use for use in all_lets(expr, env) if not isinstance(use.value, Lit))


_DEAR = frozenset(
    [
        "matches",
        "replace",
        "tokenize",
        "substring",
        "resolve-QName",
        "iri-to-uri",
        "normalize-space",
    ]
)


def is_dear(expr: Expr, env: Env) -> bool:
    """Whether evaluating is worth remembering."""
    sources = [expr, *(use.value for use in all_lets(expr, env))]
    return any(
        (isinstance(part, Call) and part.name in _DEAR) or isinstance(part, Cast)
        for source in sources
        for part in everything(source)
    )


def inverse(code: str) -> str:
    """The negation of a condition, without a double `not`."""
    if code in ("True", "False"):
        return "False" if code == "True" else "True"
    if code.startswith("(not ") and code.endswith(")") and _balanced(code[5:-1]):
        return code[5:-1]
    return f"not {code}"


def _balanced(code: str) -> bool:
    """Whether `code` is one term: a name, or one pair of parentheses around all of it."""
    if any(char in code for char in "'\"\\"):
        return False
    if " " not in code:
        return code.count("(") == code.count(")")
    depth = 0
    for at, char in enumerate(code):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth <= 0 and at < len(code) - 1:
            return False
    return depth == 0
