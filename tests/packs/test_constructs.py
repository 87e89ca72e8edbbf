"""The small packs hold every construct of the language: `test_saxon_fuzz.py` compares all of it.

A construct new to the language fails here until a rule of a small pack uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.layout import find_layout
from dmp_certify.packs.schematron import grammar, syntax
from dmp_certify.packs.schematron.atomic import CAST_TYPES
from dmp_certify.packs.schematron.codegen import functions, program, strings
from dmp_certify.packs.schematron.loader import load_schema
from dmp_certify.packs.schematron.model import Check, Let, Schema

SMALL = Path(__file__).with_name("small")
OPERATORS = {"=", "!=", "<", "<=", ">", ">="}
CASTS = {"string", "dateTime", "double", "boolean", "integer", "decimal"}


def schemas() -> Iterator[Schema]:
    for pack in ("plain", "language", "errors"):
        files = PackFiles(SMALL / pack)
        layout = find_layout(files)
        for family, name in [*layout.common, *layout.volets.items()]:
            yield load_schema(files, name, family)


def parts(value: Any) -> Iterator[Any]:
    """Every piece of a tree: expressions, node tests and what holds them."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from parts(item)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from parts(getattr(value, field.name))


@pytest.fixture(scope="module")
def used() -> list[Any]:
    return [part for schema in schemas() for part in parts([schema.globals, schema.patterns])]


def test_every_class_of_the_tree(used: list[Any]) -> None:
    known = {c for c in vars(syntax).values() if isinstance(c, type) and is_dataclass(c)}
    assert known - {syntax.Expr} <= {type(part) for part in used}


def test_every_function(used: list[Any]) -> None:
    assert program.functions is functions  # importing `program` registers them all
    known = {*functions._CONDITIONS, *functions._FUNCTIONS, *strings.STRINGS}
    assert known <= {part.name for part in used if isinstance(part, syntax.Call)}


def test_every_axis_and_node_test(used: list[Any]) -> None:
    steps = [part for part in used if isinstance(part, syntax.Step)]
    assert {step.axis for step in steps} == set(get_args(syntax.Axis))
    assert {step.test.kind for step in steps} == set(get_args(syntax.TestKind))
    for axis in set(get_args(syntax.Axis)):
        tests = {step.test.kind for step in steps if step.axis == axis}
        assert tests >= {"name", "*", "any-local", "any-space"}, axis


def test_every_operator(used: list[Any]) -> None:
    compared = {(p.op, p.general) for p in used if isinstance(p, syntax.Compare)}
    assert compared == {(op, general) for op in OPERATORS for general in (True, False)}
    counted = {part.op for part in used if isinstance(part, syntax.Arith)}
    assert counted == {"+", "-", "*", "div", "idiv", "mod"}
    assert {p.op for p in used if isinstance(p, syntax.NodeSet)} == {"union", "except", "intersect"}
    assert {p.every for p in used if isinstance(p, syntax.Quant)} == {True, False}
    assert {p.absolute for p in used if isinstance(p, syntax.Path)} == {True, False}
    kinds = {type(part.value) for part in used if isinstance(part, syntax.Lit)}
    assert kinds == {str, int, float, grammar.Decimal}


def test_every_cast(used: list[Any]) -> None:
    casts = [part for part in used if isinstance(part, syntax.Cast)]
    assert {cast.type for cast in casts if cast.test} == CAST_TYPES
    assert {cast.type for cast in casts if not cast.test} == CASTS
    assert {cast.optional for cast in casts if cast.test} == {True, False}


def test_every_construct_of_schematron(used: list[Any]) -> None:
    checks = [part for part in used if isinstance(part, Check)]
    assert {check.report for check in checks} == {True, False}
    assert {check.role for check in checks} >= {"", "error", "warning", "info"}
    assert any(check.ident for check in checks) and any(isinstance(p, Let) for p in used)
    text = "".join(file.read_text("utf-8") for file in SMALL.rglob("*.sch"))
    for construct in ("include", "extends", "phase", "active", "param", "name", "value-of", "let",
                      "emph", "title"):  # fmt: skip
        assert f"<{construct}" in text, construct
    for attribute in ("is-a=", "abstract=", "defaultPhase=", "path=", "role=", "id="):
        assert attribute in text, attribute
