"""Runs compiled schemas over one document."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from types import CodeType
from typing import Any

from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.namespace import functions
from dmp_certify.packs.schematron.nodes import DOCUMENT, SEVERAL, Document, Node
from dmp_certify.packs.schematron.regex import compiled
from dmp_certify.packs.schematron.shapes import (
    ALONE,
    OPEN,
    Guard,
    Names,
    Residual,
    Resolver,
    Shape,
    decide,
)

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
        self.groups = data["groups"]

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


Groups = tuple[Callable[[Node, Document, "list[int] | None"], "list[int] | None"], ...]
Entry = tuple[Guard | None, int, int, Groups]


def make_guard(program: Program, ways: list[list[tuple[int, str]]]) -> Guard | None:
    """One function for what names leave open; None when nothing is."""
    if [] in ways:
        return None
    calls = [tuple((up, program.space[name]) for up, name in way) for way in ways]
    if len(calls) == 1 and len(calls[0]) == 1:
        up, only = calls[0][0]
        if up == 0:
            direct: Guard = only
            return direct
        if up == 1:
            return lambda n, d: bool(only(n[3], d))

    def test(node: Node, doc: Document) -> bool:
        for way in calls:
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
        shape = Shape(None, DOCUMENT, "", frozenset(), (self.flag, False))
        self._fill(shape)
        return shape

    def _fill(self, shape: Shape) -> None:
        for number, program in enumerate(self.programs):
            last = -1
            for rule, residuals in program.resolver.matches(shape):
                pattern = program.rules[rule][0]
                if pattern != last:
                    shape.chains.append([])
                    last = pattern
                chain = shape.chains[-1]
                if not chain or () not in chain[-1][0]:
                    chain.append((residuals, number, rule))

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
            shape = Shape(parent, tag, name, ids, (self.flag, flag))
            shape.outcomes = dict(zip(asked, answers, strict=True))
            self._fill(shape)
            parent.kids[key] = shape
        return shape


class Variant:
    """What runs on the elements of one place that have the same attributes and children by name.

    `work` are the rules that match for sure and have something left to check; `chains` those
    whose match is still open; `sure` and `open` name them all, for counting.
    """

    __slots__ = ("chains", "open", "sure", "work")

    def __init__(self) -> None:
        self.work: tuple[tuple[int, int, Groups], ...] = ()
        self.chains: tuple[tuple[Entry, ...], ...] = ()
        self.sure: list[tuple[int, int]] = []
        self.open: list[list[Entry]] = []


class Place:
    """Shapes of the common suite and of the volet's, side by side."""

    __slots__ = ("chains", "kids", "shapes", "variants")

    def __init__(self, shapes: list[Shape], offsets: list[int]) -> None:
        self.shapes = shapes
        self.kids: dict[Any, Place] = {}
        self.variants: dict[Any, Variant] = {}
        self.chains = [
            [(shape, residuals, number + offset, rule) for residuals, number, rule in chain]
            for shape, offset in zip(shapes, offsets, strict=True)
            for chain in shape.chains
        ]


def vary(programs: list[Program], place: Place, attrs: Names, kids: Names) -> Variant:
    """Decide by names what can be decided for such elements."""
    variant = Variant()
    work = []
    for chain in place.chains:
        entries: list[Entry] = []
        for shape, residuals, number, rule in chain:
            program = programs[number]
            ways = _open_ways(shape, residuals, attrs, kids)
            if not ways:
                continue
            groups = tuple(
                program.space[name]
                for name, checks in program.groups[program.rules[rule][3]]
                if any(decide(formula, shape, attrs, kids) != 1 for _, formula in checks)
            )
            entries.append((make_guard(program, ways), number, rule, groups))
            if [] in ways:
                break
        if entries and entries[0][0] is None:
            _, number, rule, groups = entries[0]
            variant.sure.append((number, rule))
            if groups:
                work.append((number, rule, groups))
        elif entries:
            variant.open.append(entries)
    variant.work = tuple(work)
    variant.chains = tuple(tuple(c) for c in variant.open if any(entry[3] for entry in c))
    return variant


