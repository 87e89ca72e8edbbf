"""How the expressions of a schema are read: strictly, leniently, or as they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.grammar import parse
from dmp_certify.packs.schematron.saxon.extra import outside
from dmp_certify.packs.schematron.syntax import Expr

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.loader import Item

Read = Callable[["Item", str, str, Mapping[str, str]], Expr]


@dataclass(frozen=True, slots=True)
class Unread(Expr):
    """An expression that our parser does not read. No generator knows it: what holds it is
    unsupported."""

    why: str


@dataclass(frozen=True, slots=True)
class Source(Expr):
    """An expression as it is written, and where."""

    text: str
    file: str
    line: int
    what: str


def strict(item: Item, what: str, text: str, namespaces: Mapping[str, str]) -> Expr:
    """The tree, or a refusal with file and line."""
    try:
        return parse(text, namespaces)
    except Unsupported as fault:
        raise outside(item.file, item.line, f"@{what}: {fault}") from None


def lenient(item: Item, what: str, text: str, namespaces: Mapping[str, str]) -> Expr:
    """The tree, or a mark in its place that no generator accepts."""
    try:
        return parse(text, namespaces)
    except Unsupported as fault:
        return Unread(f"@{what}: {fault}")


def written(item: Item, what: str, text: str, namespaces: Mapping[str, str]) -> Expr:
    """The text itself: what Saxon is given, once `language` has accepted it."""
    return Source(text, item.file, item.line, what)
