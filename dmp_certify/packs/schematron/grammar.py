"""XPath 2 text to tree: recursive descent over the operators, paths in `paths.py`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dmp_certify.packs.schematron.cursor import FN, XS, Cursor
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.lexer import Token
from dmp_certify.packs.schematron.syntax import (
    EMPTY,
    And,
    Arith,
    Call,
    Cast,
    Compare,
    Dot,
    Expr,
    Filter,
    For,
    If,
    Lit,
    Neg,
    NodeSet,
    Or,
    Path,
    Quant,
    Seq,
    Step,
    Var,
)

MAX_TEXT = 200_000
_VALUE = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_GENERAL = frozenset({"=", "!=", "<", "<=", ">", ">="})
_RESERVED = frozenset({"instance", "treat", "to", "is"})
MAX_DEPTH = 120
KIND_TESTS = frozenset(
    {
        "node",
        "text",
        "comment",
        "processing-instruction",
        "element",
        "attribute",
        "document-node",
        "item",
        "schema-element",
        "schema-attribute",
    }
)


def parse(source: str, namespaces: Mapping[str, str]) -> Expr:
    """The tree of one expression; `Unsupported` names what is outside the language."""
    if len(source) > MAX_TEXT:
        raise Unsupported(f"XPath of {len(source)} characters")
    cursor = Cursor(source, namespaces)
    try:
        tree = sequence(cursor)
    except RecursionError:
        raise Unsupported(f"XPath nested too deeply: {source[:80]!r}…") from None
    if cursor.now.kind != "end":
        raise cursor.error("operator expected")
    return tree


def sequence(cur: Cursor) -> Expr:
    items = [single(cur)]
    while cur.symbol(","):
        items.append(single(cur))
    return items[0] if len(items) == 1 else Seq(tuple(items))


def single(cur: Cursor) -> Expr:
    cur.depth += 1
    if cur.depth > MAX_DEPTH:
        raise cur.error("nested too deeply")
    try:
        word, after = cur.now, cur.peek()
        if word.kind == "name" and after.kind == "var" and word.text in ("for", "some", "every"):
            cur.take()
            return _bindings(cur, word.text)
        if word.kind == "name" and word.text == "if" and after.text == "(":
            cur.take()
            return _conditional(cur)
        return _or(cur)
    finally:
        cur.depth -= 1


def _bindings(cur: Cursor, kind: str) -> Expr:
    bound: list[tuple[str, Expr]] = []
    while True:
        token = cur.take()
        if token.kind != "var" or not cur.word("in"):
            raise cur.error("'$name in' expected")
        bound.append((token.text, single(cur)))
        if not cur.symbol(","):
            break
    if not cur.word("return" if kind == "for" else "satisfies"):
        raise cur.error("'return' or 'satisfies' expected")
    body = single(cur)
    for name, source in reversed(bound):
        body = (
            For(name, source, body) if kind == "for" else Quant(kind == "every", name, source, body)
        )
    return body


def _conditional(cur: Cursor) -> Expr:
    cur.expect("(")
    cond = sequence(cur)
    cur.expect(")")
    if not cur.word("then"):
        raise cur.error("'then' expected")
    then = single(cur)
    if not cur.word("else"):
        raise cur.error("'else' expected")
    return If(cond, then, single(cur))


def _or(cur: Cursor) -> Expr:
    items = [_and(cur)]
    while cur.word("or"):
        items.append(_and(cur))
    return items[0] if len(items) == 1 else Or(tuple(items))


def _and(cur: Cursor) -> Expr:
    items = [_comparison(cur)]
    while cur.word("and"):
        items.append(_comparison(cur))
    return items[0] if len(items) == 1 else And(tuple(items))


def _comparison(cur: Cursor) -> Expr:
    left = _additive(cur)
    token = cur.now
    if token.kind == "symbol" and token.text in _GENERAL:
        cur.take()
        return Compare(token.text, True, left, _additive(cur))
    if token.kind == "name" and token.text in _VALUE:
        cur.take()
        return Compare(_VALUE[token.text], False, left, _additive(cur))
    if token.text in ("<<", ">>") or (token.kind == "name" and token.text in _RESERVED):
        raise cur.error(f"operator {token.text!r} is not supported")
    return left


def _additive(cur: Cursor) -> Expr:
    left = _multiplicative(cur)
    while cur.now.kind == "symbol" and cur.now.text in "+-":
        left = Arith(cur.take().text, left, _multiplicative(cur))
    return left


def _multiplicative(cur: Cursor) -> Expr:
    left = _union(cur)
    while True:
        if cur.symbol("*"):
            left = Arith("*", left, _union(cur))
        elif cur.now.kind == "name" and cur.now.text in ("div", "idiv", "mod"):
            left = Arith(cur.take().text, left, _union(cur))
        else:
            return left


def _union(cur: Cursor) -> Expr:
    left = _intersect(cur)
    while cur.symbol("|") or cur.word("union"):
        left = NodeSet("union", left, _intersect(cur))
    return left


def _intersect(cur: Cursor) -> Expr:
    left = _cast(cur)
    while cur.now.kind == "name" and cur.now.text in ("except", "intersect"):
        left = NodeSet(cur.take().text, left, _cast(cur))
    return left


def _cast(cur: Cursor) -> Expr:
    left = _unary(cur)
    if cur.now.kind == "name" and cur.now.text in ("castable", "cast") and cur.peek().text == "as":
        test = cur.take().text == "castable"
        cur.take()
        name = cur.take().text
        return Cast(left, atomic_type(cur, name), cur.symbol("?"), test)
    if cur.now.kind == "name" and cur.now.text in ("instance", "treat"):
        raise cur.error(f"operator {cur.now.text!r} is not supported")
    return left


def atomic_type(cur: Cursor, name: str) -> str:
    """The local name of a schema type; only the xs: types are known."""
    prefix, _, local = name.partition(":")
    if not local or cur.uri(prefix) != XS:
        raise cur.error(f"type {name!r} is not supported")
    return local


def _unary(cur: Cursor) -> Expr:
    if cur.symbol("-"):
        return Neg(_unary(cur))
    if cur.symbol("+"):
        return _unary(cur)
    from dmp_certify.packs.schematron.paths import path

    return path(cur)


def primary(cur: Cursor) -> Expr | None:
    """A literal, variable, parenthesis, `.` or function call; None when a step starts here."""
    token = cur.now
    if token.kind in ("string", "integer", "decimal", "double"):
        cur.take()
        return Lit(_literal(token))
    if token.kind == "var":
        return Var(cur.take().text)
    if cur.symbol("("):
        if cur.symbol(")"):
            return EMPTY
        inner = sequence(cur)
        cur.expect(")")
        return inner if isinstance(inner, Seq | Lit | Var) else Filter(inner)
    if cur.symbol("."):
        return Dot()
    if token.kind == "name" and cur.peek().text == "(" and token.text not in KIND_TESTS:
        return _call(cur)
    return None


def _literal(token: Token) -> str | int | Decimal | float:
    if token.kind == "string":
        return token.text
    if token.kind == "integer":
        return int(token.text)
    return Decimal(token.text) if token.kind == "decimal" else float(token.text)


def _call(cur: Cursor) -> Expr:
    name = cur.take().text
    cur.expect("(")
    args: list[Expr] = []
    if not cur.symbol(")"):
        args.append(single(cur))
        while cur.symbol(","):
            args.append(single(cur))
        cur.expect(")")
    prefix, _, local = name.rpartition(":")
    if prefix and cur.uri(prefix) == XS:
        if len(args) != 1:
            raise cur.error(f"{name}() takes one argument")
        return Cast(args[0], local, True, False)
    if prefix and cur.uri(prefix) != FN:
        raise cur.error(f"function {name}() is not supported")
    return Call(local, tuple(args))


def unwrap(expr: Expr) -> Expr:
    """`expr` without the parentheses that the grammar keeps."""
    while isinstance(expr, Filter) and not expr.preds:
        expr = expr.of
    return expr


def as_path(expr: Expr) -> Path | None:
    """`expr` as a path when it is one, parentheses aside."""
    expr = unwrap(expr)
    if isinstance(expr, Step):
        return Path(False, (expr,))
    return expr if isinstance(expr, Path) else None
