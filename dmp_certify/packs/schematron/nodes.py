"""The node table: one document as plain lists.

A node is a list indexed by the constants below. Names known to the pack are small positive
numbers; a name the pack never mentions gets a negative one. Attributes are a plain dict by
expanded name, shared by equal start tags. Children are grouped by name. Comments and processing
instructions are not nodes here: no rule of the supported language can see one, but they do split
text as XPath says.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

from lxml import etree

from dmp_certify.packs.schematron.reading import NOTHING, scan, walk
from dmp_certify.packs.schematron.reading import Node as Node
from dmp_certify.packs.schematron.starts import DOCUMENT as DOCUMENT
from dmp_certify.packs.schematron.starts import Look, Starts

TAG, ATTRS, KIDS, PARENT, CHILDREN, INDEX, END, ELEM, NEST, START, NAMES, LOOK = range(12)
NONE: tuple[Node, ...] = ()
_string = etree.XPath("string()", smart_strings=False)
_index = itemgetter(INDEX)


class Document:
    """One document: `root` is the document node, `nodes` every node in document order.

    `data`, the bytes that `elem` was parsed from, lets the table be built faster.
    """

    __slots__ = (
        "_looks",
        "_named",
        "_tags",
        "_twins",
        "cache",
        "elem",
        "missing",
        "nodes",
        "root",
        "starts",
        "world",
    )

    def __init__(
        self, elem: etree._Element, starts: Starts, world: Any, data: bytes | None = None
    ) -> None:
        self.elem = elem
        self.starts = starts
        self.world = world
        self.cache: dict[Any, Any] = {}
        self.missing: dict[str, int] = {}
        self._tags: dict[int, list[Node]] = {}
        self._twins: bool | None = None
        self._looks: defaultdict[Look, list[Node]] = defaultdict(list)
        self._named: defaultdict[int, list[Look]] = defaultdict(list)
        found = scan(data, elem, self._top(), starts) if data is not None else None
        self.nodes: list[Node] = found or walk(elem, self._top(), starts)
        self.root: Node = self.nodes[0]

    def _top(self) -> Node:
        """The row of the document node."""
        start = self.starts.top
        # fmt: off
        return [DOCUMENT, start.attrs, NOTHING, None, (), 0, 1, self.elem, None, start,
                start.kids, start.look]
        # fmt: on

    def tagged(self, tag: int) -> list[Node]:
        """The elements of that name, in document order."""
        found = self._tags.get(tag)
        if found is None:
            looks = self.looks()
            found = self._tags[tag] = _together([looks[one] for one in self._named.get(tag, ())])
        return found

    def looks(self) -> dict[Look, list[Node]]:
        """The nodes by what they look like, in document order: one pass serves all who seek."""
        if not self._looks:
            for node in self.nodes:
                self._looks[node[11]].append(node)
            for look in self._looks:
                self._named[look.tag].append(look)
        return self._looks

    def twins(self) -> bool:
        """Whether two names of the document differ by their namespace only."""
        if self._twins is None:
            self._twins = self.starts.twins({look.tag for look in self.looks()})
        return self._twins

    def bearing(self, names: frozenset[str]) -> list[Node]:
        """The elements that have one of these attributes, in document order."""
        looks = self.looks()
        return _together([looks[one] for one in looks if not names.isdisjoint(one.names)])

    def close(self) -> None:
        """Break the cycles between nodes, so that memory returns without a collection."""
        for node in self.nodes:
            node[3] = None
        self.nodes.clear()
        self.cache.clear()
        self._tags.clear()
        self._looks.clear()


def _together(groups: list[list[Node]]) -> list[Node]:
    """Lists of rows, each in document order, as one."""
    if len(groups) == 1:
        return groups[0]
    return sorted(itertools.chain(*groups), key=_index)


def descendants(doc: Document, node: Node, tag: int) -> list[Node]:
    """The descendant elements of that name, in document order."""
    found = doc.tagged(tag)
    if node[0] == DOCUMENT:
        return found
    first, last = node[5], node[6]
    return [n for n in found if first < n[5] < last]


def descendants_local(doc: Document, node: Node, local: str) -> list[Node]:
    """The descendant elements of that local name in any namespace, in document order."""
    groups = [found for tag in doc.starts.namesakes(local) if (found := doc.tagged(tag))]
    first, last = node[5], node[6]
    found = [n for members in groups for n in members if first < n[5] < last]
    return found if len(groups) < 2 else in_order(found)


def with_attribute(doc: Document, node: Node, name: str) -> list[Node]:
    """The element and its descendants that bear the attribute, in document order."""
    found = doc.cache.get(("with", name))
    if found is None:
        found = doc.cache[("with", name)] = doc.bearing(frozenset((name,)))
    if not found:
        return found
    first, last = node[5], node[6]
    return [n for n in found if first <= n[5] < last]


def breached(found: list[tuple[int, Exception | None]], node: Node) -> bool:
    """Whether one of `found` (index, dynamic error) is the element or below it; the first one
    decides, and raises what it holds."""
    if found:
        first, last = node[5], node[6]
        for at, fault in found:
            if first <= at < last:
                if fault is not None:
                    raise fault
                return True
    return False


def below(doc: Document, node: Node) -> list[Node]:
    """Every descendant element, in document order."""
    return doc.nodes[node[5] + 1 : node[6]]


def here_and_below(doc: Document, node: Node) -> list[Node]:
    return doc.nodes[node[5] : node[6]]


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Without duplicates, in document order."""
    unique = {node[5]: node for node in nodes}
    return [unique[key] for key in sorted(unique)]


