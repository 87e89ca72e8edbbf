"""Rule bodies: lets where they are needed, then one statement per check.

The quick function of a body runs everything and reports the checks that fail. When it meets a
dynamic error, the careful functions run instead: one per check, each let computed only when the
expression asks for it, as an XSLT processor does; they also write the messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp_certify.packs.schematron.codegen.core import Focus, Gen, Kind, Scope, Val
from dmp_certify.packs.schematron.codegen.inspect import free_variables
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.model import Check, Let
from dmp_certify.packs.schematron.syntax import Expr

Body = tuple[Let | Check, ...]


@dataclass(slots=True, eq=False)
class LetUse:
    """One let at its place: what `$name` means after it, and what its own variables mean."""

    name: str
    value: Expr
    env: dict[str, LetUse]
    val: Val | None = None
    local: str = ""


def placed(body: Body) -> list[tuple[Check, dict[str, LetUse]]]:
    """Each check with the lets in its sight; a later let of the same name shadows."""
    env: dict[str, LetUse] = {}
    out: list[tuple[Check, dict[str, LetUse]]] = []
    for item in body:
        if isinstance(item, Let):
            env = {**env, item.name: LetUse(item.name, item.value, env)}
        else:
            out.append((item, env))
    return out


def inverse(code: str) -> str:
    """The negation of a condition, without a double `not`."""
    if code in ("True", "False"):
        return "False" if code == "True" else "True"
    if code.startswith("(not ") and code.endswith(")") and _balanced(code[5:-1]):
        return code[5:-1]
    return f"not {code}"


def _balanced(code: str) -> bool:
    """Whether the parentheses of `code` close within it; texts in it make the answer no."""
    depth = 0
    for char in code:
        if char in "'\"\\":
            return False
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return " " not in code or (code.startswith("(") and code.endswith(")") and _one_group(code))


def _one_group(code: str) -> bool:
    depth = 0
    for at, char in enumerate(code):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 and at < len(code) - 1:
            return False
    return True


FOCUS = Focus("n", Kind.NODE, attrs="a", kids="k")


class QuickBody:
    """Writes the quick function of one body."""

    def __init__(self, unit: Unit, name: str, body: Body) -> None:
        self.gen = Gen(unit, Scope())
        self.unit = unit
        self.name = name
        self.checks = placed(body)
        self.seen: dict[tuple[Expr, tuple[int, ...]], str] = {}
        self.uses: dict[tuple[Expr, tuple[int, ...]], int] = {}

    def source(self) -> list[str]:
        for check, env in self.checks:
            key = self._key(check, env)
            self.uses[key] = self.uses.get(key, 0) + 1
        for at, (check, env) in enumerate(self.checks):
            self._check(at, check, env)
        text = [f"def {self.name}(n, D):", "    a = n[1]; k = n[2]; r = None"]
        text += ["    " + "    " * depth + line for depth, line in self.gen.lines]
        return [*text, "    return r"]

    def _key(self, check: Check, env: dict[str, LetUse]) -> tuple[Expr, tuple[int, ...]]:
        names = sorted(free_variables(check.test))
        return check.test, tuple(id(env[name]) for name in names if name in env)

    def _check(self, at: int, check: Check, env: dict[str, LetUse]) -> None:
        gen = self.gen
        key = self._key(check, env)
        code = self.seen.get(key)
        if code is None:
            self._bind(check.test, env)
            code = gen.cond(check.test, FOCUS)
            if self.uses[key] > 1:
                var = gen.temp("q")
                gen.emit(f"{var} = {code}")
                self.seen[key] = code = var
        fails = code if check.report else inverse(code)
        if fails != "False":
            gen.emit(f"if {fails}: r = add(r, {at})")

    def _bind(self, expr: Expr, env: dict[str, LetUse]) -> None:
        """Compute the lets that `expr` needs and put them in scope."""
        names: dict[str, Val] = {}
        self.unit.origin = {}
        for name in sorted(free_variables(expr)):
            if name in env:
                use = env[name]
                names[name] = self._value(use)
        for name in names:
            self.unit.origin[name] = (env[name].value, names[name].code)
        self.gen.scope = Scope(names)

    def _value(self, use: LetUse) -> Val:
        if use.val is None:
            self._bind(use.value, use.env)
            val = self.gen.value(use.value, FOCUS)
            if val.const is None and not val.code.isidentifier():
                var = self.gen.temp("x")
                self.gen.emit(f"{var} = {val.code}")
                val = val.like(var)
            use.val = val
        return use.val


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
            gen.emit(f"{var} = ' '.join([show(x) for x in {many}])")
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
    from dmp_certify.packs.schematron.codegen.inspect import everything
    from dmp_certify.packs.schematron.syntax import Call, Var

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
