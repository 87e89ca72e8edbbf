"""Rule contexts: which elements a rule can match, decided once per kind of place.

A context becomes plain data (tuples), so that it can be kept with the compiled code: for each
step a node test, and for each predicate what is decided from the shape of the place (its name,
its templateIds, whether it carries a nullFlavor) and the function that decides the rest.
"""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.bare import bare_truth
from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import is_positional
from dmp_certify.packs.schematron.codegen.lets import FOCUS
from dmp_certify.packs.schematron.codegen.presence import UNKNOWN, Presence
from dmp_certify.packs.schematron.codegen.sets import operands
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.codegen.values import Focus, Kind, Scope
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    And,
    Call,
    Compare,
    Expr,
    Filter,
    Lit,
    NodeTest,
    Or,
    Path,
    Step,
)

Static = tuple[Any, ...]


class Keys:
    """What a pack's contexts ask most: the (child, attribute) pair and the attribute to index."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], int] = {}
        self.flags: dict[str, int] = {}
        self.roots: dict[tuple[str, str], set[str]] = {}

    def collect(self, expr: Expr) -> None:
        from dmp_certify.packs.schematron.codegen.inspect import everything

        for part in everything(expr):
            if not isinstance(part, Step):
                continue
            for pred in part.preds:
                for item in everything(pred):
                    pair = identifier_test(item)
                    if pair is not None:
                        self.pairs[pair[:2]] = self.pairs.get(pair[:2], 0) + 1
                        self.roots.setdefault(pair[:2], set()).add(pair[2])
                    if _named(item, "attribute"):
                        name = item.test.name  # type: ignore[attr-defined]
                        self.flags[name] = self.flags.get(name, 0) + 1

    @property
    def pair(self) -> tuple[str, str]:
        """The child and attribute that tell templates apart."""
        return max(self.pairs, key=lambda p: self.pairs[p], default=("", ""))

    @property
    def flag(self) -> str:
        return "nullFlavor" if "nullFlavor" in self.flags else ""


def identifier_test(expr: Expr) -> tuple[str, str, str] | None:
    """(child, attribute, value) of `c/@a = 'v'` or of `c[@a = 'v']`."""
    if isinstance(expr, Compare) and expr.op == "=" and expr.general:
        path, value = expr.left, expr.right
        if isinstance(path, Lit):
            path, value = value, path
        if not isinstance(value, Lit) or not isinstance(value.value, str):
            return None
        if not isinstance(path, Path) or path.absolute or len(path.steps) != 2:
            return None
        child, attr = path.steps
        if _named(child, "child") and _named(attr, "attribute"):
            assert isinstance(child, Step) and isinstance(attr, Step)
            return child.test.name, attr.test.name, value.value
    if not isinstance(expr, Step) or expr.axis != "child" or expr.test.kind != "name":
        return None
    test = expr.preds[0] if len(expr.preds) == 1 else None
    if not isinstance(test, Compare) or test.op != "=" or not test.general:
        return None
    if not isinstance(test.right, Lit) or not isinstance(test.right.value, str):
        return None
    if not isinstance(test.left, Step) or not _named(test.left, "attribute"):
        return None
    return expr.test.name, test.left.test.name, test.right.value


def _named(expr: Expr, axis: str) -> bool:
    return (
        isinstance(expr, Step) and expr.axis == axis and expr.test.kind == "name" and not expr.preds
    )


class ContextCompiler:
    """Compiles the contexts of one schema; predicate functions are shared."""

    def __init__(self, unit: Unit, keys: Keys) -> None:
        self.unit = unit
        self.keys = keys
        self.functions: dict[Expr, str] = {}
        self.lines: list[str] = []
        self.presence = Presence(unit, lambda expr, env: bare_truth(unit, expr, env))

    def compile(self, context: Expr) -> list[Static]:
        """The alternatives of a context: each a tuple of steps, the last step first.

        A step is (relation to the step before it, node test, predicates); the relation is
        `child`, `below` or `top` (nothing required above). The document node is ("/",).
        """
        return [self._alternative(item) for item in operands(context)]

    def _alternative(self, expr: Expr) -> Static:
        if isinstance(expr, Step):
            expr = Path(False, (expr,))
        if isinstance(expr, Filter) and not expr.preds:
            return self._alternative(expr.of)
        if not isinstance(expr, Path):
            raise Unsupported("a rule context must be a path")
        if expr.absolute and not expr.steps:
            return ("/",)
        out: list[Static] = []
        relation = "root" if expr.absolute else "top"
        for step in expr.steps:
            if not isinstance(step, Step):
                raise Unsupported("a rule context must be made of steps")
            if step.axis == "descendant-or-self" and step.test.kind == "node" and not step.preds:
                relation = "top" if relation == "root" and not out else "below"
                continue
            if step.axis == "descendant":
                relation = "top" if relation == "root" and not out else "below"
            elif step.axis != "child":
                raise Unsupported(f"axis {step.axis} in a rule context")
            if step.test.kind in ("text", "node"):
                raise Unsupported("a rule context that matches no element")
            out.append((relation, self._test(step.test), self._predicates(step)))
            relation = "child"
        return tuple(reversed(out))

    def _test(self, test: NodeTest) -> Static:
        if test.kind == "name":
            return ("name", self.unit.tag(test.name))
        return (test.kind, test.name)

    def _predicates(self, step: Step) -> tuple[Static, ...]:
        gen = Gen(self.unit, Scope())
        if any(is_positional(gen, p) for p in step.preds):
            return ((UNKNOWN, self._placed(step)),)
        found = []
        for pred in step.preds:
            for part in pred.items if isinstance(pred, And) else (pred,):
                static = self.static(part)
                found.append((static, self._function(part)))
        return tuple(found)

    def _function(self, pred: Expr) -> str:
        if pred not in self.functions:
            gen = Gen(self.unit, Scope())
            code = gen.cond(pred, FOCUS)
            self.functions[pred] = self._write(gen, f"bool({code})")
        return self.functions[pred]

    def _write(self, gen: Gen, code: str) -> str:
        name = self.unit.pool.fresh("p")
        self.lines += [f"def {name}(n, D):", "    try:", "        a = n[1]; k = n[2]"]
        self.lines += ["        " + "    " * depth + line for depth, line in gen.lines]
        self.lines += [f"        return {code}", "    except XPathFault:", "        return False"]
        return name

    def _placed(self, step: Step) -> str:
        """A function for predicates that count: is the node among those its parent selects?"""
        if step not in self.functions:
            gen = Gen(self.unit, Scope())
            flag = gen.temp("f")
            gen.emit(f"{flag} = False")
            parent = Focus("n[3]", Kind.NODE)

            def test(item: Focus) -> None:
                with gen.block(f"if {item.var} is n:"):
                    gen.emit(f"{flag} = True")

            gen.each(Step("child", step.test, step.preds), parent, test)
            self.functions[step] = self._write(gen, flag)
        return self.functions[step]

    def static(self, expr: Expr) -> Static:
        """What can be said of a predicate from the shape and the names on the element."""
        if isinstance(expr, Filter) and not expr.preds:
            return self.static(expr.of)
        if isinstance(expr, And | Or):
            parts = tuple(self.static(item) for item in expr.items)
            return ("and" if isinstance(expr, And) else "or", *parts)
        if isinstance(expr, Call) and expr.name in ("not", "empty") and len(expr.args) == 1:
            return ("not", self.static(expr.args[0]))
        if len(members := operands(expr)) > 1:
            return ("or", *(self.static(item) for item in members))
        pair = identifier_test(expr)
        if pair is not None and pair[:2] == self.keys.pair:
            return ("id", pair[2])
        if isinstance(expr, Step) and expr.axis == "self" and expr.test.kind != "node":
            if any(is_positional(Gen(self.unit, Scope()), p) for p in expr.preds):
                return UNKNOWN
            parts = tuple(self.static(pred) for pred in expr.preds)
            return ("and", ("is", self._test(expr.test)), *parts)
        return self.presence.formula(expr, {})