def string_value(node: Node) -> str:
    """The XPath string value of an element or of the document node."""
    elem = node[7]
    if not len(elem):
        return elem.text or ""
    return str(_string(elem))


def is_blank(node: Node) -> bool:
    """Whether the string value holds nothing but white space."""
    elem = node[7]
    text = elem.text
    if text and text.strip(" \t\r\n"):
        return False
    if not len(elem):
        return True
    for child in node[4]:  # most often it is here that words are found
        text = child[7].text
        if text and text.strip(" \t\r\n"):
            return False
    return not str(_string(elem)).strip(" \t\r\n")


def texts(node: Node) -> list[str]:
    """The text nodes of an element, in order; a comment between two keeps them apart."""
    if node[0] == DOCUMENT:
        return []
    elem = node[7]
    found = [elem.text] if elem.text else []
    if len(elem):
        found += [child.tail for child in elem if child.tail]
    return found


def has_words(node: Node) -> bool:
    """Whether a text node of the element holds more than white space."""
    if node[0] == DOCUMENT:
        return False
    elem = node[7]
    text = elem.text
    if text and text.strip(" \t\r\n"):
        return True
    for child in elem:
        text = child.tail
        if text and text.strip(" \t\r\n"):
            return True
    return False


def has_text(node: Node) -> bool:
    if node[0] == DOCUMENT:
        return False
    elem = node[7]
    return bool(elem.text) or any(child.tail for child in elem)


def ancestors(node: Node) -> list[Node]:
    """The ancestors, nearest first, the document node last."""
    found = []
    node = node[3]
    while node is not None:
        found.append(node)
        node = node[3]
    return found


def siblings(node: Node, following: bool) -> list[Node]:
    """The following or the preceding sibling elements, in document order."""
    parent = node[3]
    if parent is None:
        return []
    mine = node[5]
    if following:
        return [n for n in parent[4] if n[5] > mine]
    return [n for n in parent[4] if n[5] < mine]


def prefixed_name(node: Node) -> str:
    """The name as it is written in the document, with its prefix."""
    if node[0] == DOCUMENT:
        return ""
    prefix = node[7].prefix
    local: str = node[11].local
    return f"{prefix}:{local}" if prefix else local


def location(node: Node) -> str:
    """The path of an element: names as written, an index from the second namesake on."""
    steps: list[str] = []
    if node[0] == DOCUMENT:
        node = node[4][0]
    while node[0] != DOCUMENT:
        name = prefixed_name(node)
        place = 1 + sum(
            1 for n in siblings(node, False) if n[0] == node[0] and prefixed_name(n) == name
        )
        steps.append(f"{name}[{place}]" if place > 1 else name)
        node = node[3]
    return "/" + "/".join(reversed(steps))
