"""Rule bodies with care: what runs when a quick function has met a dynamic error.

One function per check, each let computed only when the expression asks for it, as an XSLT
processor does, and one per message.
"""

from __future__ import annotations

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.inspect import ends_in_texts, everything, free_variables
from dmp_certify.packs.schematron.codegen.lets import FOCUS, Body, LetUse, placed
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.codegen.values import Kind, Scope, Val
from dmp_certify.packs.schematron.model import Check
from dmp_certify.packs.schematron.syntax import Call, Expr, Var


class CarefulBody:
    """Writes one function per check, lets on demand, and one per message."""

    def __init__(self, unit: Unit, name: str, body: Body) -> None:
        self.unit = unit
        self.name = name
        self.body = body
        self.memo: dict[int, Val] = {}

    def source(self) -> list[str]:
        out: list[str] = []
        for at, (check, env) in enumerate(placed(self.body)):
            out += self._function(f"c{at}", env, check.test)
        for at, (check, env) in enumerate(placed(self.body)):
            out += self._message(f"m{at}", env, check)
        return out

    def _function(self, name: str, env: dict[str, LetUse], test: Expr) -> list[str]:
        lets: list[str] = []
        self.memo = {}
        gen = Gen(self.unit, self._scope(test, env, lets))
        code = gen.cond(test, FOCUS)
        return self._assemble(name, lets, gen, code)

    def _message(self, name: str, env: dict[str, LetUse], check: Check) -> list[str]:
        lets: list[str] = []
        self.memo = {}
        gen = Gen(self.unit, Scope())
        parts: list[str] = []
        for part in check.message:
            if isinstance(part, str):
                parts.append(repr(part))
                continue
            gen.scope = self._scope(part, env, lets)
            val = gen.atomized(gen.value(part, FOCUS))
            var = gen.temp("w")
            many = "[]" if val.kind is Kind.NONE else gen.many(val)
            space = "" if ends_in_texts(part) else " "  # XSLT merges adjacent text nodes first
            gen.emit(f"{var} = {space!r}.join([show(x) for x in {many}])")
            parts.append(var)
        code = f"''.join([{', '.join(parts)}])" if parts else "''"
        return self._assemble(name, lets, gen, code)

    def _assemble(self, name: str, lets: list[str], gen: Gen, code: str) -> list[str]:
        out = [f"def {name}(n, D):", "    a = n[1]; k = n[2]"]
        out += ["    " + line for line in lets]
        out += ["    " + "    " * depth + line for depth, line in gen.lines]
        return [*out, f"    return {code}"]

    def _scope(self, expr: Expr, env: dict[str, LetUse], lets: list[str]) -> Scope:
        names = {n: self._lazy(env[n], lets) for n in sorted(free_variables(expr)) if n in env}
        self.unit.origin = {n: (env[n].value, names[n].code) for n in names}
        return Scope(names)

    def _lazy(self, use: LetUse, lets: list[str]) -> Val:
        """The let as a local function that remembers its value."""
        if id(use) in self.memo:
            return self.memo[id(use)]
        inner = Gen(self.unit, self._scope(use.value, use.env, lets))
        val = inner.value(use.value, FOCUS)
        if val.const is None:
            helper = f"x{len(self.memo)}"
            lets += [f"def {helper}(kept=[]):", "    if not kept:"]
            lets += ["        " + "    " * depth + line for depth, line in inner.lines]
            lets += [f"        kept.append({val.code})", "    return kept[0]"]
            val = val.like(f"{helper}()")
        self.memo[id(use)] = val
        return val


def literal_documents(unit: Unit, check: Check, env: dict[str, LetUse]) -> str:
    """The names of the documents of the pack that a check looks into, for its findings."""
    found: dict[str, None] = {}
    stack: list[tuple[Expr, dict[str, LetUse]]] = [(check.test, env)]
    visited: set[int] = set()
    while stack:
        expr, sight = stack.pop()
        for part in everything(expr):
            if isinstance(part, Call) and part.name in ("doc", "document") and len(part.args) == 1:
                name = unit.literal(Gen(unit, Scope()), part.args[0])
                if name:
                    found[name.rsplit("/", 1)[-1]] = None
            if isinstance(part, Var) and part.name in sight and id(sight[part.name]) not in visited:
                use = sight[part.name]
                visited.add(id(use))
                stack.append((use.value, use.env))
    return " ".join(found)
