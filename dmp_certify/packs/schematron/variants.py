"""What is left to run on elements of one place that look alike by their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dmp_certify.packs.schematron.nodes import Document, Node
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.schematron.shapes import (
    ALONE,
    OPEN,
    Guard,
    Names,
    Residual,
    Shape,
    Static,
    decide,
    settle,
)
from dmp_certify.packs.schematron.starts import Kids

Groups = tuple[Callable[[Node, Document, "list[int] | None"], "list[int] | None"], ...]


class Entry:
    """One rule that may match: what is left to ask (None: nothing), and what runs then; `work`
    reads more than the start tag, `tagged` nothing else."""

    __slots__ = ("guard", "program", "rule", "tagged", "work")

    def __init__(self, guard: Guard | None, program: int, rule: int, groups: Any) -> None:
        self.guard, self.program, self.rule = guard, program, rule
        self.work: Groups = tuple(group for group, tagged in groups if not tagged)
        self.tagged: Groups = tuple(group for group, tagged in groups if tagged)


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
        above: dict[int, Guard] = {
            1: lambda n, d: bool(only(n[3], d)),
            2: lambda n, d: bool(only(n[3][3], d)),
            3: lambda n, d: bool(only(n[3][3][3], d)),
            4: lambda n, d: bool(only(n[3][3][3][3], d)),
        }
        if up in above:
            return above[up]

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

    `work` are the rules that match for sure and have something left to check; `tagged` the same
    for what reads nothing but the start tag; `chains` those whose match is still open; `sure`
    and `open` name them all, for counting. `pair` stands for two variants, for elements that
    have siblings of their name and for those that have none; `busy` tells that there is anything
    to do, or to choose.
    """

    __slots__ = ("busy", "chains", "nest", "open", "pair", "sure", "tagged", "work")

    def __init__(self, nest: Nest) -> None:
        self.nest = nest
        self.work: tuple[Entry, ...] = ()
        self.tagged: tuple[Entry, ...] = ()
        self.chains: tuple[tuple[Entry, ...], ...] = ()
        self.busy = False
        self.sure: list[tuple[int, int]] = []
        self.open: list[list[Entry]] = []
        self.pair: tuple[Variant, Variant] | None = None


class Nest(dict[Any, Variant]):
    """What the children of an element look themselves up in: variants, by `Kids`.

    `places` holds the places of such children by what tells places apart.
    """

    __slots__ = ("places", "shapes")

    def __init__(self, shapes: list[Shape]) -> None:
        super().__init__()
        self.shapes = shapes
        self.places: dict[Any, Place] = {}


class Place:
    """Shapes of the common suite and of the volet's, side by side.

    `asked` are the names that rules of descendants ask for: they part the nests of the place.
    `idle` is the variant of all its elements when no rule can match one.
    """

    __slots__ = ("asked", "chains", "idle", "nest", "nests", "shapes")

    def __init__(self, shapes: list[Shape], offsets: list[int], asked: tuple[Static, ...]) -> None:
        self.shapes = shapes
        self.asked = asked
        self.nest = Nest(shapes)
        self.nests: dict[tuple[int, ...], Nest] = {}
        self.chains = [
            [(shape, residuals, number + offset, rule) for residuals, number, rule in chain]
            for shape, offset in zip(shapes, offsets, strict=True)
            for chain in shape.chains
        ]
        self.idle = None if self.chains or asked else Variant(self.nest)

    def nest_for(self, attrs: Names, kids: Names) -> Nest:
        """The nest of elements with these names."""
        if not self.asked:
            return self.nest
        answers = tuple(decide(atom, self.shapes[0], attrs, kids) for atom in self.asked)
        if answers not in self.nests:
            settled = [settle(shape, self.asked, answers) for shape in self.shapes]
            self.nests[answers] = Nest(settled)
        return self.nests[answers]


def variant_of(programs: list[Program], place: Place, kids: Kids) -> Variant:
    """The variant of a place for the names of an element."""
    if place.idle is not None:
        return place.idle
    attrs, names = kids.look.names, kids.names
    several = _vary(programs, place, attrs, names)
    rules = [(number, rule) for chain in place.chains for _, _, number, rule in chain]
    if not any(programs[number].asks_alone(rule) for number, rule in rules):
        return several
    either = Variant(several.nest)
    either.pair = (_vary(programs, place, attrs, names | {ALONE}), several)
    either.busy = True
    return either


def _vary(programs: list[Program], place: Place, attrs: Names, kids: Names) -> Variant:
    """Decide by names what can be decided for such elements."""
    variant = Variant(place.nest_for(attrs, kids))
    sure: list[Entry] = []
    for chain in place.chains:
        entries: list[Entry] = []
        for shape, residuals, number, rule in chain:
            program = programs[number]
            ways = _open_ways(shape, residuals, attrs, kids)
            if not ways:
                continue
            groups = [
                (program.space[name], only_tag)
                for name, checks, only_tag in program.groups[program.rules[rule][3]]
                if any(decide(formula, shape, attrs, kids) != 1 for _, formula in checks)
            ]
            entries.append(Entry(make_guard(program, ways), number, rule, groups))
            if [] in ways:
                break
        if entries and entries[0].guard is None:
            variant.sure.append((number, rule))
            sure.append(entries[0])
        elif entries:
            variant.open.append(entries)
    variant.work = tuple(entry for entry in sure if entry.work)
    variant.tagged = tuple(entry for entry in sure if entry.tagged)
    variant.chains = tuple(
        tuple(chain) for chain in variant.open if any(e.work or e.tagged for e in chain)
    )
    variant.busy = bool(variant.work or variant.tagged or variant.chains)
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
