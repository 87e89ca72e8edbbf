"""What the generator knows of a value when it writes the code for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from dmp_certify.packs.schematron.errors import Unsupported


class Kind(Enum):
    """What an item is, known when compiling.

    NODE is an element or the document node (a table row); LEAF an attribute or text node, held
    as its string; UNT an untyped atomic value; MIX a string or an untyped value.
    """

    NODE = "node"
    LEAF = "leaf"
    UNT = "untyped"
    STR = "string"
    MIX = "text"
    NUM = "number"
    BOOL = "boolean"
    DT = "dateTime"
    QN = "QName"
    NONE = "empty"


class Card(Enum):
    """How many items: ONE a plain value, OPT a value or None, MANY a list."""

    ONE = 1
    OPT = 2
    MANY = 3


TEXTUAL = frozenset({Kind.LEAF, Kind.UNT, Kind.STR, Kind.MIX})


@dataclass(frozen=True, slots=True)
class Val:
    """A compiled value: Python code without side effect, and what it is.

    `const` holds the items when they are known; `named` marks attributes that know their name,
    `plain` numbers known to be integers or doubles: Python compares them as XPath does.
    """

    code: str
    kind: Kind
    card: Card
    const: tuple[Any, ...] | None = None
    named: bool = False
    plain: bool = False

    def like(self, code: str) -> Val:
        return replace(self, code=code, const=None)


NOTHING = Val("()", Kind.NONE, Card.MANY, ())


@dataclass(frozen=True, slots=True)
class Focus:
    """The context item: a variable that holds it, and names for what hangs on it."""

    var: str
    kind: Kind
    attrs: str = ""
    kids: str = ""
    position: str = ""
    last: str = ""
    root: str = "D.root"
    named: bool = False

    @property
    def attributes(self) -> str:
        return self.attrs or f"{self.var}[1]"

    @property
    def children(self) -> str:
        return self.kids or f"{self.var}[2]"

    def need_node(self) -> None:
        if self.kind is not Kind.NODE:
            raise Unsupported("a step from something that is not an element")


@dataclass(slots=True)
class Scope:
    """The variables in sight."""

    names: dict[str, Val] = field(default_factory=dict)

    def bind(self, name: str, value: Val) -> Scope:
        return Scope({**self.names, name: value})