def _open_ways(
    shape: Shape, residuals: list[Residual], attrs: Names, kids: Names
) -> list[list[tuple[int, str]]]:
    """The ways to match that names leave possible, each with what is still to ask."""
    ways = []
    for residual in residuals:
        way: list[tuple[int, str]] = []
        for up, name, static in residual:
            value = decide(static, shape, attrs, kids) if up == 0 else OPEN
            if value == 0:
                break
            if value < 0:
                way.append((up, name))
        else:
            ways.append(way)
    return ways


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
        self.roots: dict[tuple[int, ...], Place] = {}
        self.top = Place([suite.top for suite in self.suites], self.offsets)

    def _grow(self, parent: Place, key: Any, node: Node, ids: Any, doc: Document) -> Place:
        shapes = [
            suite.grow(shape, node, ids, doc)
            for suite, shape in zip(self.suites, parent.shapes, strict=True)
        ]
        if parent is self.top:  # the shape of the root depends on predicates: never by key alone
            known = self.roots.get(tuple(id(shape) for shape in shapes))
            if known is not None:
                return known
        place = Place(shapes, self.offsets)
        if parent is self.top:
            self.roots[tuple(id(shape) for shape in shapes)] = place
        else:
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
        self._document_rules(doc, out)
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
            if place.chains:
                profile = (tuple(node[1]), tuple(node[2]), node[0] + SEVERAL in node[3][2])
                variant = place.variants.get(profile)
                if variant is None:
                    if not profile[2] and doc.twins():
                        profile = (*profile, True)
                        variant = place.variants.get(profile)
                    if variant is None:
                        variant = self._vary(place, profile)
                if variant.work:
                    for program, rule, groups in variant.work:
                        fails = None
                        try:
                            for group in groups:
                                fails = group(node, doc, fails)
                        except XPathFault:
                            out.append((program, rule, node, None))
                            continue
                        if fails is not None:
                            out.append((program, rule, node, fails))
                if variant.chains:
                    self._guarded(variant, node, doc, out)
        return out

    def _vary(self, place: Place, profile: tuple[Any, ...]) -> Variant:
        attrs, kids = profile[:2]
        alone = not profile[2] and len(profile) == 3
        variant = vary(self.programs, place, attrs, (*kids, ALONE) if alone else kids)
        place.variants[profile] = variant
        self.size += 1
        return variant

    def _guarded(self, variant: Variant, node: Node, doc: Document, out: list[Raw]) -> None:
        for chain in variant.chains:
            for guard, program, rule, groups in chain:
                if guard is None or guard(node, doc):
                    fails = None
                    try:
                        for group in groups:
                            fails = group(node, doc, fails)
                    except XPathFault:
                        out.append((program, rule, node, None))
                        break
                    if fails is not None:
                        out.append((program, rule, node, fails))
                    break

    def _document_rules(self, doc: Document, out: list[Raw]) -> None:
        doc.root[8] = self.top
        root = doc.root
        variant = vary(self.programs, self.top, (), tuple(root[2]))
        self.top.variants[None] = variant
        for program, rule, groups in variant.work:
            fails = None
            try:
                for group in groups:
                    fails = group(root, doc, fails)
            except XPathFault:
                out.append((program, rule, root, None))
                continue
            if fails is not None:
                out.append((program, rule, root, fails))


_NO_IDS: frozenset[str] = frozenset()


def fired(runner: Runner, doc: Document) -> list[tuple[int, int]]:
    """(program, rule) for each rule fired on a document that `runner` has just run over."""
    found: list[tuple[int, int]] = []
    for node in doc.nodes:
        place: Place = node[8]
        if not place.chains:
            continue
        variant = place.variants[_profile(node, doc, place)]
        found += variant.sure
        for chain in variant.open:
            for guard, program, rule, _ in chain:
                if guard is None or guard(node, doc):
                    found.append((program, rule))
                    break
    return found


def _profile(node: Node, doc: Document, place: Place) -> Any:
    if node[0] == DOCUMENT:
        return None
    profile = (tuple(node[1]), tuple(node[2]), node[0] + SEVERAL in node[3][2])
    return profile if profile in place.variants else (*profile, True)
