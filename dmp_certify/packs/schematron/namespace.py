"""The names that generated code may use, and nothing else: no builtins beyond a few."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from dmp_certify.packs.schematron import atomic, nodes, runtime, selection
from dmp_certify.packs.schematron.atomic import Number
from dmp_certify.packs.schematron.errors import XPathFault

_BUILTINS = {
    name: __builtins__[name] if isinstance(__builtins__, dict) else getattr(__builtins__, name)
    for name in (
        "any", "all", "bool", "tuple", "dict", "enumerate", "float", "frozenset", "len", "list",
        "None", "sorted", "str", "True", "False", "zip", "Exception",
    )
}  # fmt: skip


def add(found: list[int] | None, at: int) -> list[int]:
    """Note one more failing check."""
    if found is None:
        return [at]
    found.append(at)
    return found


def add_all(found: list[int] | None, more: tuple[int, ...]) -> list[int]:
    """Note several failing checks."""
    return [*found, *more] if found else list(more)


def total(items: list[Number]) -> Number:
    """`sum()`; 0 when empty."""
    result: Number = 0
    for item in items:
        result = runtime.arithmetic("+", result, item) or 0
    return result


def rounded(name: str, value: Number | None) -> Number | None:
    """`floor`, `ceiling`, `round` and `abs`, keeping the type of the number."""
    if value is None:
        return None
    if name == "abs":
        return value if value >= 0 else -value
    if isinstance(value, float) and (math.isnan(value) or math.isinf(value)):
        return value
    if name == "round":
        whole = math.floor(float(value) + 0.5) if isinstance(value, float) else _half_up(value)
    else:
        whole = math.floor(value) if name == "floor" else math.ceil(value)
    if isinstance(value, Decimal):
        return Decimal(whole)
    if isinstance(value, int):
        return whole
    return math.copysign(float(whole), value) if whole == 0 else float(whole)


def _half_up(value: int | Decimal) -> int:
    return math.floor(value + Decimal("0.5"))


def to_integer(text: str) -> int:
    if not atomic.castable(text, "integer"):
        raise XPathFault("FORG0001", f"{text!r} is not an integer")
    return int(text.strip(atomic.SPACE))


def to_decimal(text: str) -> Decimal:
    if not atomic.castable(text, "decimal"):
        raise XPathFault("FORG0001", f"{text!r} is not a decimal")
    return Decimal(text.strip(atomic.SPACE))


def functions() -> dict[str, Any]:
    """A fresh global namespace for one compiled schema."""
    space: dict[str, Any] = {"__builtins__": dict(_BUILTINS), "NONE": (), "NAN": math.nan}
    space |= {"DOCUMENT": nodes.DOCUMENT, "Decimal": Decimal, "XPathFault": XPathFault}
    space |= {
        "add": add,
        "add_all": add_all,
        "total": total,
        "rounded": rounded,
        "to_integer": to_integer,
        "to_decimal": to_decimal,
    }
    for module, names in _NAMES.items():
        for name in names.split():
            space[name] = getattr(module, name)
    return space


_NAMES = {
    atomic: "number to_double to_boolean show date_time castable",
    nodes: "descendants descendants_local with_attribute breached is_blank below "
    "here_and_below in_order string_value texts has_words has_text ancestors siblings "
    "prefixed_name",
    runtime: "one required compared truth is_true substring matches replace tokenize normalize "
    "before after translate distinct iri_to_uri encode_for_uri arithmetic",
    selection: "named_attributes named_attribute attr_name resolve_qname same_name_siblings leaves "
    "merged use_and_text",
}
