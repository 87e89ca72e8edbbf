"""The node table: one document as plain lists, built by one walk of the lxml tree.

A node is a list indexed by the constants below. Names known to the pack are small positive
numbers; a name the pack never mentions gets a negative number that holds for the document only.
Attributes are a plain dict by expanded name. Children are grouped by name; when a name comes more
than once, the key `name + SEVERAL` is there too, so that the keys alone tell it. Comments and
processing instructions are not nodes here: no rule of the supported language can see one, but
they do split text as XPath says.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

TAG, ATTRS, KIDS, PARENT, CHILDREN, INDEX, END, ELEM, SHAPE = range(9)
DOCUMENT = -(1 << 40)
SEVERAL = 1 << 30
Node = list[Any]
NONE: tuple[Node, ...] = ()
_EMPTY: dict[Any, Any] = {}
_string = etree.XPath("string()", smart_strings=False)


class Document:
    """One document: `root` is the document node, `nodes` every node in document order."""

    __slots__ = ("_tags", "_twins", "cache", "elem", "extra", "names", "nodes", "root", "world")

    def __init__(self, elem: etree._Element, names: dict[str, int], world: Any) -> None:
        self.elem = elem
        self.names = names
        self.world = world
        self.extra: dict[str, int] = {}
        self.cache: dict[Any, Any] = {}
        self._tags: dict[int, list[Node]] | None = None
        self._twins: bool | None = None
        self.root: Node = [DOCUMENT, {}, {}, None, [], 0, 0, elem, None]
        self.nodes: list[Node] = [self.root]
        self._build(elem)

    def _build(self, top: etree._Element) -> None:
        """One row an element. Rows without attributes or children share one empty dict."""
        nodes, names, extra = self.nodes, self.names, self.extra
        append = nodes.append

        def visit(elem: Any, node: Node, kids: dict[int, list[Node]], below: list[Node]) -> None:
            for child in elem:
                tag = child.tag
                if tag.__class__ is not str:
                    continue
                code = names.get(tag)
                if code is None:
                    code = extra.setdefault(tag, -1 - len(extra))
                items = child.items()
                at = len(nodes)
                if len(child):
                    mine: dict[int, list[Node]] = {}
                    under: list[Node] = []
                    inner = [code, dict(items), mine, node, under, at, 0, child, None]
                    append(inner)
                    visit(child, inner, mine, under)
                    inner[6] = len(nodes)
                else:
                    attrs = dict(items) if items else _EMPTY
                    inner = [code, attrs, _EMPTY, node, (), at, at + 1, child, None]
                    append(inner)
                below.append(inner)
                if code in kids:
                    kids[code].append(inner)
                    kids[code + SEVERAL] = []
                else:
                    kids[code] = [inner]

        visit((top,), self.root, self.root[KIDS], self.root[CHILDREN])
        self.root[END] = len(nodes)

    def tags(self) -> dict[int, list[Node]]:
        """The elements by name, in document order."""
        if self._tags is None:
            found: dict[int, list[Node]] = {}
            for node in self.nodes:
                found.setdefault(node[0], []).append(node)
            found.pop(DOCUMENT, None)
            self._tags = found
        return self._tags

    def twins(self) -> bool:
        """Whether two names of the document differ by their namespace only."""
        if self._twins is None:
            firsts = [members[0][7].tag for members in self.tags().values()]
            locals_ = {str(tag).rpartition("}")[2] for tag in firsts}
            self._twins = len(locals_) < len(firsts)
        return self._twins

    def close(self) -> None:
        """Break the cycles between nodes, so that memory returns without a collection."""
        for node in self.nodes:
            node.clear()
        self.nodes.clear()
        self.cache.clear()
        self._tags = None


def descendants(doc: Document, node: Node, tag: int) -> list[Node]:
    """The descendant elements of that name, in document order."""
    found = doc.tags().get(tag)
    if found is None:
        return []
    if node[0] == DOCUMENT:
        return found
    first, last = node[5], node[6]
    return [n for n in found if first < n[5] < last]


def descendants_local(doc: Document, node: Node, local: str) -> list[Node]:
    """The descendant elements of that local name in any namespace, in document order."""
    groups = [
        members
        for members in doc.tags().values()
        if str(members[0][7].tag).rpartition("}")[2] == local
    ]
    first, last = node[5], node[6]
    found = [n for members in groups for n in members if first < n[5] < last]
    return found if len(groups) < 2 else in_order(found)


def with_attribute(doc: Document, node: Node, name: str) -> list[Node]:
    """The element and its descendants that bear the attribute, in document order."""
    found = doc.cache.get(("with", name))
    if found is None:
        found = doc.cache[("with", name)] = [n for n in doc.nodes if name in n[1]]
    if not found:
        return found
    first, last = node[5], node[6]
    return [n for n in found if first <= n[5] < last]


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
    return any(child.tail and child.tail.strip(" \t\r\n") for child in elem)


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


def tag_of(node: Node) -> str:
    """The expanded name; empty for the document node."""
    return "" if node[0] == DOCUMENT else str(node[7].tag)


def local_name(node: Node) -> str:
    return tag_of(node).rpartition("}")[2]


def space_of(node: Node) -> str:
    tag = tag_of(node)
    return tag[1:].partition("}")[0] if tag[:1] == "{" else ""


def prefixed_name(node: Node) -> str:
    """The name as it is written in the document, with its prefix."""
    if node[0] == DOCUMENT:
        return ""
    prefix = node[7].prefix
    local = local_name(node)
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
