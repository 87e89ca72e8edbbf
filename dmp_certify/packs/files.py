"""The files of a pack: found inside it and nowhere else, whatever their case.

A pack is untrusted. A reference that leaves its folder, an absolute path, a URL and a symbolic
link are refused or ignored; nothing outside the folder is ever opened.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from dmp_certify.errors import PackError
from dmp_certify.finding import Text

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
MAX_FILE = 400 * 1024 * 1024


class Repair(NamedTuple):
    """One thing broken in a pack and what was done about it, in plain words."""

    kind: str
    path: str
    what: Text
    done: Text


class PackFiles:
    """The tree under `root`. `overlay` holds the files that a repair rebuilt, by path."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.overlay: dict[str, bytes] = {}
        self.repairs: dict[tuple[str, str], Repair] = {}
        self.sizes: dict[str, int] = {}
        for folder, _, names in os.walk(root, followlinks=False):
            for name in names:
                path = Path(folder, name)
                if not path.is_symlink() and path.is_file():
                    self.sizes[path.relative_to(root).as_posix()] = path.stat().st_size
        self._folded: dict[str, list[str]] = {}
        for path_name in sorted(self.sizes):
            self._folded.setdefault(path_name.casefold(), []).append(path_name)

    def digest(self) -> str:
        """SHA-256 over the names and contents of the whole tree."""
        whole = hashlib.sha256()
        for name in sorted(self.sizes):
            inner = hashlib.sha256(Path(self.root, name).read_bytes()).hexdigest()
            whole.update(f"{inner}  {name}\n".encode())
        return whole.hexdigest()

    def repair(self, kind: str, path: str, what: Text, done: Text) -> None:
        self.repairs.setdefault((kind, path), Repair(kind, path, what, done))

    def resolve(self, folder: str, href: str) -> str | None:
        """The normalised path of `href` seen from `folder`; None when it is not a plain path.

        `PackError` when it leaves the pack.
        """
        if _SCHEME.match(href) or href.startswith(("/", "\\")) or "\x00" in href:
            raise PackError(f"reference {href!r} leaves the pack: only paths inside it are read")
        plain = posixpath.normpath(posixpath.join(folder, unquote(href.split("#")[0])))
        if plain == ".." or plain.startswith("../"):
            raise PackError(f"reference {href!r} leaves the pack: only paths inside it are read")
        return plain if plain != "." else None

    def find(self, folder: str, href: str) -> str | None:
        """The file meant by `href`, or None; a name in another case is found and said."""
        wanted = self.resolve(folder, href)
        if wanted is None:
            return None
        if wanted in self.overlay or wanted in self.sizes:
            return wanted
        others = self._folded.get(wanted.casefold(), [])
        if not others:
            return None
        self.repair(
            "case",
            wanted,
            Text(
                f"le fichier « {wanted} » est publié sous le nom « {others[0]} »",
                f"the file “{wanted}” is published as “{others[0]}”",
            ),
            Text("trouvé sans tenir compte de la casse", "found without regard to case"),
        )
        return others[0]

    def read(self, name: str) -> bytes:
        """The bytes of a file found by `find`."""
        if name in self.overlay:
            return self.overlay[name]
        if self.sizes[name] > MAX_FILE:
            raise PackError(f"{name}: {self.sizes[name]} bytes is more than a pack file may hold")
        return Path(self.root, name).read_bytes()
