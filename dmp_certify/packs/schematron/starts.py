"""What start tags and lists of children have in common: read once, then recognised.

The start tags of a document, and of the documents after it, are mostly the same ones over and
over. Each distinct one is read once (`Start`): its name, its attributes, what it looks like to
the rules (`Look`). The names of the children of an element are recognised in the same way, by
following one transition a child from its look on (`Kids`): elements that look alike and have
alike children are told by one identity, without looking at a single name again.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

SEVERAL = 1 << 30
DOCUMENT = -(1 << 40)
MAX_STARTS = 40_000
MAX_KIDS = 30_000


class Look:
    """What the rules can tell of an element from its start tag, values left aside.

    `tag` is its number (negative when the pack never mentions the name), `names` the names of
    its attributes. The document node has a look without name.
    """

    __slots__ = ("local", "name", "names", "space", "tag")

    def __init__(self, tag: int, name: str, names: frozenset[str]) -> None:
        self.tag, self.name, self.names = tag, name, names
        space, _, self.local = name.rpartition("}")
        self.space = space[1:]


class Kids:
    """The look of an element and the names of its children. `names` holds their numbers, and
    `n + SEVERAL` for a name that comes more than once; `ids` the known templateIds; `many` the
    repeated names."""

    __slots__ = ("_plain", "ids", "look", "many", "names", "next")

    def __init__(
        self, look: Look, names: frozenset[int] = frozenset(), ids: frozenset[str] = frozenset()
    ) -> None:
        self.look, self.names, self.ids = look, names, ids
        self.many = frozenset(n - SEVERAL for n in names if n >= SEVERAL // 2)
        self.next: dict[Any, Kids] = {}
        self._plain: bool | None = None

    def plain(self, kids: dict[int, Any]) -> bool:
        """Whether no two of these names differ by their namespace only; `kids` are the rows."""
        if self._plain is None:
            self._plain = len({rows[0][11].local for rows in kids.values()}) == len(kids)
        return self._plain


class Start:
    """One distinct start tag. `key` is what it means to the list of children it stands in; `kids`
    the empty list of its own; `closed` is for the reader; `seen` holds what the rules that read
    nothing but the tag have said of it. `attrs` is shared: it is never changed."""

    __slots__ = ("attrs", "closed", "key", "kids", "look", "seen", "tag")

    def __init__(self, kids: Kids, attrs: dict[str, str], key: Any) -> None:
        self.kids, self.attrs, self.key = kids, attrs, key
        self.look = kids.look
        self.tag = kids.look.tag
        self.closed = 0
        self.seen: dict[Any, Any] = {}


class Starts:
    """Every start tag and every list of children met so far, up to a bound.

    `names` gives the numbers of element names; `keys` (a child and its attribute) and `idents`
    tell which children identify a template, and the identifiers that count.
    """

    def __init__(
        self,
        names: dict[str, int],
        keys: tuple[str, str] = ("", ""),
        idents: frozenset[str] = frozenset(),
        *,
        grows: bool = False,
    ) -> None:
        self.names = names
        self.child, self.attr = keys
        self.idents = idents
        self.grows = grows
        self._forget()

    def _forget(self) -> None:
        self._extra: dict[str, int] = {}
        self._looks: dict[Any, Kids] = {}
        self._locals: dict[int, str] = {}
        self._namesakes: dict[str, list[int]] = {}
        self._twins: dict[frozenset[int], bool] = {}
        self._kids: dict[Any, Kids] = {}
        self.top = Start(Kids(Look(DOCUMENT, "", frozenset())), {}, None)
        self.memos: dict[Any, dict[bytes, Any]] = {}
        self._older: dict[Any, dict[bytes, Any]] = {}
        self.generation = getattr(self, "generation", 0) + 1

    def trim(self) -> None:
        """Let go of what has grown too large. Called between documents only."""
        if max(len(self._kids), len(self._looks), len(self._twins)) > MAX_KIDS:
            self._forget()
        elif sum(map(len, self.memos.values())) > MAX_STARTS:
            self._older, self.memos = self.memos, {}

    def forget_tags(self) -> None:
        """Let go of every start tag, of nothing else."""
        self.memos, self._older = {}, {}

    def memo(self, spaces: Any) -> dict[bytes, Any]:
        """The start tags known by their bytes, under these namespace declarations."""
        return self.memos.setdefault(spaces, {})

    def older(self, spaces: Any, raw: bytes) -> Any:
        """A start tag that was known before the last trim."""
        return self._older.get(spaces, {}).get(raw)

    def number(self, name: str) -> int:
        """The number of an element name; negative when the pack never mentions it."""
        code = self.names.get(name)
        if code is None:
            if self.grows:
                code = self.names[name] = len(self.names) + 1
            else:
                code = self._extra.setdefault(name, -1 - len(self._extra))
        return code

    def twins(self, codes: set[int]) -> bool:
        """Whether two of these names differ by their namespace only."""
        found = frozenset(codes)
        if found not in self._twins:
            mine = [self._locals[code] for code in found if code in self._locals]
            self._twins[found] = len(set(mine)) < len(mine)
        return self._twins[found]

    def namesakes(self, local: str) -> list[int]:
        """The numbers of the names met that have this local name."""
        return self._namesakes.get(local, [])

    def start(self, elem: etree._Element) -> Start:
        """The start tag of an element, read from lxml."""
        name = str(elem.tag)
        code = self.number(name)
        attrs: dict[str, str] = dict(elem.items())  # type: ignore[arg-type]
        mark = (code, frozenset(attrs))
        kids = self._looks.get(mark)
        if kids is None:
            look = Look(code, name, mark[1])
            kids = self._looks[mark] = Kids(look)
            if code not in self._locals:
                self._locals[code] = look.local
                self._namesakes.setdefault(look.local, []).append(code)
        key: Any = code
        if name == self.child and attrs.get(self.attr) in self.idents:
            key = (code, attrs[self.attr])
        return Start(kids, attrs, key)

    def after(self, kids: Kids, start: Start) -> Kids:
        """The list of children `kids` with one more; remembered as a transition."""
        code, key = start.tag, start.key
        names = kids.names | {code + SEVERAL if code in kids.names else code}
        ids = kids.ids | {key[1]} if key.__class__ is tuple else kids.ids
        mark = (kids.look, names, ids)
        found = self._kids.get(mark)
        if found is None:
            found = self._kids[mark] = Kids(*mark)
        kids.next[key] = found
        return found
