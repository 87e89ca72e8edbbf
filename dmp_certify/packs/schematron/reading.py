"""Builds the node table of a document.

Two ways, one result. The quick one looks at the bytes between two `<`: libxml2 has already
found them well-formed, a start tag seen before is recognised whole, and only a new one is read
from lxml. It needs an encoding that keeps ASCII as it is, and no DTD; it gives up, and the other
walks the tree, when it meets anything else or counts other elements than libxml2 did.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from dmp_certify.packs.schematron.starts import Kids, Start, Starts

Node = list[Any]
Recall = Callable[[bytes], Any]
NOTHING: dict[Any, Any] = {}
_SLASH, _LETTERS, _SPACE, _HYPHEN = ord("/"), ord("@"), ord(" "), ord("-")
_INDENT, _SHORT, _LONG, _SPARSE = 120, 400, 32768, 600
_PLAIN = frozenset(
    ["UTF-8", "UTF8", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-15", "WINDOWS-1252"]
)
_OPENS, _CLOSED, _DECLARES = 0, 1, 2
_TAG = re.compile(rb"""[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_ENDS = {b"!-": b"-->", b"![": b"]]>", b"?": b"?>"}


def row(start: Start, parent: Node, at: int, elem: etree._Element) -> Node:
    """One row of the table, without children yet; the indexes are named in `nodes`."""
    return [
        start.tag, start.attrs, NOTHING, parent, (), at, at + 1, elem, None, start,
        start.kids, start.look,
    ]  # fmt: skip


def adopt(parent: Node, child: Node, starts: Starts) -> None:
    """Put a row among the children of its parent."""
    code, start, kids = child[0], child[9], parent[2]
    if kids is NOTHING:
        parent[2] = {code: [child]}
        parent[4] = [child]
    else:
        parent[4].append(child)
        if code in kids:
            kids[code].append(child)
        else:
            kids[code] = [child]
    known: Kids = parent[10]
    parent[10] = known.next.get(start.key) or starts.after(known, start)


def walk(top: etree._Element, root: Node, starts: Starts) -> list[Node]:
    """The table, by a walk of the tree."""
    nodes = [root]
    waiting = [(top, root)]
    while waiting:
        elem, parent = waiting.pop()
        node = row(starts.start(elem), parent, len(nodes), elem)
        nodes.append(node)
        adopt(parent, node, starts)
        if len(elem):
            waiting += [(child, node) for child in reversed(elem) if child.tag.__class__ is str]
    _close(nodes)
    return nodes


def _close(nodes: list[Node]) -> None:
    """Say of each row where its descendants end: after its last child's."""
    for node in reversed(nodes):
        if node[4]:
            node[6] = node[4][-1][6]


class _NotPlain(Exception):
    """The bytes hold what the quick way does not read."""


def scan(data: bytes, top: etree._Element, root: Node, starts: Starts) -> list[Node] | None:
    """The table, from the bytes that libxml2 has parsed; None when they are not plain enough."""
    info = top.getroottree().docinfo
    encoding = (info.encoding or "UTF-8").upper()
    if encoding not in _PLAIN or info.internalDTD is not None:
        return None
    reader = _Reader(data, list(top.iter("*")), starts, encoding)
    try:
        nodes = reader.rows(root)
    except (_NotPlain, IndexError, TypeError):  # other elements than libxml2 counted
        nodes = []
    if len(nodes) != len(reader.elems) + 1:
        starts.forget_tags()  # some may have been read from another element than their own
        return None
    return nodes


def _shortened(data: bytes) -> bytes:
    """The bytes without the long texts that follow a start tag: base64 is not copied. A text with
    `>` in it stays: it may be the rest of an attribute, or of a comment that shows a tag."""
    kept = []
    begin = at = 0
    while at < len(data):
        if data.find(b"<", at, at + _LONG) >= 0:
            at += _LONG
            continue
        start = data.rfind(b"<", begin, at)  # of the tag that the long text follows
        end = data.find(b"<", at)
        end = end if end >= 0 else len(data)
        close = data.find(b">", start) + 1
        cut = start >= 0 and data[start + 1] > _LETTERS and data.find(b">", close, end) < 0
        kept.append(data[begin : close if cut else end])
        begin = at = end
    return b"".join([*kept, data[begin:]])


class _Reader:
    """One scan. `rows` is the loop that every byte of every document goes through."""

    def __init__(
        self, data: bytes, elems: list[etree._Element], starts: Starts, encoding: str
    ) -> None:
        sparse = len(data) > _SPARSE * len(elems)
        self.chunks = iter((_shortened(data) if sparse else data).split(b"<"))
        self.elems = elems
        self.starts = starts
        self.encoding = encoding
        self.left: list[tuple[Any, Any, Any]] = []
        self.context: Any = None
        self.memo: dict[bytes, Any] = {}
        self._enter(elems[0], None)

    def _enter(self, elem: etree._Element, holder: Node | None) -> Recall:
        """Go on with the start tags known under the namespaces in scope at `elem`; `holder` is
        the row whose declarations were in force until now."""
        self.left.append((holder, self.context, self.memo))
        self.context = (self.encoding, *elem.nsmap.items())
        self.memo = self.starts.memo(self.context)
        return self.memo.get

    def _leave(self) -> tuple[Node | None, Recall]:
        """Go back to the declarations that were in force before."""
        holder, self.context, self.memo = self.left.pop()
        return holder, self.memo.get

    def rows(self, root: Node) -> list[Node]:
        """The rows; `row` and `adopt` are written out here, for speed."""
        known: Recall = self.memo.get
        elems, starts, nodes = self.elems, self.starts, [root]
        node, at, holder = root, 1, None
        next(self.chunks)
        for chunk in self.chunks:
            if chunk[0] == _SLASH:
                node[6] = at
                if node is holder:
                    holder, known = self._leave()
                node = node[3]
                continue
            start = (len(chunk) < _SHORT and known(chunk)) or self._unknown(chunk, at)
            if start is None:
                continue
            code = start.tag
            # fmt: off
            inner = [code, start.attrs, NOTHING, node, (), at, (at := at + 1), elems[at - 2], None,
                     start, start.kids, start.look]
            # fmt: on
            nodes.append(inner)
            kids = node[2]
            if kids is NOTHING:
                node[2] = {code: [inner]}
                node[4] = [inner]
            else:
                node[4].append(inner)
                if code in kids:
                    kids[code].append(inner)
                else:
                    kids[code] = [inner]
            node[10] = node[10].next.get(start.key) or starts.after(node[10], start)
            if start.closed != _CLOSED:
                node = inner
                if start.closed == _DECLARES:
                    known = self._enter(elems[at - 2], holder)
                    holder = inner
        root[6] = at
        return nodes

    def _unknown(self, chunk: bytes, at: int) -> Start | None:
        """The start tag that a chunk begins with, when the chunk as a whole is not known; None
        for a comment and the like."""
        if chunk[0] < _LETTERS:
            if chunk[1] != _HYPHEN or chunk.find(b"-->", 3) < 0:  # not a whole comment
                self._skip(chunk)
            return None
        raw = chunk[: chunk.find(b">") + 1]
        start: Start | None = self.memo.get(raw)
        if start is None:
            start = self._new(chunk, at)
        elif chunk[-1] <= _SPACE and len(chunk) < len(raw) + _INDENT:
            self.memo[chunk] = start  # only white space follows, nearly always the same
        return start

    def _new(self, chunk: bytes, at: int) -> Start:
        """A start tag not met before, or no longer known."""
        match = _TAG.match(chunk)
        if match is None:
            raise _NotPlain
        raw = match.group()
        start: Start | None = self.starts.older(self.context, raw)
        if start is None:
            start = self.starts.start(self.elems[at - 1])
            if raw.endswith(b"/>"):
                start.closed = _CLOSED
            if b"xmlns" in raw:  # what it means does not follow from what is in scope outside
                start.closed = start.closed or (_DECLARES if at > 1 else _OPENS)
                return start
        self.memo[raw] = start
        return start

    def _skip(self, chunk: bytes) -> None:
        """Pass over a comment, a CDATA section or a processing instruction, `<` in it or not."""
        end = _ENDS.get(chunk[:1]) or _ENDS.get(chunk[:2])
        if end is None:
            raise _NotPlain
        rest = chunk[3:] if end == b"-->" else chunk[1:]
        while end not in rest:
            following = next(self.chunks, None)
            if following is None:
                raise _NotPlain
            rest = following
