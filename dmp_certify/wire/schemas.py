"""Our own XML Schemas of the messages (`profiles/schemas/`): lxml judges, xmlschema explains.

The schemas are as wide as the standards and the known doubts demand. xmlschema is thirty times
slower than lxml, so it is imported only to word a failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from dmp_certify import data
from dmp_certify.finding import Place
from dmp_certify.wire.xml import Element

_MOST = 10


@dataclass(frozen=True, slots=True)
class Violation:
    """One departure from a schema: where, and why in the words of the validator (English)."""

    place: Place
    reason: str


def violations(element: Element, schema: str) -> Iterator[Violation]:
    """What keeps the element from being valid for that schema; at most ten departures."""
    judge = _schema(schema)
    if judge.validate(element.node):
        return
    explained = list(_explained(element, schema))
    if explained:
        yield from explained
        return
    yield Violation(element.place, str(judge.error_log).partition("\n")[0])


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(data.path("profiles", "schemas", f"{name}.xsd")))


@cache
def _explainer(name: str) -> Any:
    import xmlschema

    return xmlschema.XMLSchema(str(data.path("profiles", "schemas", f"{name}.xsd")))


def _explained(element: Element, schema: str) -> Iterator[Violation]:
    """The same failures as xmlschema words them; nothing when it sees none."""
    errors = _explainer(schema).iter_errors(element.node)
    for number, error in enumerate(errors):
        if number == _MOST:
            return
        child = getattr(error, "invalid_child", None)
        culprit = next(
            (one for one in (child, error.elem) if isinstance(one, etree._Element)), element.node
        )
        place = Element(culprit, element.artifact).place
        yield Violation(place, " ".join((error.reason or error.message).split()))
