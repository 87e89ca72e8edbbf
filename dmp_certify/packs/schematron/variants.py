"""What is left to run on elements of one place that look alike by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dmp_certify.packs.schematron.nodes import Document, Node
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.schematron.shapes import (
    OPEN,
    Guard,
    Names,
    Residual,
    Shape,
    Static,
    decide,
    settle,
)

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


class Variant:
    """What runs on the elements of one place that have the same attributes and children by name.

    `work` are the rules that match for sure and have something left to check; `chains` those
    whose match is still open; `sure` and `open` name them all, for counting.
    """

    __slots__ = ("busy", "chains", "nest", "open", "sure", "work")

    def __init__(self, nest: Nest) -> None:
        self.nest = nest
        self.work: tuple[tuple[int, int, Groups], ...] = ()
        self.chains: tuple[tuple[Entry, ...], ...] = ()
        self.busy = False
        self.sure: list[tuple[int, int]] = []
        self.open: list[list[Entry]] = []


class Nest:
    """What the children of an element look themselves up in: places, by key."""

    __slots__ = ("kids", "place", "shapes")

    def __init__(self, place: Place, shapes: list[Shape]) -> None:
        self.place = place
        self.shapes = shapes
        self.kids: dict[Any, Place] = {}


class Place:
    """Shapes of the common suite and of the volet's, side by side.

    `asked` are the names that rules of descendants ask for: they part the nests of the place.
    """

    __slots__ = ("asked", "chains", "looked_at", "nest", "nests", "shapes", "variants")

    def __init__(self, shapes: list[Shape], offsets: list[int], asked: tuple[Static, ...]) -> None:
        self.shapes = shapes
        self.asked = asked
        self.nest = Nest(self, shapes)
        self.nests: dict[tuple[int, ...], Nest] = {}
        self.variants: dict[Any, Variant] = {}
        self.chains = [
            [(shape, residuals, number + offset, rule) for residuals, number, rule in chain]
            for shape, offset in zip(shapes, offsets, strict=True)
            for chain in shape.chains
        ]
        self.looked_at = bool(self.chains or asked)

    def nest_for(self, attrs: Names, kids: Names) -> Nest:
        """The nest of elements with these names."""
        if not self.asked:
            return self.nest
        answers = tuple(decide(atom, self.shapes[0], attrs, kids) for atom in self.asked)
        if answers not in self.nests:
            settled = [settle(shape, self.asked, answers) for shape in self.shapes]
            self.nests[answers] = Nest(self, settled)
        return self.nests[answers]


def vary(programs: list[Program], place: Place, attrs: Names, kids: Names) -> Variant:
    """Decide by names what can be decided for such elements."""
    variant = Variant(place.nest_for(attrs, kids))
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
    variant.busy = bool(variant.work or variant.chains)
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
