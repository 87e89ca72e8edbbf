"""String functions."""

from __future__ import annotations

from collections.abc import Callable

from dmp_certify.packs.schematron.codegen.core import Gen
from dmp_certify.packs.schematron.codegen.values import TEXTUAL, Card, Focus, Kind, Val
from dmp_certify.packs.schematron.errors import Unsupported, XPathFault
from dmp_certify.packs.schematron.regex import compiled
from dmp_certify.packs.schematron.syntax import Dot, Expr

Args = tuple[Expr, ...]
Handler = Callable[[Gen, Args, Focus], Val]


def text_arg(gen: Gen, args: Args, at: int, focus: Focus, name: str) -> Val:
    expr = args[at] if at < len(args) else Dot()
    return gen.text(gen.value(expr, focus), f"{name}()")


def need(args: Args, low: int, high: int, name: str) -> None:
    if not low <= len(args) <= high:
        raise Unsupported(f"{name}() with {len(args)} arguments")


def full(val: Val) -> str:
    """The text, empty when there is none."""
    if val.card is Card.ONE:
        return val.code
    return f"({val.code} or '')"


def must(val: Val, what: str) -> str:
    """The text of an argument that may not be missing: XPTY0004 at run time when it is."""
    return val.code if val.card is Card.ONE else f"required({val.code}, {what!r})"


def as_string(gen: Gen, val: Val, what: str) -> Val:
    """`string()` of at most one item."""
    val = gen.single(val, what)
    if val.kind in TEXTUAL:
        return Val(full(val), Kind.STR, Card.ONE)
    if val.kind in (Kind.NUM, Kind.BOOL):
        return Val(f"show({val.code})", Kind.STR, Card.ONE)
    raise Unsupported(f"the string of a {val.kind.value}")


def _string(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 0, 1, "string")
    val = gen.value(args[0] if args else Dot(), focus)
    return as_string(gen, val, "string()")


def _concat(gen: Gen, args: Args, focus: Focus) -> Val:
    if len(args) < 2:
        raise Unsupported("concat() with fewer than two arguments")
    parts = [as_string(gen, gen.value(a, focus), "concat()") for a in args]
    consts = [p.code for p in parts]
    return Val(f"({' + '.join(consts)})", Kind.STR, Card.ONE)


def _simple(name: str, low: int, high: int, template: str, kind: Kind = Kind.STR) -> Handler:
    """A function of texts: `{0}`, `{1}` are the arguments, never None."""

    def build(gen: Gen, args: Args, focus: Focus) -> Val:
        need(args, low, high, name)
        count = max(len(args), 1)
        vals = [text_arg(gen, args, i, focus, name) for i in range(count)]
        return Val(template.format(*[full(v) for v in vals]), kind, Card.ONE)

    return build


def _substring(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 2, 3, "substring")
    text = text_arg(gen, args, 0, focus, "substring")
    numbers = []
    for arg in args[1:]:
        val = gen.single(gen.value(arg, focus), "substring()")
        if val.kind in (Kind.UNT, Kind.LEAF):
            numbers.append(f"to_double({must(val, 'substring()')})")
        elif val.kind is Kind.NUM and val.card is Card.ONE:
            numbers.append(val.code)
        else:
            raise Unsupported("substring() takes one number for a place")
    if all(n.isdigit() for n in numbers):
        first = int(numbers[0]) - 1
        end = first + int(numbers[1]) if len(numbers) > 1 else None
        start = max(0, first)
        tail = "" if end is None else str(max(start, end))
        return Val(f"{full(text)}[{start}:{tail}]", Kind.STR, Card.ONE)
    return Val(f"substring({text.code}, {', '.join(numbers)})", Kind.STR, Card.ONE)


def _length(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 0, 1, "string-length")
    val = gen.value(args[0] if args else Dot(), focus)
    text = gen.text(val, "string-length()") if args else as_string(gen, val, "string-length()")
    return Val(f"len({full(text)})", Kind.NUM, Card.ONE, plain=True)


def _normalize(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 0, 1, "normalize-space")
    text = text_arg(gen, args, 0, focus, "normalize-space")
    return Val(f"normalize({text.code})", Kind.STR, Card.ONE)


def _pattern(gen: Gen, args: Args, at: int, focus: Focus, name: str) -> tuple[str, str]:
    """(pattern, flags) as code; a known pattern is checked now."""
    parts = []
    for index in (at, at + (2 if name == "replace" else 1)):
        if index >= len(args):
            parts.append("''")
            continue
        val = text_arg(gen, args, index, focus, name)
        parts.append(must(val, f"{name}()"))
    known = [gen.unit.literal(gen, args[i]) for i in range(at, len(args)) if i != 0]
    if isinstance(known[0], str) and (len(args) <= at + 1 or isinstance(known[-1], str)):
        flags = known[-1] if len(args) == (4 if name == "replace" else 3) else ""
        try:
            compiled(known[0], str(flags))
        except XPathFault as fault:
            raise Unsupported(str(fault)) from None
    return parts[0], parts[1]


