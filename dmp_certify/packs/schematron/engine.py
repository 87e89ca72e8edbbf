"""Runs compiled schemas over one document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import DOCUMENT, SEVERAL, Document, Node
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.schematron.shapes import ALONE, Names, Shape, Static
from dmp_certify.packs.schematron.variants import Nest, Place, Variant, vary

MAX_SHAPES = 20_000


def _asks_wild(data: Any) -> bool:
    """Whether a test by local name or by namespace occurs: then unknown names tell apart."""
    if isinstance(data, tuple | list):
        if len(data) == 2 and data[0] in ("any-local", "any-space"):
            return True
        return any(_asks_wild(item) for item in data)
    return False


class Suite:
    """Programs that run together, with the shapes met so far."""

    def __init__(self, programs: Iterable[Program], keys: tuple[str, str, str]) -> None:
        self.programs = list(programs)
        self.child, self.attr, self.flag = keys
        self.top = self._document_shape()
        self.size = 0
        self.wild = any(_asks_wild(p.rules) or _asks_wild(p.groups) for p in self.programs)

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
        self.idents = frozenset(i for p in self.programs for i in p.resolver.idents)
        self._reset()

    def _reset(self) -> None:
        self.size = 0
        self.roots: dict[tuple[int, ...], Place] = {}
        top = Place([suite.top for suite in self.suites], self.offsets, ())
        self.top = top.nest

    def _grow(self, above: Nest, key: Any, node: Node, ids: Any, doc: Document) -> Place:
        shapes = [
            suite.grow(shape, node, ids, doc)
            for suite, shape in zip(self.suites, above.shapes, strict=True)
        ]
        if above is self.top:  # the shape of the root depends on predicates: never by key alone
            known = self.roots.get(tuple(id(shape) for shape in shapes))
            if known is not None:
                return known
        tag = shapes[0].tag
        atoms: set[Static] = set()
        for program in self.programs:
            for asked in (program.resolver.asked.get(tag, ()), program.resolver.asked.get(0, ())):
                atoms.update(asked)
        place = Place(shapes, self.offsets, tuple(sorted(atoms, key=str)))
        if above is self.top:
            self.roots[tuple(id(shape) for shape in shapes)] = place
        else:
            above.kids[key] = place
        self.size += 1
        return place

    def _key(self, node: Node, names: dict[str, int]) -> tuple[Any, frozenset[str]]:
        suite = self.suites[0]
        tag = node[0]
        key: Any = tag if tag > 0 else (str(node[7].tag) if self.wild else 0)
        ids = _NO_IDS
        children = node[2].get(names.get(suite.child))
        if children is not None:
            ids = frozenset(c[1].get(suite.attr) for c in children) & self.idents
            if ids:
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
        self._document_rules(doc, out)
        for variant, node in self._plan(doc):
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

    def _plan(self, doc: Document) -> list[tuple[Variant, Node]]:
        """The elements that have something to check, each with what; places are noted on nodes."""
        plan: list[tuple[Variant, Node]] = []
        names = doc.names
        child = names.get(self.suites[0].child, 0)
        flag = self.suites[0].flag
        twins = doc.twins()
        nodes = iter(doc.nodes)
        next(nodes)
        for node in nodes:
            above = node[3]
            nest: Nest = above[8]
            key = node[0]
            if key < 0 or child in node[2] or flag in node[1]:
                key, ids = self._key(node, names)
            else:
                ids = _NO_IDS
            place = nest.kids.get(key)
            if place is None:
                place = self._grow(nest, key, node, ids, doc)
            if not place.looked_at:
                node[8] = place.nest
            else:
                several = twins or node[0] + SEVERAL in above[2]
                profile = (tuple(node[1]), tuple(node[2]), several)
                variant = place.variants.get(profile)
                if variant is None:
                    variant = self._vary(place, profile)
                node[8] = variant.nest
                if variant.busy:
                    plan.append((variant, node))
        return plan

    def _vary(self, place: Place, profile: tuple[Names, Names, bool]) -> Variant:
        attrs, kids, several = profile
        variant = vary(self.programs, place, attrs, kids if several else (*kids, ALONE))
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
        variant = vary(self.programs, self.top.place, (), tuple(root[2]))
        self.top.place.variants[None] = variant
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
        place: Place = node[8].place
        if not place.chains:
            continue
        variant = place.variants[_profile(node, doc)]
        found += variant.sure
        for chain in variant.open:
            for guard, program, rule, _ in chain:
                if guard is None or guard(node, doc):
                    found.append((program, rule))
                    break
    return found


def _profile(node: Node, doc: Document) -> Any:
    if node[0] == DOCUMENT:
        return None
    several = doc.twins() or node[0] + SEVERAL in node[3][2]
    return tuple(node[1]), tuple(node[2]), several
