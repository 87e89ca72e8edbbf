"""What generated code asks of nodes: names, siblings, attribute and text nodes in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dmp_certify.packs.schematron.atomic import SPACE
from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import (
    DOCUMENT,
    Document,
    Node,
    ancestors,
    here_and_below,
    string_value,
)
from dmp_certify.packs.schematron.regex import compiled


class Attr(str):
    """An attribute value that remembers its lexical name."""

    name: str


def named_attributes(node: Node) -> list[Attr]:
    """Every attribute as a value that knows its name, in document order."""
    if node[0] == DOCUMENT:
        return []
    found = []
    for key, value in node[7].items():
        item = Attr(value)
        item.name = lexical(node, key)
        found.append(item)
    return found


def lexical(node: Node, key: str) -> str:
    """An attribute name with the prefix that the document gives it."""
    if key[:1] != "{":
        return key
    uri, _, local = key[1:].partition("}")
    if uri == "http://www.w3.org/XML/1998/namespace":
        return f"xml:{local}"
    for prefix, bound in node[7].nsmap.items():
        if bound == uri and prefix:
            return f"{prefix}:{local}"
    return local


def attr_name(value: str | None) -> str:
    return value.name if isinstance(value, Attr) else ""


def resolve_qname(text: str | None, node: Node) -> tuple[str, str] | None:
    """`resolve-QName()`: (namespace, local name). The prefix itself never counts."""
    if text is None:
        return None
    prefix, colon, local = text.strip(SPACE).rpartition(":")
    if not _is_ncname(local) or (colon and not _is_ncname(prefix)):
        raise XPathFault("FOCA0002", f"{text!r} is not a QName")
    if prefix == "xml":
        return "http://www.w3.org/XML/1998/namespace", local
    uri = node[7].nsmap.get(prefix or None)
    if uri is None and prefix:
        raise XPathFault("FONS0004", f"the prefix {prefix!r} of {text!r} is not declared")
    return uri or "", local


def _is_ncname(text: str) -> bool:
    return ":" not in text and compiled(r"^\i\c*$").search(text) is not None


def same_name_siblings(node: Node) -> list[Node]:
    """The other children of the parent that share the local name, in document order."""
    parent = node[3]
    if parent is None:
        return []
    kids = parent[2]
    mine = kids[node[0]]
    if parent[10].plain(kids):
        return [n for n in mine if n is not node] if len(mine) > 1 else []
    local = node[11].local
    groups = [mine]
    for tag, members in kids.items():
        if tag != node[0] and members[0][11].local == local:
            groups.append(members)
    named = {id(n) for group in groups for n in group}
    return [n for n in parent[4] if n is not node and id(n) in named]


def leaves(doc: Document, nodes: Iterable[Node], attr: str | None) -> list[tuple[Any, str]]:
    """Attribute or text nodes of `nodes` with keys that sort in document order."""
    found: list[tuple[Any, str]] = []
    for node in nodes:
        if node[0] == DOCUMENT:
            continue
        if attr is not None:
            value = node[1].get(attr)
            if value is not None:
                found.append(((node[5], 1, list(node[1]).index(attr)), value))
            continue
        depth = len(ancestors(node))
        following = iter(node[4])
        after_index = node[5] + 1
        part = 0
        if node[7].text:
            found.append(((after_index, -depth, part), node[7].text))
        for child in node[7]:
            part += 1
            if isinstance(child.tag, str):
                after_index = next(following)[6]
            if child.tail:
                found.append(((after_index, -depth, part), child.tail))
    return found


def merged(*groups: list[tuple[Any, str]]) -> list[str]:
    """The union of leaf nodes, in document order."""
    if sum(1 for g in groups if g) == 1:
        found = next(g for g in groups if g)
    else:
        found = [item for group in groups for item in group]
    return [value for _, value in sorted(dict(found).items())]


def use_and_text(doc: Document, node: Node, attr: str) -> str:
    """`string-join((.//@attr | .//text()), '')` of one element."""
    known = doc.cache.setdefault(("use", attr), {})
    found = known.get(node[5])
    if found is None:
        under = here_and_below(doc, node)
        if any(attr in n[1] for n in under):
            found = "".join(merged(leaves(doc, under, attr), leaves(doc, under, None)))
        else:
            found = string_value(node)
        known[node[5]] = found
    return str(found)


def named_attribute(node: Node, key: str, value: str) -> Attr:
    """One attribute as a value that knows its name."""
    item = Attr(value)
    item.name = lexical(node, key)
    return item