def _matches(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 2, 3, "matches")
    text = text_arg(gen, args, 0, focus, "matches")
    known = gen.unit.literal(gen, args[1])
    flags = gen.unit.literal(gen, args[2]) if len(args) == 3 else ""
    if isinstance(known, str) and isinstance(flags, str):
        regex = gen.unit.regex(known, flags)
        return Val(f"({regex}({full(text)}) is not None)", Kind.BOOL, Card.ONE)
    pattern, options = _pattern(gen, args, 1, focus, "matches")
    return Val(f"matches({text.code}, {pattern}, {options})", Kind.BOOL, Card.ONE)


def _replace(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 3, 4, "replace")
    text = text_arg(gen, args, 0, focus, "replace")
    pattern, options = _pattern(gen, args, 1, focus, "replace")
    by = text_arg(gen, args, 2, focus, "replace")
    code = f"replace({text.code}, {pattern}, {must(by, 'replace()')}, {options})"
    return Val(code, Kind.STR, Card.ONE)


def _translate(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 3, 3, "translate")
    text, source, target = (text_arg(gen, args, at, focus, "translate") for at in range(3))
    maps = f"{must(source, 'translate()')}, {must(target, 'translate()')}"
    return Val(f"translate({text.code}, {maps})", Kind.STR, Card.ONE)


def _join(gen: Gen, args: Args, focus: Focus) -> Val:
    need(args, 1, 2, "string-join")
    quick = gen.unit.joined_text(gen, args, focus)
    if quick is not None:
        return quick
    items = gen.atomized(gen.value(args[0], focus))
    mark = text_arg(gen, args, 1, focus, "string-join") if len(args) > 1 else None
    separator = must(mark, "string-join()") if mark else "''"
    if items.kind is Kind.NONE:
        return Val("''", Kind.STR, Card.ONE)
    if items.kind not in TEXTUAL:
        raise Unsupported(f"string-join() of {items.kind.value}")
    return Val(f"{separator}.join({gen.many(items)})", Kind.STR, Card.ONE)


def _node_name(name: str, code_of: str) -> Handler:
    def build(gen: Gen, args: Args, focus: Focus) -> Val:
        need(args, 0, 1, name)
        val = gen.value(args[0] if args else Dot(), focus)
        if val.kind is Kind.NONE:
            return Val("''", Kind.STR, Card.ONE)
        if val.kind is Kind.LEAF and val.named and name == "name":
            code = val.code if val.card is not Card.MANY else f"one({val.code}, 'name()')"
            return Val(f"attr_name({code})", Kind.STR, Card.ONE)
        if val.kind is not Kind.NODE:
            raise Unsupported(f"{name}() of something that is not an element")
        if val.card is Card.ONE:
            return Val(code_of.format(val.code), Kind.STR, Card.ONE)
        code = val.code if val.card is Card.OPT else f"one({val.code}, '{name}()')"
        var = gen.temp("n")
        gen.emit(f"{var} = {code}")
        named = code_of.format(var)
        return Val(f"({named} if {var} is not None else '')", Kind.STR, Card.ONE)

    return build


STRINGS: dict[str, Handler] = {
    "string": _string,
    "concat": _concat,
    "substring": _substring,
    "string-length": _length,
    "normalize-space": _normalize,
    "matches": _matches,
    "replace": _replace,
    "string-join": _join,
    "contains": _simple("contains", 2, 2, "({1} in {0})", Kind.BOOL),
    "starts-with": _simple("starts-with", 2, 2, "({0}).startswith({1})", Kind.BOOL),
    "ends-with": _simple("ends-with", 2, 2, "({0}).endswith({1})", Kind.BOOL),
    "substring-before": _simple("substring-before", 2, 2, "before({0}, {1})"),
    "substring-after": _simple("substring-after", 2, 2, "after({0}, {1})"),
    "translate": _translate,
    "upper-case": _simple("upper-case", 1, 1, "({0}).upper()"),
    "lower-case": _simple("lower-case", 1, 1, "({0}).lower()"),
    "iri-to-uri": _simple("iri-to-uri", 1, 1, "iri_to_uri({0})"),
    "encode-for-uri": _simple("encode-for-uri", 1, 1, "encode_for_uri({0})"),
    "name": _node_name("name", "prefixed_name({})"),
    "local-name": _node_name("local-name", "{}[11].local"),
    "namespace-uri": _node_name("namespace-uri", "{}[11].space"),
}
