"""Evaluates one expression through the compiler, for comparison with a reference."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from lxml import etree

import dmp_certify.packs.schematron.codegen.program  # noqa: F401  (registers the handlers)
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.lets import FOCUS
from dmp_certify.packs.schematron.codegen.unit import Pool, Unit
from dmp_certify.packs.schematron.codegen.values import Card, Kind, Scope
from dmp_certify.packs.schematron.docs import Library
from dmp_certify.packs.schematron.grammar import parse
from dmp_certify.packs.schematron.namespace import functions
from dmp_certify.packs.schematron.nodes import Document
from dmp_certify.packs.schematron.regex import compiled
from dmp_certify.packs.schematron.starts import Starts

_EMPTY = tempfile.mkdtemp(prefix="no-pack-")


def _unit() -> Unit:
    return Unit(Pool(Library(PackFiles(Path(_EMPTY)))), "", {})


def _run(unit: Unit, gen: Gen, code: str, root: etree._Element) -> Any:
    lines = ["def run(n, D):", "    a = n[1]; k = n[2]"]
    lines += ["    " + "    " * depth + text for depth, text in gen.lines]
    lines.append(f"    return {code}")
    space = functions()
    space.update(unit.pool.constants)
    for (pattern, flags), name in unit.regexes.items():
        space[name] = compiled(pattern, flags).search
    exec(compile("\n".join(unit.extra + lines), "<test>", "exec"), space)
    document = Document(root, Starts(unit.pool.names), None)
    try:
        return space["run"](document.nodes[1], document)
    finally:
        document.close()


def value(expression: str, root: etree._Element, namespaces: dict[str, str] | None = None) -> Any:
    """The items, as a list: elements as their index in document order, the rest as they are."""
    unit = _unit()
    gen = Gen(unit, Scope())
    val = gen.value(parse(expression, namespaces or {}), FOCUS)
    if val.kind is Kind.NONE:
        return []
    if val.kind is Kind.NODE:
        code = f"[x[5] for x in {gen.many(val)}]"
    else:
        code = val.code if val.card is Card.MANY else gen.many(val)
    return list(_run(unit, gen, code, root))


def truth(expression: str, root: etree._Element, namespaces: dict[str, str] | None = None) -> bool:
    """The effective boolean value."""
    unit = _unit()
    gen = Gen(unit, Scope())
    code = gen.cond(parse(expression, namespaces or {}), FOCUS)
    return bool(_run(unit, gen, f"bool({code})", root))
