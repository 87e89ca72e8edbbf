"""`doc()` and `document()`: evaluated while compiling wherever they can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dmp_certify.packs.schematron.codegen.core import LOOPS, Gen
from dmp_certify.packs.schematron.codegen.functions import _CONDITIONS, _FUNCTIONS, call_value
from dmp_certify.packs.schematron.codegen.values import Card, Focus, Kind, Scope, Val
from dmp_certify.packs.schematron.codegen.walk import nodes_value
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import Call, Expr

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.codegen.unit import Unit
    from dmp_certify.packs.schematron.docs import Library


class Fold(Gen):
    """A generator whose code runs at once, on the documents of the pack."""

    folding = True


def _name(gen: Gen, args: tuple[Expr, ...]) -> str:
    known = gen.unit.literal(gen, args[0]) if len(args) == 1 else None
    if known is None:
        raise Unsupported("doc() of a name that is not known when compiling")
    return known


def open_document(gen: Gen, args: tuple[Expr, ...]) -> Focus:
    """A document of the pack as the context of a path."""
    name = _name(gen, args)
    var = gen.temp("d")
    if gen.folding:
        gen.emit(f"{var} = D.world.open({gen.unit.folder!r}, {name!r})")
    else:
        key = gen.unit.pool.library.keep(gen.unit.folder, name)
        gen.emit(f"{var} = D.world.document({key!r})")
    return Focus(f"{var}.root", Kind.NODE, root=f"{var}.root")


def each_call(gen: Gen, expr: Call, focus: Focus, body: Callable[[Focus], None], flag: str) -> None:
    if expr.name in ("doc", "document"):
        body(open_document(gen, expr.args))
        return
    gen.each_value(call_value(gen, expr, focus), focus, body, flag)


def document_value(gen: Gen, args: tuple[Expr, ...], focus: Focus) -> Val:
    return Val(open_document(gen, args).var, Kind.NODE, Card.ONE)


def available(gen: Gen, args: tuple[Expr, ...], focus: Focus) -> str:
    """`doc-available()`: answered now when the name is known."""
    known = gen.unit.literal(gen, args[0])
    if known is not None:
        return str(gen.unit.pool.library.locate(gen.unit.folder, known) is not None)
    code = gen.text(gen.value(args[0], focus), "doc-available()").code
    return f"D.world.available(D, {gen.unit.folder!r}, {code})"


def run(library: Library, unit: Unit, gen: Gen, expr: Expr) -> Val | None:
    """The items of `expr` as a constant; None when they are not plain text."""
    consts = {name: val for name, val in gen.scope.names.items() if val.const is not None}
    key = (unit.folder, expr, tuple(sorted((n, str(v.const)) for n, v in consts.items())))
    if key in library._folded:
        found: Val | None = library._folded[key]
        return found
    inner = Fold(unit, Scope(consts))
    kinds: list[Kind] = []

    def keep(item: Focus) -> None:
        val = inner.atomized(Val(item.var, item.kind, Card.ONE))
        kinds.append(item.kind)
        inner.emit(f"out.append({val.code})")

    inner.each_value(nodes_value(inner, expr, _NOWHERE), _NOWHERE, keep)
    items = _execute(library, inner)
    kind = Kind.UNT if kinds and kinds[0] in (Kind.NODE, Kind.LEAF) else Kind.STR
    if not all(isinstance(item, str) for item in items):
        return None
    val = Val(unit.constant(tuple(items)), kind, Card.MANY, tuple(items))
    library._folded[key] = val
    return val


_NOWHERE = Focus("None", Kind.NONE)


def _execute(library: Library, gen: Gen) -> list[Any]:
    from dmp_certify.packs.schematron.namespace import functions

    lines = ["def run(D, out):"] + ["    " + "    " * d + text for d, text in gen.lines]
    space = functions()
    space.update(gen.unit.pool.constants)
    exec(compile("\n".join(lines), "<folding>", "exec"), space)
    items: list[Any] = []

    class Holder:
        world = library
        root = None

    space["run"](Holder, items)
    return items


LOOPS[Call] = each_call
_FUNCTIONS["doc"] = document_value
_FUNCTIONS["document"] = document_value
_CONDITIONS["doc-available"] = available
