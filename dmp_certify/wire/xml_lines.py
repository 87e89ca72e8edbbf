"""The line of an element beyond the 65535th, where libxml2 keeps no number of its own.

There libxml2 answers with the line where the nearest text ends, found by a walk (first child, then
next sibling); where it meets no text it answers 65535. The walk is followed again here, and the
line breaks of that text are taken off. A start tag of several lines counts at its last, as it does
for libxml2 elsewhere.
"""

from __future__ import annotations

from typing import cast

from lxml import etree

LAST_SURE = 65535
_STEPS = 64


def line_of(node: etree._Element) -> int | None:
    """The line on which the node's start tag ends, or None when the parser kept none."""
    taken = 0
    for _ in range(_STEPS):
        found = cast("int | None", node.sourceline)
        if found is None:
            return None
        if found < LAST_SURE:
            return found - taken
        if found > LAST_SURE:
            return found - taken - _overshoot(node)
        following, gap = _next(node)
        if following is None:
            break
        node, taken = following, taken + gap
    return LAST_SURE


def _overshoot(node: etree._Element) -> int:
    """How many lines the text whose end is reported goes beyond the node's own line."""
    for _ in range(_STEPS):
        element = isinstance(node.tag, str)
        if element and node.text:
            return _breaks(node.text)
        if element and len(node):
            node = node[0]
            continue
        if node.tail:
            return _breaks(node.tail)
        following = node.getnext()
        if following is None:
            return 0
        node = following
    return 0


def _next(node: etree._Element) -> tuple[etree._Element | None, int]:
    """The node whose start comes next in the document, and the line breaks up to it."""
    if isinstance(node.tag, str) and len(node):
        return node[0], _breaks(node.text)
    gap = 0 if isinstance(node.tag, str) else _breaks(node.text)
    current: etree._Element | None = node
    while current is not None:
        gap += _breaks(current.tail)
        following = current.getnext()
        if following is not None:
            return following, gap
        current = current.getparent()
        if current is not None and current.getparent() is None:
            break
    return None, gap


def _breaks(text: str | None) -> int:
    return (text or "").count("\n")
