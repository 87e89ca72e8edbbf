"""Runs compiled schemas over one document."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from types import CodeType
from typing import Any

from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.namespace import functions
from dmp_certify.packs.schematron.nodes import DOCUMENT, Document, Node
from dmp_certify.packs.schematron.regex import compiled
from dmp_certify.packs.schematron.shapes import Guard, Residual, Resolver, RuleFn, Shape

MAX_SHAPES = 20_000


class Program:
    """One compiled schema, ready to run. `data` is what the compiler wrote, `code` its module."""

    def __init__(self, data: dict[str, Any], code: CodeType, constants: dict[str, Any]) -> None:
        self.family: str = data["family"]
        self.file: str = data["file"]
        self.rules = data["rules"]
        self.patterns: list[str] = data["patterns"]
        self.checks: list[tuple[tuple[bool, str, str, str], ...]] = data["checks"]
        self._careful: list[bytes] = data["careful"]
        self._loaded: dict[int, dict[str, Any]] = {}
        self.space = functions()
        self.space.update(constants)
        for name, (pattern, flags) in data["regexes"].items():
            self.space[name] = _LazySearch(pattern, flags)
        exec(code, self.space)
        self.resolver = Resolver(self.rules)
        self.bodies: list[RuleFn] = [self.space[f"b{i}"] for i in range(len(self.checks))]

    def careful(self, body: int) -> dict[str, Any]:
        """The careful functions of a body, compiled at the first use."""
        if body not in self._loaded:
            source = zlib.decompress(self._careful[body]).decode()
            space = dict(self.space)
            exec(compile(source, f"<{self.family} b{body}>", "exec"), space)
            self._loaded[body] = space
        return self._loaded[body]


class _LazySearch:
    """A pattern compiled when first used."""

    __slots__ = ("flags", "pattern", "search")

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags = pattern, flags
        self.search: Any = None

    def __call__(self, text: str) -> Any:
        if self.search is None:
            self.search = compiled(self.pattern, self.flags).search
        return self.search(text)


def _guard(program: Program, residuals: list[Residual]) -> Guard | None:
    """One function for what the shape left open; None when nothing is."""
    if () in residuals:
        return None
    ways = [tuple((up, program.space[name]) for up, name in way) for way in residuals]
    if len(ways) == 1 and len(ways[0]) == 1:
        up, only = ways[0][0]
        if up == 0:
            direct: Guard = only
            return direct
        if up == 1:
            return lambda n, d: bool(only(n[3], d))

    def test(node: Node, doc: Document) -> bool:
        for way in ways:
            for up, predicate in way:
                at = node
                for _ in range(up):
                    at = at[3]
                if not predicate(at, doc):
                    break
            else:
                return True
        return False

    return test


class Suite:
    """Programs that run together, with the shapes met so far."""

    def __init__(self, programs: Iterable[Program], keys: tuple[str, str, str]) -> None:
        self.programs = list(programs)
        self.child, self.attr, self.flag = keys
        self.top = self._document_shape()
        self.size = 0
        self.wild = any(
            step[1][0] in ("any-local", "any-space")
            for p in self.programs
            for rule in p.rules
            for steps in rule[1]
            if steps != ("/",)
            for step in steps
        )

    def _document_shape(self) -> Shape:
        shape = Shape(None, DOCUMENT, "", frozenset(), False)
        self._fill(shape)
        return shape

    def _fill(self, shape: Shape) -> None:
        for number, program in enumerate(self.programs):
            last = -1
            for rule, residuals in program.resolver.matches(shape):
                pattern = program.rules[rule][0]
                guard = _guard(program, residuals)
                body = program.bodies[program.rules[rule][3]]
                if pattern != last:
                    shape.guarded.append([])
                    last = pattern
                chain = shape.guarded[-1]
                if not chain or chain[-1][0] is not None:
                    chain.append((guard, body, number, rule))
        for chain in shape.guarded:
            if chain[0][0] is None:
                shape.direct.append(chain[0][1:])
        shape.guarded = [chain for chain in shape.guarded if chain[0][0] is not None]

    def grow(self, parent: Shape, node: Node, ids: frozenset[str], doc: Document) -> Shape:
        """The shape of an element; made at the first meeting, then found again."""
        flag = self.flag in node[1]
        name = str(node[7].tag)
        tag = node[0] if node[0] > 0 else 0
        answers: list[bool] = []
        asked: list[str] = []
        if parent.tag == DOCUMENT:
            for program in self.programs:
                for predicate in sorted(program.resolver.on_root.get(tag, ())):
                    asked.append(predicate)
                    answers.append(program.space[predicate](node, doc))
        key = (name if tag == 0 and self.wild else tag, ids, flag, *answers)
        shape = parent.kids.get(key)
        if shape is None:
            shape = Shape(parent, tag, name, ids, flag)
            shape.outcomes = dict(zip(asked, answers, strict=True))
            self._fill(shape)
            parent.kids[key] = shape
        return shape


class Place:
    """Shapes of the common suite and of the volet's, side by side: what runs on an element."""

    __slots__ = ("direct", "guarded", "kids", "shapes")

    def __init__(self, shapes: list[Shape], offsets: list[int]) -> None:
        self.shapes = shapes
        self.kids: dict[Any, Place] = {}
        self.direct: tuple[tuple[RuleFn, int, int], ...] = tuple(
            (fn, number + offset, rule)
            for shape, offset in zip(shapes, offsets, strict=True)
            for fn, number, rule in shape.direct
        )
        self.guarded: tuple[tuple[tuple[Guard | None, RuleFn, int, int], ...], ...] = tuple(
            tuple((guard, fn, number + offset, rule) for guard, fn, number, rule in chain)
            for shape, offset in zip(shapes, offsets, strict=True)
            for chain in shape.guarded
        )


