"""The documents that rules may ask for while judging: hash sets made when compiling."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from dmp_certify.finding import Text
from dmp_certify.packs.schematron.docs import parse_foreign
from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import Document
from dmp_certify.packs.schematron.starts import Starts
from dmp_certify.packs.verdict import NotDemonstrated

MAX_PATHS = 4096


class World:
    """What `doc()`, `document()` and `doc-available()` see: the pack, and nothing else."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._tables: dict[str, dict[Any, frozenset[Any]]] = data["tables"]
        self._bytes: dict[str, bytes] = data["documents"]
        self._starts = Starts(data["names"])
        self._open: dict[str, Document] = {}
        self._paths: dict[tuple[str, str], str] = {}
        self.saxon: Any = None  # answers for the rules that our engine does not run

    def _path(self, folder: str, name: str) -> str:
        known = self._paths.get((folder, name))
        if known is None:
            plain = unquote(name.split("#")[0].split("?")[0])
            known = posixpath.normpath(posixpath.join(folder, plain))
            if len(self._paths) > MAX_PATHS:
                self._paths.clear()
            self._paths[folder, name] = known
        return known

    def available(self, doc: Document, folder: str, name: str | None) -> bool:
        """Whether the table exists; an absent one is remembered, so that it can be said."""
        path = self._path(folder, name or "")
        if path in self._tables:
            return True
        doc.missing[path] = doc.missing.get(path, 0) + 1
        return False

    def lookup(
        self, doc: Document, name: str | None, key: tuple[str, str, tuple[str, ...]]
    ) -> frozenset[Any]:
        """The index of a table; FODC0002 when there is no such table."""
        folder, tag, names = key
        path = self._path(folder, name or "")
        if path not in self._tables:
            raise XPathFault("FODC0002", f"document {path!r} is not available")
        return self._tables[path].get((tag, names), frozenset())

    def document(self, key: str) -> Document:
        """A document of the pack as a node table."""
        if key not in self._open:
            data = self._bytes.get(key, b"<absent/>")
            self._open[key] = Document(parse_foreign(data, key), self._starts, self)
        return self._open[key]

    def silent(self, doc: Document) -> tuple[NotDemonstrated, ...]:
        """What was not checked because a table is not in the pack."""
        return tuple(
            NotDemonstrated("TERMINO", _unchecked(path, count))
            for path, count in sorted(doc.missing.items())
        )


def _unchecked(path: str, count: int) -> Text:
    """Which codes a table that is not there leaves unchecked."""
    if posixpath.basename(path).startswith("."):  # its name is that of a code system
        return Text(
            f"{count} code(s) non vérifié(s) : rien ne dit de quel système ils sont",
            f"{count} code(s) not checked: nothing tells which system they are from",
        )
    return Text(
        f"{count} code(s) non vérifié(s) : la terminologie « {path} » n'est pas "
        "dans le contenu publié",
        f"{count} code(s) not checked: the terminology “{path}” is not in the published content",
    )
