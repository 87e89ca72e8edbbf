"""Runs compiled schemas over one document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import DOCUMENT, Document, Node
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.schematron.shapes import Shape, Static
from dmp_certify.packs.schematron.starts import Kids
from dmp_certify.packs.schematron.variants import Entry, Groups, Nest, Place, Variant, variant_of


def _asks_wild(data: Any) -> bool:
    """Whether a test by local name or by namespace occurs: then unknown names tell apart."""
    if isinstance(data, tuple | list):
        if len(data) == 2 and data[0] in ("any-local", "any-space"):
            return True
        return any(_asks_wild(item) for item in data)
    return False


class Suite:
    """Programs that run together, with the shapes met so far."""

    def __init__(self, programs: Iterable[Program], flag: str) -> None:
        self.programs = list(programs)
        self.flag = flag
        self.top = self._document_shape()
        self.size = 0
        self.wild = any(_asks_wild(p.rules) or _asks_wild(p.groups) for p in self.programs)

    def forget(self) -> None:
        """Forget the shapes met."""
        self.top.kids.clear()
        self.size = 0

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
        name: str = node[11].name
        tag = max(node[0], 0)
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
            self.size += 1
            shape = Shape(parent, tag, name, ids, (self.flag, flag))
            shape.outcomes = dict(zip(asked, answers, strict=True))
            self._fill(shape)
            parent.kids[key] = shape
        return shape


Raw = tuple[int, int, Node, "list[int] | None"]
Said = tuple[tuple[tuple[int, int, "list[int] | None"], ...], dict[str, int]]


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
        self.flag = suites[0].flag
        self.generation = 1
        self.reset()

    def reset(self) -> None:
        """Forget the places met; they grow again with the documents that follow."""
        self.size = 0
        self.roots: dict[tuple[int, ...], Place] = {}
        self.met: dict[tuple[Place, Kids], Variant] = {}
        self.top = Place([suite.top for suite in self.suites], self.offsets, ())

    def _grow(self, node: Node, doc: Document) -> Variant:
        """The variant of an element that looks as none before in this place."""
        above: Nest = node[3][8]
        look, kids = node[11], node[10]
        ids = kids.ids & self.idents
        tag = node[0] if node[0] > 0 else (look.name if self.wild else 0)
        key = (tag, ids, self.flag in look.names)
        place = above.places.get(key)
        if place is None:
            place = self._place(above, key, node, ids, doc)
        if above is self.top.nest:  # what runs on the root depends on predicates too
            return self._met(place, kids)
        variant = above[kids] = variant_of(self.programs, place, kids)
        self.size += 1
        return variant

    def _met(self, place: Place, kids: Kids) -> Variant:
        """The variant of the document node or of the root element."""
        variant = self.met.get((place, kids))
        if variant is None:
            variant = self.met[place, kids] = variant_of(self.programs, place, kids)
            self.size += 1
        return variant

    def _place(
        self, above: Nest, key: Any, node: Node, ids: frozenset[str], doc: Document
    ) -> Place:
        shapes = [
            suite.grow(shape, node, ids, doc)
            for suite, shape in zip(self.suites, above.shapes, strict=True)
        ]
        at_root = above is self.top.nest
        mark = tuple(id(shape) for shape in shapes)
        if at_root and mark in self.roots:
            return self.roots[mark]
        tag = shapes[0].tag
        atoms: set[Static] = set()
        for program in self.programs:
            for asked in (program.resolver.asked.get(tag, ()), program.resolver.asked.get(0, ())):
                atoms.update(asked)
        place = Place(shapes, self.offsets, tuple(sorted(atoms, key=str)))
        if at_root:
            self.roots[mark] = place
        else:
            above.places[key] = place
        self.size += 1
        return place

    def run(self, doc: Document) -> list[Raw]:
        """Every rule that a node of `doc` fires, with what fails."""
        if self.generation != doc.starts.generation:
            self.generation = doc.starts.generation
            self.reset()
        out: list[Raw] = []
        for variant, node in self.plan(doc):
            if variant.tagged:
                said = node[9].seen.get(variant) or _ask(variant, variant.tagged, node, doc)
                if said is not _SILENT:
                    _repeat(said, node, doc, out)
            for entry in variant.work:
                fails = None
                try:
                    for group in entry.work:
                        fails = group(node, doc, fails)
                except XPathFault:
                    out.append((entry.program, entry.rule, node, None))
                    continue
                if fails is not None:
                    out.append((entry.program, entry.rule, node, fails))
            if variant.chains:
                _guarded(variant, node, doc, out)
        return out

    def plan(self, doc: Document, everything: bool = False) -> list[tuple[Variant, Node]]:
        """The elements that have something to check (or all), each with what."""
        root = doc.root
        root[8] = self.top.nest
        top = self._met(self.top, root[10])
        plan = [(top, root)] if everything or top.busy else []
        nodes = iter(doc.nodes)
        next(nodes)
        for node in nodes:
            above = node[3]
            variant = above[8].get(node[10]) or self._grow(node, doc)
            if variant.busy:
                if variant.pair is not None:
                    variant = variant.pair[doc.twins() or node[0] in above[10].many]
                if variant.busy or everything:
                    plan.append((variant, node))
            elif everything:
                plan.append((variant, node))
            node[8] = variant.nest
        return plan


_SILENT: Said = ((), {})


def _ask(key: Any, entries: tuple[Entry, ...], node: Node, doc: Document) -> Said:
    """Run what reads nothing but the start tag; remembered with it."""
    found: list[Raw] = []
    missing, doc.missing = doc.missing, {}
    for entry in entries:
        _run_groups(entry, entry.tagged, node, doc, found)
    said: Said = (tuple((p, r, fails) for p, r, _, fails in found), doc.missing)
    doc.missing = missing
    node[9].seen[key] = said = said if said[0] or said[1] else _SILENT
    return said


def _repeat(said: Said, node: Node, doc: Document, out: list[Raw]) -> None:
    """Note what the rules have said of a start tag."""
    for program, rule, fails in said[0]:
        out.append((program, rule, node, None if fails is None else list(fails)))
    for path, count in said[1].items():
        doc.missing[path] = doc.missing.get(path, 0) + count


def _run_groups(entry: Entry, groups: Groups, node: Node, doc: Document, out: list[Raw]) -> None:
    fails = None
    try:
        for group in groups:
            fails = group(node, doc, fails)
    except XPathFault:
        out.append((entry.program, entry.rule, node, None))
    else:
        if fails is not None:
            out.append((entry.program, entry.rule, node, fails))


def _guarded(variant: Variant, node: Node, doc: Document, out: list[Raw]) -> None:
    """The first rule of each chain whose guard lets the element in."""
    for chain in variant.chains:
        for entry in chain:
            if entry.guard is None or entry.guard(node, doc):
                if entry.tagged:
                    said = node[9].seen.get(entry) or _ask(entry, (entry,), node, doc)
                    if said is not _SILENT:
                        _repeat(said, node, doc, out)
                if entry.work:
                    _run_groups(entry, entry.work, node, doc, out)
                break


def fired(runner: Runner, doc: Document) -> list[tuple[int, int]]:
    """(program, rule) for each rule fired on a document that `runner` has just run over."""
    found: list[tuple[int, int]] = []
    for variant, node in runner.plan(doc, everything=True):
        found += variant.sure
        for chain in variant.open:
            for entry in chain:
                if entry.guard is None or entry.guard(node, doc):
                    found.append((entry.program, entry.rule))
                    break
    return found