Raw = tuple[int, int, Node, "list[int] | None"]


class Runner:
    """Runs one or two suites over documents. Results name (program, rule, node, checks that
    fail); None instead of the checks tells that the quick body met a dynamic error."""

    def __init__(self, suites: list[Suite]) -> None:
        self.suites = suites
        self.programs = [program for suite in suites for program in suite.programs]
        self.offsets: list[int] = []
        count = 0
        for suite in suites:
            self.offsets.append(count)
            count += len(suite.programs)
        self.wild = any(suite.wild for suite in suites)
        self._reset()

    def _reset(self) -> None:
        self.size = 0
        self.top = Place([suite.top for suite in self.suites], self.offsets)

    def _grow(self, parent: Place, key: Any, node: Node, ids: Any, doc: Document) -> Place:
        shapes = [
            suite.grow(shape, node, ids, doc)
            for suite, shape in zip(self.suites, parent.shapes, strict=True)
        ]
        place = Place(shapes, self.offsets)
        if parent is not self.top:
            parent.kids[key] = place
            self.size += 1
        return place

    def _key(self, node: Node, names: dict[str, int]) -> tuple[Any, frozenset[str]]:
        suite = self.suites[0]
        tag = node[0]
        key: Any = tag if tag > 0 else (str(node[7].tag) if self.wild else 0)
        ids: frozenset[str] = frozenset()
        children = node[2].get(names.get(suite.child))
        if children is not None:
            ids = frozenset(c[1][suite.attr] for c in children if suite.attr in c[1])
            key = (key, ids)
        if suite.flag in node[1]:
            key = (key, True)
        return key, ids

    def run(self, doc: Document) -> list[Raw]:
        """Every rule that a node of `doc` fires, with what fails."""
        if self.size > MAX_SHAPES:
            for suite in self.suites:
                suite.top.kids.clear()
            self._reset()
        out: list[Raw] = []
        names = doc.names
        root = doc.root
        self._fire(self.top, root, doc, out)
        root[8] = self.top
        child = names.get(self.suites[0].child, 0)
        flag = self.suites[0].flag
        nodes = iter(doc.nodes)
        next(nodes)
        for node in nodes:
            parent: Place = node[3][8]
            key = node[0]
            if key < 0 or child in node[2] or flag in node[1]:
                key, ids = self._key(node, names)
            else:
                ids = _NO_IDS
            place = parent.kids.get(key)
            if place is None:
                place = self._grow(parent, key, node, ids, doc)
            node[8] = place
            for fn, program, rule in place.direct:
                try:
                    fails = fn(node, doc)
                except XPathFault:
                    out.append((program, rule, node, None))
                    continue
                if fails is not None:
                    out.append((program, rule, node, fails))
            if place.guarded:
                self._guarded(place, node, doc, out)
        return out

    def _guarded(self, place: Place, node: Node, doc: Document, out: list[Raw]) -> None:
        for chain in place.guarded:
            for guard, fn, program, rule in chain:
                if guard is None or guard(node, doc):
                    try:
                        fails = fn(node, doc)
                    except XPathFault:
                        out.append((program, rule, node, None))
                        break
                    if fails is not None:
                        out.append((program, rule, node, fails))
                    break

    def _fire(self, place: Place, node: Node, doc: Document, out: list[Raw]) -> None:
        for fn, program, rule in place.direct:
            try:
                fails = fn(node, doc)
            except XPathFault:
                fails = None
                out.append((program, rule, node, None))
            if fails is not None:
                out.append((program, rule, node, fails))


_NO_IDS: frozenset[str] = frozenset()
