"""The typed tree of the XPath 2 subset; pack text reaches generated code only through it.

Every class is frozen and hashable, so equal expressions compare equal and can be shared.
Names are expanded when parsed: an element or attribute name is `{uri}local` or `local`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

Number = int | float | Decimal
Axis = OneOf[
    "child",
    "attribute",
    "self",
    "parent",
    "descendant",
    "descendant-or-self",
    "ancestor",
    "ancestor-or-self",
    "preceding-sibling",
    "following-sibling",
]
TestKind = OneOf["name", "any-local", "any-space", "*", "node", "text"]


@dataclass(frozen=True, slots=True)
class Expr:
    """The root of the tree."""


@dataclass(frozen=True, slots=True)
class Lit(Expr):
    """A string or a number: integer, decimal or double, as XPath types it."""

    value: str | Number

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Lit)
            and type(self.value) is type(other.value)
            and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Var(Expr):
    name: str


@dataclass(frozen=True, slots=True)
class Dot(Expr):
    """The context item."""


@dataclass(frozen=True, slots=True)
class Seq(Expr):
    """`(a, b, …)`; the empty sequence has no items."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class If(Expr):
    cond: Expr
    then: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class For(Expr):
    var: str
    source: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class Quant(Expr):
    every: bool
    var: str
    source: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class Or(Expr):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class And(Expr):
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """`op` is `=`, `!=`, `<`, `<=`, `>`, `>=`; `general` tells `=` from `eq`."""

    op: str
    general: bool
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Arith(Expr):
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Neg(Expr):
    of: Expr


@dataclass(frozen=True, slots=True)
class NodeSet(Expr):
    """`op` is `union`, `except` or `intersect`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Cast(Expr):
    """`castable as` when `test`, else `cast as` or a constructor function."""

    of: Expr
    type: str
    optional: bool
    test: bool


@dataclass(frozen=True, slots=True)
class Call(Expr):
    name: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class NodeTest:
    """`name` holds the expanded name, the local name (`*:x`) or the URI (`p:*`)."""

    kind: TestKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Step(Expr):
    axis: Axis
    test: NodeTest
    preds: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter(Expr):
    """Any expression with predicates, alone or as a step."""

    of: Expr
    preds: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Path(Expr):
    """Steps from the context item, or from the document node when `absolute`."""

    absolute: bool
    steps: tuple[Step | Filter, ...]


ANY_NODE = NodeTest("node")
EMPTY = Seq(())
