"""Dispatch: which rules can match an element, from the shape of its place.

A shape is a name, the templateIds that the pack knows, whether there is a nullFlavor, and the
shape of the parent. Rules are resolved once a shape; what the shape cannot decide is left to
predicate functions that run on the element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dmp_certify.packs.schematron.nodes import DOCUMENT, Document, Node
from dmp_certify.packs.schematron.starts import SEVERAL

Static = tuple[Any, ...]
Residual = tuple[tuple[int, str, Static], ...]
Guard = Callable[[Node, Document], bool]
Names = frozenset[Any]
OPEN, RISKY = -1, -2
ALONE = "alone"


class Shape:
    """One kind of place. `outcomes` holds, for the root element, predicates already answered;
    `known`, in a shape that has been settled, what names tell to the rules of its descendants."""

    __slots__ = (
        "chains",
        "flag",
        "flag_name",
        "ids",
        "kids",
        "known",
        "name",
        "outcomes",
        "parent",
        "settled",
        "tag",
    )

    def __init__(
        self,
        parent: Shape | None,
        tag: int,
        name: str,
        ids: frozenset[str],
        flag: tuple[str, bool],
    ) -> None:
        self.parent = parent
        self.tag = tag
        self.name = name
        self.ids = ids
        self.flag_name, self.flag = flag
        self.kids: dict[Any, Shape] = {}
        self.outcomes: dict[str, bool] = {}
        self.known: dict[Static, int] = {}
        self.settled: dict[tuple[int, ...], Shape] = {}
        self.chains: list[list[tuple[list[Residual], int, int]]] = []


def settle(shape: Shape, asked: tuple[Static, ...], answers: tuple[int, ...]) -> Shape:
    """The same place, once it is known which of the names that descendants ask for are there."""
    found = shape.settled.get(answers)
    if found is None:
        flag = (shape.flag_name, shape.flag)
        found = Shape(shape.parent, shape.tag, shape.name, shape.ids, flag)
        found.outcomes = shape.outcomes
        found.known = dict(zip(asked, answers, strict=True))
        shape.settled[answers] = found
    return found


def atoms_of(static: Static) -> set[Static]:
    """The names that a formula asks for: ("a", …), ("k", …), ("m", …)."""
    if static[0] in ("a", "k", "m"):
        return {static}
    found: set[Static] = set()
    for part in static[1:]:
        if isinstance(part, tuple) and part:
            found |= atoms_of(part)
    return found


def _idents(static: Static) -> set[str]:
    """The templateIds that a formula asks for."""
    if static[0] == "id":
        return {str(static[1])}
    parts = (part for part in static[1:] if isinstance(part, tuple) and part)
    return {ident for part in parts for ident in _idents(part)}


def decide(
    static: Static, shape: Shape, attrs: Names | None = None, kids: Names | None = None
) -> int:
    """1 true, 0 false, OPEN undecided, RISKY undecided and able to raise.

    `attrs` and `kids` are the names on the element, when they are known; ALONE among the kids
    tells that no sibling has the local name of the element.
    """
    kind = static[0]
    if kind == "and" or kind == "or":
        settled = int(kind == "or")
        result = 1 - settled
        for part in static[1:]:
            value = decide(part, shape, attrs, kids)
            if value in (settled, RISKY):
                return value
            if value == OPEN:
                result = OPEN
        return result
    if kind == "not":
        inner = decide(static[1], shape, attrs, kids)
        return inner if inner < 0 else 1 - inner
    if kind == "if":
        first = decide(static[1], shape, attrs, kids)
        if first < 0:
            return decide(static[2], shape, attrs, kids) if first == OPEN else RISKY
        return decide(static[3 - first], shape, attrs, kids)
    if kind == "leaf":
        return decide(static[1], shape, attrs, kids) if _barren(kids) else OPEN
    return _atom(static, shape, attrs, kids)


def _atom(static: Static, shape: Shape, attrs: Names | None, kids: Names | None) -> int:
    kind = static[0]
    if kind == "a":
        if static[1] == shape.flag_name:
            return int(shape.flag)
        return shape.known.get(static, OPEN) if attrs is None else int(static[1] in attrs)
    if kind == "k":
        return shape.known.get(static, OPEN) if kids is None else int(static[1] in kids)
    if kind == "m":
        if kids is None:
            return shape.known.get(static, OPEN)
        return int(static[1] + SEVERAL in kids)
    if kind == "alone":
        return OPEN if kids is None else int(ALONE in kids)
    if kind == "kids":
        return OPEN if kids is None else int(not _barren(kids))
    if kind == "id":
        return int(static[1] in shape.ids)
    if kind == "is":
        return int(named(static[1], shape))
    if kind == "T":
        return 1
    if kind == "F":
        return 0
    return OPEN if kind == "?s" else RISKY


def _barren(kids: Names | None) -> bool:
    """Whether there is no child, as far as known."""
    return kids is not None and len(kids) == (ALONE in kids)


def asks_alone(static: Static) -> bool:
    """Whether a formula asks for the siblings of the element."""
    if static[0] == "alone":
        return True
    return any(asks_alone(part) for part in static[1:] if isinstance(part, tuple) and part)


def named(test: Static, shape: Shape) -> bool:
    """Whether the node test of a step holds for the shape."""
    kind, name = test
    if kind == "name":
        return bool(shape.tag == name)
    if kind == "any-local":
        return bool(shape.name.rpartition("}")[2] == name)
    if kind == "any-space":
        return shape.name.startswith("{" + str(name) + "}")
    return True


class Resolver:
    """Finds the rules of one program for a shape."""

    def __init__(self, rules: list[tuple[int, Any, str, int, str, int]]) -> None:
        self.rules = rules
        self.by_id: dict[str, list[int]] = {}
        self.by_names: dict[tuple[int, int], list[int]] = {}
        self.on_document: list[int] = []
        self.on_root: dict[int, set[str]] = {}
        self.asked: dict[int, set[Static]] = {}
        self.idents: set[str] = set()
        for number, rule in enumerate(rules):
            for steps in rule[1]:
                self._index(number, steps)

    def _index(self, number: int, steps: Static) -> None:
        """File one alternative under a templateId, or under its name and its parent's (0: any)."""
        if steps == ("/",):
            self.on_document.append(number)
            return
        for step in steps[1:]:
            tag = step[1][1] if step[1][0] == "name" else 0
            for static, name in step[2]:
                self.asked.setdefault(tag, set()).update(atoms_of(static))
                if tag:
                    self.on_root.setdefault(tag, set()).add(name)
        for step in steps:
            for static, _ in step[2]:
                self.idents.update(_idents(static))
        relation, test, preds = steps[0]
        ids = [static[1] for static, _ in preds if static[0] == "id"]
        if ids:
            self.by_id.setdefault(ids[0], []).append(number)
            return
        above = steps[1][1] if relation == "child" else ("*", "")
        mine, its = (int(t[1]) if t[0] == "name" else 0 for t in (test, above))
        key = (mine, its)
        self.by_names.setdefault(key, []).append(number)

    def matches(self, shape: Shape) -> list[tuple[int, list[Residual]]]:
        """(rule, residual alternatives) in rule order; no residual at all means `[()]`."""
        if shape.tag == DOCUMENT:
            free: list[Residual] = [()]
            return [(number, free) for number in sorted(set(self.on_document))]
        above = shape.parent.tag if shape.parent else 0
        numbers: set[int] = set()
        for key in ((shape.tag, above), (shape.tag, 0), (0, above), (0, 0)):
            numbers.update(self.by_names.get(key, ()))
        for ident in shape.ids:
            numbers.update(self.by_id.get(ident, ()))
        found: list[tuple[int, list[Residual]]] = []
        for number in sorted(numbers):
            residuals: list[Residual] = []
            for steps in self.rules[number][1]:
                if steps != ("/",) and _fits(steps, 0, shape):
                    residuals += _match(steps, 0, shape, 0)
            if residuals:
                found.append((number, [()] if () in residuals else residuals))
        return found


