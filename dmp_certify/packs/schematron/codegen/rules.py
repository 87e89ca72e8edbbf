"""Rule bodies: lets where they are needed, then one statement per check.

The quick functions of a body run everything and report the checks that fail.
"""

from __future__ import annotations

from typing import Any

from dmp_certify.packs.schematron.codegen.bare import bare_truth
from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.effects import Atoms, reads
from dmp_certify.packs.schematron.codegen.inspect import free_variables
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
from dmp_certify.packs.schematron.codegen.values import Scope, Val
from dmp_certify.packs.schematron.model import Check
from dmp_certify.packs.schematron.syntax import Expr


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
            name = self._written(f"{self.name}_{number}", members, key)
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

    def _written(self, name: str, members: list[int], key: Atoms) -> str:
        """The name of the function of a group: instances of one abstract rule that come to the
        same code share it, which keeps few functions hot instead of many cold."""
        writer = GroupWriter(self.unit, [(at, *self.checks[at]) for at in members])
        body = writer.source("(*r, {})" if key else "add(r, {})")
        alike = (key, tuple(body))
        if alike in self.unit.written:
            return self.unit.written[alike]
        self.unit.written[alike] = name
        self.lines += [f"def {name}{'x' if key else ''}(n, D, r):", *body, "    return r"]
        if key:
            self._remembering(name, key)
        return name

    def _remembering(self, name: str, key: Atoms) -> None:
        parts = []
        for atom in sorted(key, key=str):
            if atom[0] == "a":
                parts.append(f"a.get({atom[1]!r})")
            else:
                tag = self.unit.tag(atom[1])
                parts.append(f"tuple([c[1].get({atom[2]!r}) for c in k.get({tag}, NONE)])")
        code = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
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
        self.gen.heads = {}
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
        return ["    a = n[1]; k = n[2]", *self._heads(lines), *lines]

    def _heads(self, lines: list[str]) -> list[str]:
        """The lists that several loops of the body go through; one that a single loop asks for
        is put back where it was."""
        out = []
        for code, var in (self.gen.heads or {}).items():
            loops = [at for at, line in enumerate(lines) if line.endswith(f" in {var}:")]
            if len(loops) > 1:
                out.append(f"    {var} = {code}")
            else:
                for at in loops:
                    lines[at] = lines[at].replace(f" in {var}:", f" in {code}:")
        return out

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
