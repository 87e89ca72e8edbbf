"""Rule bodies: lets where they are needed, then one statement per check.

The quick function of a body runs everything and reports the checks that fail. When it meets a
dynamic error, the careful functions run instead: one per check, each let computed only when the
expression asks for it, as an XSLT processor does; they also write the messages.
"""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.bare import bare_truth
from dmp_certify.packs.schematron.codegen.core import Gen, Kind, Scope, Val
from dmp_certify.packs.schematron.codegen.effects import Atoms, reads
from dmp_certify.packs.schematron.codegen.inspect import ends_in_texts, everything, free_variables
from dmp_certify.packs.schematron.codegen.lets import (
    FOCUS,
    Body,
    Env,
    LetUse,
    inverse,
    is_dear,
    live_lets,
    placed,
)
from dmp_certify.packs.schematron.codegen.presence import Formula, Presence
from dmp_certify.packs.schematron.codegen.tagonly import TagOnly
from dmp_certify.packs.schematron.codegen.unit import Unit
from dmp_certify.packs.schematron.model import Check
from dmp_certify.packs.schematron.syntax import Call, Expr, Var


class QuickBody:
    """Writes one function for each group of checks of a body.

    Checks that share lets or a test go together. Those that only read attributes, and are dear,
    remember what they said of the same values.
    """

    def __init__(self, unit: Unit, name: str, body: Body) -> None:
        self.unit = unit
        self.name = name
        self.checks = placed(body)
        self.presence = Presence(unit, lambda expr, env: bare_truth(unit, expr, env))
        self.lines: list[str] = []

    def groups(self) -> list[tuple[str, tuple[tuple[int, Formula], ...], bool]]:
        """(function name, its checks with their formulas, whether it reads nothing but the start
        tag); the functions are in `lines`."""
        out = []
        tagged = {at for at, (check, env) in enumerate(self.checks) if self._tag_only(check, env)}
        for number, (members, key) in enumerate(self._partition(tagged)):
            name = f"{self.name}_{number}"
            if key:
                self._remembering(name, members, key)
            else:
                self._plain(name, members)
            formulas = []
            for at in members:
                check, env = self.checks[at]
                formula = self.presence.formula(check.test, env)
                formulas.append((at, ("not", formula) if check.report else formula))
            out.append((name, tuple(formulas), members[0] in tagged))
        return out

    def _asked(self, at: int) -> frozenset[Any]:
        """The names that decide whether a check has to run."""
        check, env = self.checks[at]
        return frozenset(_atoms(self.presence.formula(check.test, env)))

    def _tag_only(self, check: Check, env: Env) -> bool:
        return TagOnly(self.unit).holds(check.test, env)

    def _partition(self, tagged: set[int]) -> list[tuple[list[int], Atoms]]:
        """Groups of checks; a non-empty key says what the group reads and remembers by."""
        remembered: dict[Atoms, list[int]] = {}
        parent = list(range(len(self.checks)))

        def find(at: int) -> int:
            while parent[at] != at:
                at = parent[at]
            return at

        owner: dict[Any, int] = {}
        for at, (check, env) in enumerate(self.checks):
            found = None if at in tagged else reads(check.test, env)
            if found and len(found) <= 4 and is_dear(check.test, env):
                remembered.setdefault(found, []).append(at)
                continue
            for use in (check.test, *(id(use) for use in live_lets(check.test, env))):
                item = (at in tagged, use)
                if item in owner:
                    parent[find(at)] = find(owner[item])
                owner[item] = at
        taken = {at for members in remembered.values() for at in members}
        merged: dict[int, list[int]] = {}
        for at in range(len(self.checks)):
            if at not in taken:
                merged.setdefault(find(at), []).append(at)
        alike: dict[Any, list[int]] = {}
        for members in merged.values():
            asked = frozenset().union(*(self._asked(at) for at in members))
            alike.setdefault((members[0] in tagged, asked), []).extend(members)
        plain: list[tuple[list[int], Atoms]] = [
            (sorted(members), frozenset()) for members in alike.values()
        ]
        return [*plain, *((members, key) for key, members in remembered.items())]

    def _plain(self, name: str, members: list[int]) -> None:
        writer = GroupWriter(self.unit, [(at, *self.checks[at]) for at in members])
        self.lines += [f"def {name}(n, D, r):", *writer.source("add(r, {})"), "    return r"]

    def _remembering(self, name: str, members: list[int], key: Atoms) -> None:
        writer = GroupWriter(self.unit, [(at, *self.checks[at]) for at in members])
        parts = []
        for atom in sorted(key, key=str):
            if atom[0] == "a":
                parts.append(f"a.get({atom[1]!r})")
            else:
                tag = self.unit.tag(atom[1])
                parts.append(f"tuple([c[1].get({atom[2]!r}) for c in k.get({tag}, NONE)])")
        code = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        self.lines += [f"def {name}x(n, D, r):", *writer.source("(*r, {})"), "    return r"]
        self.lines += [
            f"M{name} = {{}}",
            f"def {name}(n, D, r):",
            "    a = n[1]; k = n[2]",
            f"    key = {code}",
            f"    found = M{name}.get(key)",
            "    if found is None:",
            f"        found = {name}x(n, D, ())",
            f"        if len(M{name}) > 4000: M{name}.clear()",
            f"        M{name}[key] = found",
            "    return add_all(r, found) if found else r",
        ]


