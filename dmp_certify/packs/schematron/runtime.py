"""What generated code calls: XPath functions and operators that need more than an expression.

An optional value is a `str` or None, a sequence is a list; `one` and its kin raise XPTY0004
where XPath allows at most one item.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_DOWN, Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from dmp_certify.packs.schematron.atomic import Number
from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.regex import compiled

_XML_NAME_EXTRA = "_-.\u00b7"


def one(items: Sequence[Any], what: str) -> Any:
    """The item, or None; XPTY0004 when there are several."""
    if len(items) > 1:
        raise XPathFault("XPTY0004", f"{what} takes one item at most and received {len(items)}")
    return items[0] if items else None


def required(value: Any, what: str) -> Any:
    """The value; XPTY0004 when there is none."""
    if value is None:
        raise XPathFault("XPTY0004", f"{what} takes one item and received none")
    return value


def truth(items: Sequence[Any]) -> bool:
    """The effective boolean value of a sequence of atomic values."""
    if len(items) > 1:
        raise XPathFault("FORG0006", f"a sequence of {len(items)} values has no truth value")
    return bool(items) and is_true(items[0])


def is_true(value: Any) -> bool:
    return value is not None and value == value and bool(value)


def substring(text: str | None, start: Number, length: Number | None = None) -> str:
    """`substring()`: positions from 1, halves rounded up, NaN gives nothing."""
    text = text or ""
    begin = _round(start)
    if math.isnan(begin):
        return ""
    if length is None:
        return text[max(0, int(begin) - 1) :] if begin != math.inf else ""
    end = begin + _round(length)
    if math.isnan(end) or begin == math.inf:
        return ""
    first = 0 if begin == -math.inf else max(0, int(begin) - 1)
    return text[first:] if end == math.inf else text[first : max(first, int(end) - 1)]


def _round(value: Number) -> float:
    number = float(value)
    return number if math.isinf(number) or math.isnan(number) else math.floor(number + 0.5)


def matches(text: str | None, pattern: str, flags: str = "") -> bool:
    return compiled(pattern, flags).search(text or "") is not None


def replace(text: str | None, pattern: str, by: str, flags: str = "") -> str:
    """`replace()`: FORX0003 when the pattern matches nothing, FORX0004 on a bad replacement."""
    regex = _separator(pattern, flags)
    pieces = _replacement(by, regex.groups)
    return regex.sub(
        lambda m: "".join(p if isinstance(p, str) else (m.group(p) or "") for p in pieces),
        text or "",
    )


def _replacement(by: str, groups: int) -> list[str | int]:
    pieces: list[str | int] = []
    at = 0
    while at < len(by):
        char = by[at]
        follow = by[at + 1 : at + 2]
        if char == "\\" and follow in ("\\", "$") and follow:
            pieces.append(follow)
            at += 2
        elif char == "$" and follow.isascii() and follow.isdigit():
            at += 2
            group = int(follow)
            while by[at : at + 1].isascii() and by[at : at + 1].isdigit():
                if group * 10 + int(by[at]) > groups:
                    break
                group = group * 10 + int(by[at])
                at += 1
            pieces.append(0 if group == 0 else group if group <= groups else "")
        elif char in "\\$":
            raise XPathFault("FORX0004", f"invalid replacement string {by!r}")
        else:
            pieces.append(char)
            at += 1
    return pieces


@lru_cache(maxsize=1024)
def _separator(pattern: str, flags: str) -> re.Pattern[str]:
    """The compiled pattern, once it is known not to match the empty string."""
    regex = compiled(pattern, flags)
    if regex.search(""):
        raise XPathFault("FORX0003", f"the pattern {pattern!r} matches the empty string")
    return regex


def tokenize(text: str | None, pattern: str, flags: str = "") -> list[str]:
    if text is None:
        return []
    regex = _separator(pattern, flags)
    if not text:
        return []
    parts: list[str] = []
    at = 0
    for match in regex.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
    return [*parts, text[at:]]


def normalize(text: str | None) -> str:
    """`normalize-space()`: only the four XML white space characters count."""
    if not text:
        return ""
    if text.isascii():
        for char in "\x0b\x0c\x1c\x1d\x1e\x1f":
            if char in text:
                break
        else:
            return " ".join(text.split())
    cleaned = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return " ".join(part for part in cleaned.split(" ") if part)


def before(text: str | None, mark: str | None) -> str:
    if not text or not mark:
        return ""
    head, found, _ = text.partition(mark)
    return head if found else ""


def after(text: str | None, mark: str | None) -> str:
    if not mark:
        return text or ""
    return (text or "").partition(mark)[2]


def translate(text: str | None, source: str, target: str) -> str:
    table: dict[int, str | None] = {}
    for at, char in enumerate(source):
        table.setdefault(ord(char), target[at] if at < len(target) else None)
    return (text or "").translate(table)


def compared(op: str, left: Number, right: Number) -> bool:
    """Two numbers compared; a decimal beside a double is made a double, as XPath promotes it."""
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return bool(_COMPARE[op](left, right))


_COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def distinct(items: Iterable[Any]) -> list[Any]:
    """`distinct-values()`; NaN equals itself, a number never equals a string."""
    items = list(items)
    if any(isinstance(item, float) for item in items):
        items = [float(v) if isinstance(v, Decimal) else v for v in items]
    return list({("nan",) if v != v else (isinstance(v, str), v): v for v in items}.values())


def iri_to_uri(text: str | None) -> str:
    return quote(text or "", safe="!#$%&'()*+,/:;=?@[]~-._")


def encode_for_uri(text: str | None) -> str:
    return quote(text or "", safe="-_.~")


def arithmetic(op: str, left: Number | None, right: Number | None) -> Number | None:
    """`+ - * div idiv mod` with XPath's promotion; None when an operand is empty."""
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        return _float_arithmetic(op, float(left), float(right))
    try:
        return _exact_arithmetic(op, left, right)
    except (DivisionByZero, InvalidOperation, ZeroDivisionError):
        raise XPathFault("FOAR0001", "division by zero") from None


def _exact_arithmetic(op: str, left: int | Decimal, right: int | Decimal) -> Number:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    a, b = Decimal(left), Decimal(right)
    if op == "div":
        return _quotient(a, b)
    whole = int(a / b) if not isinstance(left, int) or not isinstance(right, int) else None
    if whole is None:
        quotient = abs(int(left)) // abs(int(right))
        whole = quotient if (left < 0) == (right < 0) else -quotient
    return whole if op == "idiv" else left - right * whole


def _quotient(left: Decimal, right: Decimal) -> Decimal:
    """A decimal quotient: 18 places, as Saxon keeps them."""
    with localcontext() as context:
        context.prec = 80
        exact = left / right
        places = max(18, *(-int(v.as_tuple().exponent) for v in (left, right)))
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_DOWN).normalize()


def _float_arithmetic(op: str, left: float, right: float) -> Number:
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    if op == "div":
        if right:
            return left / right
        if left == 0 or left != left or right != right:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    if op == "mod":
        return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)
    if right == 0 or left != left or right != right or math.isinf(left):
        raise XPathFault("FOAR0001", "integer division is not possible")
    return int(left / right)
