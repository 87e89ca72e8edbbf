"""The documents that rules look into: value sets and terminologies, reduced to constants.

Compiling opens them; judging does not. What a rule asks of a known document becomes a constant or
a hash set; a document whose name depends on the document judged becomes a table of hash sets.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections import OrderedDict
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from dmp_certify.errors import PackError
from dmp_certify.finding import Text
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.nodes import Document
from dmp_certify.packs.schematron.starts import Starts
from dmp_certify.packs.schematron.syntax import Expr

if TYPE_CHECKING:
    from dmp_certify.packs.schematron.codegen.core import Gen
    from dmp_certify.packs.schematron.codegen.unit import Unit
    from dmp_certify.packs.schematron.codegen.values import Val

Names = tuple[str, ...]
Index = frozenset[Any]
MAX_TABLES = 6


class Library:
    """The documents of one pack while it is compiled."""

    def __init__(self, files: PackFiles) -> None:
        self.files = files
        self.names: dict[str, int] = {}
        self.starts = Starts(self.names, grows=True)  # a later expression may ask for any name
        self.kept: dict[str, bytes] = {}
        self.frames: dict[tuple[str, tuple[str, str], str, Names], None] = {}
        self.used: dict[str, None] = {}
        self._indexes: dict[tuple[str, str, Names], Index] = {}
        self._folded: dict[Any, Any] = {}
        self._tables: OrderedDict[str, Document | None] = OrderedDict()

    # -- one known document ------------------------------------------------------------------

    def locate(self, folder: str, name: str) -> str | None:
        """The file that `doc(name)` means, or None (said in the report) when there is none."""
        try:
            found = self.files.find(folder, name)
        except PackError as fault:
            raise Unsupported(str(fault)) from None
        wanted = self.files.resolve(folder, name) or name
        if found is None:
            self.absent(wanted)
            return None
        if not self.files.read(found).strip():
            self.files.repair(
                "empty",
                found,
                Text(f"« {found} » est vide (0 octet)", f"“{found}” is empty (0 bytes)"),
                _LEFT_EMPTY,
            )
            return None
        self.used[found] = None
        return found

    def absent(self, wanted: str) -> None:
        self.files.repair(
            "valueset",
            wanted,
            Text(
                f"le jeu de valeurs « {wanted} » n'est pas dans le contenu publié",
                f"the value set “{wanted}” is not in the published content",
            ),
            _LEFT_EMPTY,
        )

    def table(self, folder: str, name: str) -> Document | None:
        """The node table of a document; a few are kept at a time."""
        found = self.locate(folder, name)
        if found is None:
            return None
        if found in self._tables:
            self._tables.move_to_end(found)
            return self._tables[found]
        doc = Document(parse_foreign(self.files.read(found), found), self.starts, self)
        self._tables[found] = doc
        if len(self._tables) > MAX_TABLES:
            self._tables.popitem(last=False)
        return doc

    def open(self, folder: str, name: str) -> Document:
        """What compile-time code calls for `doc()`; an absent document counts as empty."""
        doc = self.table(folder, name)
        return doc or Document(etree.Element("absent"), self.starts, self)

    def keep(self, folder: str, name: str) -> str:
        """Take a document along for use when judging; its key."""
        found = self.locate(folder, name)
        if found is None:
            return ""
        self.kept[found] = self.files.read(found)
        return found

    def evaluate(self, unit: Unit, gen: Gen, expr: Expr) -> Val | None:
        """The items of an expression over documents, now."""
        from dmp_certify.packs.schematron.codegen.folding import run

        return run(self, unit, gen, expr)

    def index(self, folder: str, name: str, tag: str, names: Names) -> Index:
        """The set of `names` values of every element `tag` in the document."""
        found = self.locate(folder, name)
        if found is None:
            return frozenset()
        key = (found, tag, names)
        if key not in self._indexes:
            self._indexes[key] = build_index(self.files.read(found), tag, names)
        return self._indexes[key]

    # -- documents chosen by the document judged -----------------------------------------------

    def announce(self, folder: str, frame: tuple[str, str], tag: str, names: Names) -> None:
        self.frames[(folder, frame, tag, names)] = None

    def tables(self) -> dict[str, dict[tuple[str, Names], Index]]:
        """For each document that a name built by a rule can mean: its indexes."""
        found: dict[str, dict[tuple[str, Names], Index]] = {}
        for folder, (head, tail), tag, names in self.frames:
            start = posixpath.normpath(posixpath.join(folder, head + "x"))[:-1]
            pattern = f"{_quoted(start)}*{_quoted(tail)}"
            for name in sorted(self.files.sizes):
                if not fnmatch.fnmatchcase(name, pattern) or "/" in name[len(start) :]:
                    continue
                if self.locate("", name) is None:
                    continue
                index = build_index(self.files.read(name), tag, names)
                found.setdefault(name, {})[(tag, names)] = index
        return found


_LEFT_EMPTY = Text(
    "compté comme vide : aucun code n'y figure, et le contrôle n'est pas démontré",
    "counted as empty: no code is in it, and the check is not demonstrated",
)


def _quoted(text: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)


def parse_foreign(data: bytes, name: str) -> etree._Element:
    """The root of a document of the pack."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise Unsupported(f"document {name!r} is not well-formed: {fault.msg}") from None


def build_index(data: bytes, tag: str, names: Names) -> Index:
    """The values of `names` (`@a` or `text()`) over the elements `tag`, as a set."""
    found: set[Any] = set()
    events = etree.iterparse(
        BytesIO(data), events=("end",), tag=tag, resolve_entities=False, no_network=True
    )
    for _, elem in events:
        rows: list[tuple[str, ...]] = [()]
        for name in names:
            if name == "text()":
                values = [t for t in (elem.text, *(c.tail for c in elem)) if t]
            else:
                value = elem.get(name[1:])
                values = [] if value is None else [value]
            rows = [(*row, value) for row in rows for value in values]
        found.update(rows if len(names) > 1 else (row[0] for row in rows))
        elem.clear(keep_tail=True)
    return frozenset(found)
