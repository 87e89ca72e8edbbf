"""Our own XML Schemas of the messages (`profiles/schemas/`): lxml judges, xmlschema explains.

The schemas are as wide as the standards and the known doubts demand. xmlschema is thirty times
slower than lxml, so it is imported only to word a failure.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from dmp_certify import data
from dmp_certify.finding import Place
from dmp_certify.wire import ns
from dmp_certify.wire.xml import Element

_MOST = 10
_TYPE = f"{{{ns.PREFIXES['xsi']}}}type"


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
    twin, originals = _untyped(element.node)
    if judge.validate(twin):
        return
    words = str(judge.error_log).partition("\n")[0]
    explained = list(_explained(twin, schema))
    for culprit, reason in explained:
        yield Violation(
            Element(originals.get(culprit, element.node), element.artifact).place, reason
        )
    if not explained:
        yield Violation(element.place, words)


def _untyped(node: etree._Element) -> tuple[etree._Element, dict[etree._Element, etree._Element]]:
    """A copy without xsi:type, and the original of each of its elements.

    Any element may bear xsi:type (XML Schema part 1, 2.6.1), and some stacks write it everywhere.
    It names types of the standards' schemas, which ours do not name.
    """
    twin = copy.deepcopy(node)
    originals = dict(zip(twin.iter(), node.iter(), strict=True))
    for one in twin.iter(etree.Element):
        one.attrib.pop(_TYPE, "")
    return twin, originals


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(data.path("profiles", "schemas", f"{name}.xsd")))


@cache
def _explainer(name: str) -> Any:
    import xmlschema

    return xmlschema.XMLSchema(str(data.path("profiles", "schemas", f"{name}.xsd")))


def _explained(twin: etree._Element, schema: str) -> Iterator[tuple[etree._Element, str]]:
    """The culprits as xmlschema sees them, with its words; none when it cannot say."""
    import xmlschema

    try:
        # A schema that the message names is not ours, and reading it would leave this machine.
        errors = _explainer(schema).iter_errors(twin, use_location_hints=False)
        for error in itertools.islice(errors, _MOST):
            child = getattr(error, "invalid_child", None)
            culprit = next(
                (one for one in (child, error.elem) if isinstance(one, etree._Element)), twin
            )
            yield culprit, " ".join((error.reason or error.message).split())
    except xmlschema.XMLSchemaException:
        return