def _atoms(formula: Formula) -> set[Formula]:
    """The leaves of a formula that names decide."""
    if formula[0] in ("a", "k", "m", "kids", "alone", "is", "id"):
        return {formula}
    found = {("leaf",)} if formula[0] == "leaf" else set()
    return found.union(*(_atoms(part) for part in formula[1:]))


class GroupWriter:
    """Writes the statements of some checks of a body, lets where they are first needed."""

    def __init__(self, unit: Unit, checks: list[tuple[int, Check, dict[str, LetUse]]]) -> None:
        self.gen = Gen(unit, Scope())
        self.unit = unit
        self.checks = checks
        self.vals: dict[int, Val] = {}
        self.seen: dict[Any, str] = {}
        self.uses: dict[Any, int] = {}

    def source(self, noting: str) -> list[str]:
        """The lines of the body; `noting` tells how to note the number of a failing check."""
        for _, check, env in self.checks:
            key = self._key(check, env)
            self.uses[key] = self.uses.get(key, 0) + 1
        for at, check, env in self.checks:
            self._check(at, check, env, noting)
        lines = ["    " + "    " * depth + line for depth, line in self.gen.lines]
        return ["    a = n[1]; k = n[2]", *lines]

    def _key(self, check: Check, env: dict[str, LetUse]) -> Any:
        names = sorted(free_variables(check.test))
        return check.test, tuple(id(env[name]) for name in names if name in env)

    def _check(self, at: int, check: Check, env: dict[str, LetUse], noting: str) -> None:
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
            gen.emit(f"if {fails}: r = {noting.format(at)}")

    def _bind(self, expr: Expr, env: dict[str, LetUse]) -> None:
        """Compute the lets that `expr` needs and put them in scope."""
        names = {n: self._value(env[n]) for n in sorted(free_variables(expr)) if n in env}
        self.unit.origin = {n: (env[n].value, names[n].code) for n in names}
        self.gen.scope = Scope(names)

    def _value(self, use: LetUse) -> Val:
        if id(use) not in self.vals:
            self._bind(use.value, use.env)
            val = self.gen.value(use.value, FOCUS)
            if val.const is None and not val.code.isidentifier():
                var = self.gen.temp("x")
                self.gen.emit(f"{var} = {val.code}")
                val = val.like(var)
            self.vals[id(use)] = val
        return self.vals[id(use)]


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
