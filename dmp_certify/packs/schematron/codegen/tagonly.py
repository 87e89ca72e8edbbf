"""Which expressions depend on nothing but the start tag of the context element.

Its name, its attributes and the namespaces in scope: equal start tags give equal answers, in
this document and in the next. Anything doubtful counts as depending on more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import children, everything
from dmp_certify.packs.schematron.codegen.lets import Env
from dmp_certify.packs.schematron.codegen.values import Scope
from dmp_certify.packs.schematron.syntax import (
    ANY_NODE,
    Call,
    Dot,
    Expr,
    Filter,
    For,
    Path,
    Quant,
    Step,
    Var,
)

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.codegen.unit import Unit

_HERE = (Dot(), Step("self", ANY_NODE))
_ABOUT_ELEMENT = frozenset(["name", "local-name", "namespace-uri"])
_CONSTANT = frozenset(["true", "false"])
_ELSEWHERE = frozenset(["position", "last", "current", "root", "id", "lang"])
_DOCUMENTS = frozenset(["doc", "document"])


class TagOnly:
    """Answers for the expressions of one schema."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def holds(
        self, expr: Expr, env: Env, bound: frozenset[str] = frozenset(), element: bool = True
    ) -> bool:
        """`bound` are the variables of loops; `element` tells that the context item is the
        element, not one of its attributes or a value."""
        if isinstance(expr, Var):
            return expr.name in bound or self._variable(expr, env)
        if isinstance(expr, Dot | Step):
            return self._step(expr, env, bound, element)
        if isinstance(expr, Path):
            return not expr.absolute and self._path(expr, env, bound, element)
        if isinstance(expr, Filter):
            inside = all(self.holds(pred, env, bound, False) for pred in expr.preds)
            return inside and self.holds(expr.of, env, bound, element)
        if isinstance(expr, Quant | For):
            inner = bound | {expr.var}
            source = self.holds(expr.source, env, bound, element)
            return source and self.holds(expr.body, env, inner, element)
        if isinstance(expr, Call):
            return self._call(expr, env, bound, element)
        return all(self.holds(child, env, bound, element) for child in children(expr))

    def _variable(self, expr: Var, env: Env) -> bool:
        if expr.name in env:
            return self.holds(env[expr.name].value, env[expr.name].env)
        return self.unit.literal(Gen(self.unit, Scope()), expr) is not None

    def _step(self, expr: Dot | Step, env: Env, bound: frozenset[str], element: bool) -> bool:
        if not element:
            return expr in _HERE
        if not isinstance(expr, Step) or expr.axis != "attribute":
            return False
        return all(self.holds(pred, env, bound, False) for pred in expr.preds)

    def _path(self, expr: Path, env: Env, bound: frozenset[str], element: bool) -> bool:
        """`./@a`, or a path into a document of the pack."""
        steps = expr.steps
        while element and len(steps) > 1 and steps[0] in _HERE:
            steps = steps[1:]
        if not steps:
            return False
        first = steps[0]
        if len(steps) == 1:
            return self.holds(first, env, bound, element)
        if not isinstance(first, Filter) or first.preds or not isinstance(first.of, Call):
            return False
        if first.of.name not in _DOCUMENTS:
            return False
        inside = [part for step in steps[1:] for part in everything(step)]
        return self.holds(first.of, env, bound, element) and all(
            self.holds(part, env, bound, element)
            if isinstance(part, Var)
            else not (isinstance(part, Call) and part.name in _ELSEWHERE)
            for part in inside
        )

    def _call(self, expr: Call, env: Env, bound: frozenset[str], element: bool) -> bool:
        if expr.name in _ELSEWHERE:
            return False
        if expr.name == "resolve-QName":
            here = element and len(expr.args) == 2 and expr.args[1] in _HERE
            return here and self.holds(expr.args[0], env, bound, element)
        if not expr.args:
            return not element or expr.name in _CONSTANT or expr.name in _ABOUT_ELEMENT
        if element and len(expr.args) == 1 and expr.args[0] in _HERE:
            return expr.name in _ABOUT_ELEMENT
        return all(self.holds(arg, env, bound, element) for arg in expr.args)
