"""One step along an axis, as a loop or as a condition."""

from __future__ import annotations

from collections.abc import Callable

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.values import Focus, Kind
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.syntax import NodeTest, Step

Body = Callable[[Focus], None]
INNER_NODE = NodeTest("node", "on the way to elements or attributes")
"""`node()` where text nodes and comments cannot matter: nothing else is supported of them."""


def each_on_axis(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    if focus.kind is not Kind.NODE:
        if step.axis == "self" and step.test.kind == "node":
            body(focus)
            return
        focus.need_node()
    handlers: dict[str, Callable[[Gen, Step, Focus, Body, str], None]] = {
        "attribute": _attribute,
        "self": _self,
        "parent": _parent,
        "child": _child,
    }
    handlers.get(step.axis, _far)(gen, step, focus, body, flag)


def _attribute(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    var = gen.temp("s")
    if step.test.kind == "name":
        gen.emit(f"{var} = {focus.attributes}.get({step.test.name!r})")
        with gen.block(f"if {var} is not None:"):
            body(Focus(var, Kind.LEAF, root=focus.root))
        return
    if step.test.kind == "text":
        return
    if step.test.kind in ("*", "node"):
        with gen.loop(f"for {var} in named_attributes({focus.var}):", flag):
            body(Focus(var, Kind.LEAF, root=focus.root, named=True))
        return
    key = gen.temp("k")
    test = name_test(step.test, key)
    head = f"for {key}, {var} in {focus.attributes}.items():"
    with gen.loop(head, flag), gen.block(f"if {test}:"):
        body(Focus(var, Kind.LEAF, root=focus.root))


def name_test(test: NodeTest, key: str) -> str:
    """A condition on an expanded name held by the variable `key`."""
    if test.kind == "name":
        return f"{key} == {test.name!r}"
    if test.kind == "any-local":
        return f"{key}.rpartition('}}')[2] == {test.name!r}"
    if test.kind == "any-space":
        return f"{key}.startswith({'{' + test.name + '}'!r})"
    return "True"


def node_test(gen: Gen, test: NodeTest, var: str, document_too: bool = False) -> str:
    """A condition on a table row; `True` when every element passes."""
    if test.kind == "name":
        return f"{var}[0] == {gen.unit.tag(test.name)}"
    if test.kind == "node":
        return "True"
    if test.kind == "text":
        return "False"
    if test.kind == "*":
        return f"{var}[0] != DOCUMENT" if document_too else "True"
    if test.kind == "any-local":
        return f"{var}[11].local == {test.name!r}"
    return f"{var}[11].space == {test.name!r}"


def _guarded(gen: Gen, code: str, item: Focus, body: Body) -> None:
    if code == "True":
        body(item)
    elif code != "False":
        with gen.block(f"if {code}:"):
            body(item)


def _self(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    _guarded(gen, node_test(gen, step.test, focus.var, True), focus, body)


def _parent(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    var = gen.temp("n")
    gen.emit(f"{var} = {focus.var}[3]")
    test = node_test(gen, step.test, var, True)
    code = f"{var} is not None" + ("" if test == "True" else f" and {test}")
    _guarded(gen, code, Focus(var, Kind.NODE, root=focus.root), body)


def _child(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    if step.test.kind == "text":
        var = gen.temp("s")
        with gen.loop(f"for {var} in texts({focus.var}):", flag):
            body(Focus(var, Kind.LEAF, root=focus.root))
        return
    if step.test.kind == "node":
        raise Unsupported("child::node()")
    var = gen.temp("n")
    item = Focus(var, Kind.NODE, root=focus.root)
    if step.test.kind == "name":
        source = f"{focus.children}.get({gen.unit.tag(step.test.name)}, NONE)"
        with gen.loop(f"for {var} in {source}:", flag):
            body(item)
        return
    with gen.loop(f"for {var} in {focus.var}[4]:", flag):
        _guarded(gen, node_test(gen, step.test, var), item, body)


def _far(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    """The axes that need a helper: a list of rows, filtered here."""
    var, node = gen.temp("n"), focus.var
    item = Focus(var, Kind.NODE, root=focus.root)
    doc = focus.root.rpartition(".")[0]
    if step.test.kind == "text":
        _far_text(gen, step, focus, body, flag)
        return
    if step.axis == "descendant" and step.test.kind == "name":
        tag = gen.unit.tag(step.test.name)
        source = f"descendants({doc}, {node}, {tag})"
        if gen.heads is not None and focus.root == "D.root" and node in ("n", focus.root):
            source = gen.heads.setdefault(source, f"d{len(gen.heads) + 1}")  # others may ask too
        with gen.loop(f"for {var} in {source}:", flag):
            body(item)
        return
    if step.axis == "descendant" and step.test.kind == "any-local":
        with gen.loop(f"for {var} in descendants_local({doc}, {node}, {step.test.name!r}):", flag):
            body(item)
        return
    source = {
        "descendant": f"below({doc}, {node})",
        "descendant-or-self": f"here_and_below({doc}, {node})",
        "ancestor": f"ancestors({node})[::-1]",
        "ancestor-or-self": f"[*ancestors({node})[::-1], {node}]",
        "following-sibling": f"siblings({node}, True)",
        "preceding-sibling": f"siblings({node}, False)",
    }[step.axis]
    more = step.axis not in ("ancestor", "ancestor-or-self")  # whose nodes may be texts
    if more and step.test.kind == "node" and step.test != INNER_NODE:
        raise Unsupported(f"{step.axis}::node() as the end of a path")
    with gen.loop(f"for {var} in {source}:", flag):
        _guarded(gen, node_test(gen, step.test, var, True), item, body)


def _far_text(gen: Gen, step: Step, focus: Focus, body: Body, flag: str) -> None:
    if step.axis not in ("descendant", "descendant-or-self"):
        raise Unsupported(f"{step.axis}::text()")
    doc = focus.root.rpartition(".")[0]
    var = gen.temp("s")
    source = f"merged(leaves({doc}, here_and_below({doc}, {focus.var}), None))"
    with gen.loop(f"for {var} in {source}:", flag):
        body(Focus(var, Kind.LEAF, root=focus.root))
