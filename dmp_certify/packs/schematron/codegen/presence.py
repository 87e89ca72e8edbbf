"""What can be said of a test from the names alone: which attributes and children are there.

Most checks of a pack speak of something that most elements do not have. A formula over the names
of the attributes and of the element children decides those once for all elements that look alike;
only the checks left undecided are run. Formulas are plain tuples, kept with the compiled code:

    ("a", name) an attribute is there · ("k", tag) a child is there · ("kids",) any child is ·
    ("m", tag) several children are · ("alone",) no sibling has the same local name ·
    ("and", …) · ("or", …) · ("not", f) · ("if", f, g, h) · ("leaf", f) f when there is no child ·
    ("is", test) the element has that name · ("id", v) it has that templateId · ("T",) ("F",)
    ("?",) open, and evaluating it may raise a dynamic error · ("?s",) open, and it cannot

Operands count from left to right, as they are evaluated: what may raise is never jumped over.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from dmp_certify.packs.schematron.codegen.effects import reads, safe
from dmp_certify.packs.schematron.codegen.lets import Env
from dmp_certify.packs.schematron.codegen.sets import operands
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.grammar import unwrap
from dmp_certify.packs.schematron.syntax import (
    And,
    Call,
    Compare,
    Expr,
    Filter,
    Lit,
    NodeSet,
    Or,
    Path,
    Quant,
    Step,
    Var,
)

Formula = tuple[Any, ...]
UNKNOWN: Formula = ("?",)
SAFE: Formula = ("?s",)
YES: Formula = ("T",)
NO: Formula = ("F",)


class Presence:
    """Builds formulas for the tests of one schema.

    `holds_bare` runs a test on an element without attribute and child: True, False, or None.
    """

    def __init__(self, unit: Unit, holds_bare: Callable[[Expr, Env], bool | None]) -> None:
        self.unit = unit
        self.holds_bare = holds_bare

    def formula(self, expr: Expr, env: Env) -> Formula:
        """The formula for the effective boolean value of `expr`."""
        if isinstance(expr, Filter) and not expr.preds:
            return self.formula(expr.of, env)
        if isinstance(expr, And | Or):
            word = "and" if isinstance(expr, And) else "or"
            return (word, *(self.formula(item, env) for item in expr.items))
        if isinstance(expr, Call) and len(expr.args) == 1 and expr.name in _LOGIC:
            inner = self.formula(expr.args[0], env)
            return ("not", inner) if expr.name in ("not", "empty") else inner
        if isinstance(expr, Step | Path):
            return self.some(expr, env)
        if isinstance(expr, NodeSet) and expr.op == "union":
            return ("or", *(self.formula(item, env) for item in operands(expr)))
        if isinstance(expr, Quant) and expr.every:
            return self._every(expr, env)
        counted = self._counted(expr)
        if counted is not None:
            return counted
        if isinstance(expr, Filter):
            return self._filter(expr, env)
        if (
            isinstance(expr, Compare)
            and expr.general
            and (safe(expr.left, env) and safe(expr.right, env))
        ):
            both = (self.filled(side, env) for side in (expr.left, expr.right))
            sides = [side for side in both if side != YES]
            return ("and", *sides, SAFE) if sides else self._otherwise(expr, env)
        if isinstance(expr, Var) and expr.name in env:
            value = env[expr.name].value
            if isinstance(value, Step | Path):
                return self.some(value, env[expr.name].env)
            if same_name_siblings(value, env[expr.name].env):
                return ("not", ("alone",))
        return self._otherwise(expr, env)

    def _filter(self, expr: Filter, env: Env) -> Formula:
        """Something with predicates: nothing passes them where there is nothing."""
        head = self.formula(expr.of, env) if isinstance(expr.of, Var) else SAFE
        calm = all(safe(pred, env) for pred in expr.preds)
        return ("and", head, SAFE if calm and safe(expr.of, env) else UNKNOWN)

    def _counted(self, expr: Expr) -> Formula | None:
        """`count(child[…]) op n`: none, one and several children tell much of it."""
        if not isinstance(expr, Compare) or not isinstance(expr.left, Call):
            return None
        if expr.left.name != "count" or not isinstance(expr.right, Lit):
            return None
        step, limit = unwrap(expr.left.args[0]), expr.right.value
        if not isinstance(step, Step) or step.axis != "child" or step.test.kind != "name":
            return None
        if not isinstance(limit, int) or not all(safe(pred, {}) for pred in step.preds):
            return None
        tag = self.unit.tag(step.test.name)
        many = range(0 if step.preds else 2, max(limit, 0) + 3)
        one = range(0 if step.preds else 1, 2)
        return (
            "if",
            ("k", tag),
            ("if", ("m", tag), _agreed(expr.op, limit, many), _agreed(expr.op, limit, one)),
            _agreed(expr.op, limit, range(1)),
        )

    def _otherwise(self, expr: Expr, env: Env) -> Formula:
        """Decided when nothing that the test reads is there, else left open."""
        found = reads(expr, env)
        left_open = SAFE if safe(expr, env) else UNKNOWN
        bare = self.holds_bare(expr, env) if found else None
        if not found or bare is None:
            return left_open
        atoms = sorted({self._atom(*atom) for atom in found}, key=str)
        return ("if", ("or", *atoms), left_open, YES if bare else NO)

    def _atom(self, kind: str, name: str, _attribute: str = "") -> Formula:
        """The presence that something read depends on."""
        return ("a", name) if kind == "a" else ("k", self.unit.tag(name))

    def filled(self, expr: Expr, env: Env) -> Formula:
        """Whether a side of a comparison has items at all."""
        if isinstance(expr, Filter) and not expr.preds:
            return self.filled(expr.of, env)
        if isinstance(expr, Step | Path):
            return self.some(expr, env)
        if isinstance(expr, Var) and expr.name in env:
            value = env[expr.name].value
            if isinstance(value, Step | Path):
                return self.some(value, env[expr.name].env)
        return YES

    def some(self, expr: Step | Path, env: Env) -> Formula:
        """Whether a path selects something."""
        if isinstance(expr, Step):
            return self._step(expr, env)
        if expr.absolute or not expr.steps:
            return UNKNOWN
        steps = expr.steps
        while len(steps) > 1 and isinstance(steps[0], Step) and _is_self(steps[0]):
            steps = steps[1:]
        first = steps[0]
        if isinstance(first, Filter):
            return UNKNOWN
        head = self._step(first, env)
        rest = SAFE if all(safe(step, env) for step in steps[1:]) else UNKNOWN
        return head if len(steps) == 1 else ("and", head, rest)

    def _step(self, step: Step, env: Env) -> Formula:
        head = self._bare_step(step)
        if not step.preds:
            return head
        return ("and", head, SAFE if all(safe(pred, env) for pred in step.preds) else UNKNOWN)

    def _bare_step(self, step: Step) -> Formula:
        kind, name = step.test.kind, step.test.name
        if step.axis == "attribute" and kind == "name":
            return ("a", name)
        if step.axis == "child":
            if kind == "name":
                return ("k", self.unit.tag(name))
            if kind == "*":
                return ("kids",)
            if kind in ("any-local", "any-space"):
                return ("and", ("kids",), SAFE)
        if step.axis == "descendant" and kind != "text":
            return ("and", ("kids",), SAFE)
        if step.axis == "self":
            if kind == "node":
                return YES
            return ("is", ("name", self.unit.tag(name)) if kind == "name" else (kind, name))
        return SAFE

    def _every(self, expr: Quant, env: Env) -> Formula:
        """`every $e in descendant-or-self::* satisfies $e[P]`: P itself, for a leaf."""
        source = expr.source
        if not (isinstance(source, Step) and source.axis == "descendant-or-self"):
            return UNKNOWN
        if source.test.kind != "*" or source.preds:
            return UNKNOWN
        body = expr.body
        if not (isinstance(body, Filter) and body.of == Var(expr.var)):
            return UNKNOWN
        inner = ("and", *(self.formula(pred, _without(env, expr.var)) for pred in body.preds))
        return ("leaf", inner)


_LOGIC = frozenset({"not", "empty", "exists", "boolean"})


_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _agreed(op: str, limit: int, counts: range) -> Formula:
    """The answer when it is the same for every possible count."""
    answers = {_HOLDS[op](count, limit) for count in counts}
    return SAFE if len(answers) > 1 else (YES if answers.pop() else NO)


def same_name_siblings(expr: Expr, env: Env) -> bool:
    """`preceding-sibling::*[local-name() = $n] | following-sibling::*[local-name() = $n]` where
    `$n` is the local name of the context element."""
    if not isinstance(expr, NodeSet) or expr.op != "union":
        return False
    left, right = unwrap(expr.left), unwrap(expr.right)
    if not (isinstance(left, Step) and isinstance(right, Step)) or left.preds != right.preds:
        return False
    if {left.axis, right.axis} != {"preceding-sibling", "following-sibling"}:
        return False
    if left.test.kind != "*" or right.test.kind != "*" or len(left.preds) != 1:
        return False
    asked = left.preds[0]
    if not isinstance(asked, Compare) or asked.op != "=" or not isinstance(asked.right, Var):
        return False
    name = env.get(asked.right.name)
    own = Call("local-name", ())
    return asked.left == own and name is not None and name.value == own


def _without(env: Env, name: str) -> Env:
    return {key: use for key, use in env.items() if key != name}


def _is_self(step: Step) -> bool:
    return step.axis == "self" and step.test.kind == "node" and not step.preds