def _fits(steps: Static, at: int, shape: Shape) -> bool:
    """Whether the names fit, up to the first step that may be any distance above."""
    while True:
        relation, test, _ = steps[at]
        if shape.tag == DOCUMENT or not named(test, shape):
            return False
        if relation != "child":
            return True
        if shape.parent is None:
            return False
        shape = shape.parent
        at += 1


def _match(steps: Static, at: int, shape: Shape, up: int) -> list[Residual]:
    """Every way the steps from `at` on fit `shape` and its ancestors."""
    relation, test, preds = steps[at]
    if shape.tag == DOCUMENT or not named(test, shape):
        return []
    own: list[tuple[int, str, Static]] = []
    for static, name in preds:
        value = decide(static, shape)
        if value < 0 and name in shape.outcomes:
            value = int(shape.outcomes[name])
        if value == 0:
            return []
        if value < 0:
            own.append((up, name, static))
    above: list[Residual] = [()]
    parent = shape.parent
    if relation == "root":
        above = [()] if parent is not None and parent.tag == DOCUMENT else []
    elif relation == "child":
        above = _match(steps, at + 1, parent, up + 1) if parent else []
    elif relation == "below":
        above = []
        while parent is not None:
            up += 1
            above += _match(steps, at + 1, parent, up)
            parent = parent.parent
    return [(*own, *rest) for rest in above]
