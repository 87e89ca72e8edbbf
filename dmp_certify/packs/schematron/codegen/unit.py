"""What the functions of one schema share: names, constants, documents, global lets."""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import (
    free_variables,
    inner_absolute,
    opens_documents,
    uses_focus,
)
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Scope, Val
from dmp_certify.packs.schematron.docs import Library
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import (
    And,
    Call,
    Compare,
    Expr,
    Filter,
    Lit,
    NodeSet,
    NodeTest,
    Path,
    Step,
    Var,
)


class Pool:
    """Names and constants of a whole pack: shared by all its schemas."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.names = library.names
        self.constants: dict[str, Any] = {}
        self._known: dict[Any, str] = {}
        self._serial = 0

    def fresh(self, prefix: str) -> str:
        """A name that no other schema of the pack uses."""
        self._serial += 1
        return f"{prefix}{self._serial}"

    def constant(self, value: Any) -> str:
        """The global name of a constant; equal constants share it."""
        key = (type(value).__name__, value)
        if key not in self._known:
            self._known[key] = f"K{len(self._known)}"
            self.constants[self._known[key]] = value
        return self._known[key]


class Unit:
    """One schema while it is compiled. `folder` is where its documents are looked for."""

    def __init__(self, pool: Pool, folder: str, lets: dict[str, Expr]) -> None:
        self.pool = pool
        self.folder = folder
        self.lets = lets
        self.regexes: dict[tuple[str, str], str] = {}
        self.globals: dict[str, Val] = {}
        self.extra: list[str] = []
        self.kept: dict[Any, Val | None] = {}
        self.bare: dict[Any, bool | None] = {}
        self.written: dict[Any, str] = {}
        self.kept_alive: list[Any] = []
        self.origin: dict[str, tuple[Expr, str]] = {}

    def tag(self, name: str) -> int:
        return self.pool.names.setdefault(name, len(self.pool.names) + 1)

    def constant(self, items: tuple[Any, ...]) -> str:
        return self.pool.constant(items)

    def members(self, items: tuple[Any, ...]) -> str:
        """A constant set for membership."""
        return self.pool.constant(frozenset(items))

    def regex(self, pattern: str, flags: str) -> str:
        """The global name of a compiled pattern's `search`."""
        from dmp_certify.packs.schematron.errors import XPathFault
        from dmp_certify.packs.schematron.regex import compiled

        key = (pattern, flags)
        if key not in self.regexes:
            try:
                compiled(pattern, flags)
            except XPathFault as fault:
                raise Unsupported(str(fault)) from None
            self.regexes[key] = f"R{len(self.regexes)}"
        return self.regexes[key]

    def literal(self, gen: Gen, expr: Expr) -> str | None:
        """The text of an expression when it is one known text."""
        while isinstance(expr, Filter) and not expr.preds:
            expr = expr.of
        if isinstance(expr, Lit):
            return expr.value if isinstance(expr.value, str) else None
        if isinstance(expr, Var):
            known = gen.scope.names.get(expr.name)
            if known is None and expr.name in self.lets:
                return self.literal(Gen(self, Scope()), self.lets[expr.name])
            if known is not None and known.const is not None and len(known.const) == 1:
                return known.const[0] if isinstance(known.const[0], str) else None
        if isinstance(expr, Call) and expr.name == "concat":
            parts = [self.literal(gen, arg) for arg in expr.args]
            return None if None in parts else "".join(p for p in parts if p is not None)
        return None

    def global_value(self, gen: Gen, name: str) -> Val:
        """A let of the schema or of a pattern, computed once a document."""
        if name not in self.lets:
            raise Unsupported(f"variable ${name} is not defined")
        if name not in self.globals:
            value = self.lets[name]
            known = self.literal(gen, value)
            if known is not None:
                self.globals[name] = Val(repr(known), Kind.STR, Card.ONE, (known,))
            else:
                try:
                    self._define_global(name, value)
                except Unsupported:  # who asks next must not find a half-made value
                    del self.globals[name]
                    raise
        return self.globals[name]

    def _define_global(self, name: str, value: Expr) -> None:
        self.globals[name] = Val("", Kind.NONE, Card.MANY)
        inner = Gen(self, Scope())
        val = inner.value(value, Focus("D.root", Kind.NODE))
        if val.const is not None:
            self.globals[name] = val
            return
        helper = self.pool.fresh("g")
        lines = [f"def {helper}(D):", f"    if {helper!r} not in D.cache:"]
        lines += ["        " + "    " * depth + text for depth, text in inner.lines]
        lines += [f"        D.cache[{helper!r}] = {val.code}", f"    return D.cache[{helper!r}]"]
        self.extra += lines
        self.globals[name] = val.like(f"{helper}(D)")

    # -- documents -------------------------------------------------------------------------

    def fold(self, gen: Gen, expr: Expr) -> Val | None:
        """The value of an expression that only looks into documents of the pack."""
        if (
            gen.folding
            or not opens_documents(expr)
            or uses_focus(expr)
            or not isinstance(expr, Path | Filter)
        ):
            return None
        if inner_absolute(expr) or any(self._unknown(gen, v) for v in free_variables(expr)):
            return None
        return self.pool.library.evaluate(self, gen, expr)

    def _unknown(self, gen: Gen, name: str) -> bool:
        known = gen.scope.names.get(name)
        return self.literal(gen, Var(name)) is None and (known is None or known.const is None)

    def indexed(self, gen: Gen, expr: Expr, focus: Focus) -> str:
        """Code for the existence of `doc(…)//x[@a = …]` through a hash set, or nothing."""
        while isinstance(expr, Filter) and not expr.preds:
            expr = expr.of
        if not isinstance(expr, Path) or expr.absolute or not expr.steps:
            return ""
        call = expr.steps[0].of if isinstance(expr.steps[0], Filter) else None
        if not isinstance(call, Call) or call.name not in ("doc", "document"):
            return ""
        if len(call.args) != 1 or expr.steps[0].preds:
            return ""
        wanted = self._lookup(expr.steps[1:])
        if wanted is None:
            return ""
        tag, keys = wanted
        values = self._values(gen, [value for _, value in keys], focus)
        names = tuple(name for name, _ in keys)
        known = self.literal(gen, call.args[0])
        if known is not None:
            found = self.pool.library.index(self.folder, known, tag, names)
            return f"({values} in {self.pool.constant(found)})"
        return self._dynamic(gen, call.args[0], focus, tag, names, values)

    def _lookup(
        self, steps: tuple[Step | Filter, ...]
    ) -> tuple[str, list[tuple[str, Expr]]] | None:
        if len(steps) == 2 and steps[0] == Step("descendant-or-self", NodeTest("node")):
            steps = steps[1:]
        if len(steps) != 1 or not isinstance(steps[0], Step):
            return None
        step = steps[0]
        if step.test.kind != "name" or step.axis not in ("child", "descendant") or not step.preds:
            return None
        keys: list[tuple[str, Expr]] = []
        for pred in step.preds:
            for part in pred.items if isinstance(pred, And) else (pred,):
                key = _key_test(part)
                if key is None:
                    return None
                keys.append(key)
        return step.test.name, keys

    def _values(self, gen: Gen, exprs: list[Expr], focus: Focus) -> str:
        codes = [gen.text(gen.value(e, focus), "a comparison").code for e in exprs]
        return codes[0] if len(codes) == 1 else f"({', '.join(codes)})"

    def _dynamic(
        self, gen: Gen, name: Expr, focus: Focus, tag: str, names: tuple[str, ...], values: str
    ) -> str:
        code = gen.text(gen.value(name, focus), "doc()").code
        self.pool.library.announce(self.folder, self._frame(gen, name), tag, names)
        key = self.pool.constant((self.folder, tag, names))
        return f"({values} in D.world.lookup(D, {code}, {key}))"

    def _frame(self, gen: Gen, name: Expr) -> tuple[str, str]:
        """The known beginning and end of a document name."""
        if not isinstance(name, Call) or name.name != "concat":
            raise Unsupported("doc() of a name that is not known when compiling")
        texts = [self.literal(gen, arg) for arg in name.args]
        if texts[0] is None or texts[-1] is None:
            raise Unsupported("doc() of a name that is not known when compiling")
        return texts[0], texts[-1]

    # -- shapes worth a shortcut -----------------------------------------------------------

    def asks_same_name(self, gen: Gen, pred: Expr, focus: Focus) -> bool:
        """`local-name() = $name` where `$name` is the local name of the rule's context."""
        if not isinstance(pred, Compare) or pred.op != "=" or not pred.general:
            return False
        if pred.left != Call("local-name", ()) or not isinstance(pred.right, Var):
            return False
        known = gen.scope.names.get(pred.right.name)
        meant = self.origin.get(pred.right.name)
        return (
            focus.var == "n" and known is not None and meant == (Call("local-name", ()), known.code)
        )

    def joined_text(self, gen: Gen, args: tuple[Expr, ...], focus: Focus) -> Val | None:
        """`string-join((.//@a | .//text()), '')` as one helper."""
        if len(args) != 2 or args[1] != Lit("") or focus.kind is not Kind.NODE:
            return None
        union = args[0].of if isinstance(args[0], Filter) and not args[0].preds else args[0]
        if not isinstance(union, NodeSet) or union.op != "union":
            return None
        here, anywhere = (
            Step("self", NodeTest("node")),
            Step("descendant-or-self", NodeTest("node")),
        )
        left, right = union.left, union.right
        if right != Path(False, (here, Step("descendant", NodeTest("text")))):
            return None
        if not isinstance(left, Path) or left.steps[:2] != (here, anywhere) or len(left.steps) != 3:
            return None
        last = left.steps[2]
        if not isinstance(last, Step) or last.axis != "attribute" or last.preds:
            return None
        if last.test.kind != "name":
            return None
        code = f"use_and_text(D, {focus.var}, {last.test.name!r})"
        return Val(code, Kind.STR, Card.ONE)


def _key_test(expr: Expr) -> tuple[str, Expr] | None:
    """`@a = X` or `text() = X` where X looks at nothing in the document searched."""
    if not isinstance(expr, Compare) or not expr.general or expr.op != "=":
        return None
    for key, value in ((expr.left, expr.right), (expr.right, expr.left)):
        if not isinstance(key, Step) or key.preds or uses_focus(value):
            continue
        if key.axis == "attribute" and key.test.kind == "name":
            return f"@{key.test.name}", value
        if key.axis == "child" and key.test.kind == "text":
            return "text()", value
    return None
