"""Where the documents of a bulk run come from.

A path is a folder (its `*.xml`, recursively, in the order of their names), a zip (its `*.xml`
members), a list (`@file`, one path a line) or one document. Documents are named by path, or by
`archive.zip!member`, and read only when their turn comes.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dmp_certify.errors import ConfigurationError

SUFFIXES = (".xml",)


@dataclass(frozen=True, slots=True)
class Item:
    """One document to judge. `key` names it in results and for `--resume`."""

    key: str
    path: Path
    member: str = ""

    def read(self, limit: int) -> bytes:
        """The bytes, at most `limit` + 1 of them, so that a longer one is told from a fitting one.

        Raises OSError, zipfile.BadZipFile or RuntimeError (encrypted member).
        """
        if not self.member:
            with self.path.open("rb") as stream:
                return stream.read(limit + 1)
        with _archive(self.path).open(self.member) as stream:
            return stream.read(limit + 1)


@lru_cache(maxsize=2)
def _archive(path: Path) -> zipfile.ZipFile:
    """An open archive: its directory of perhaps 150,000 members is read once, not once a member."""
    return zipfile.ZipFile(path)


def items(paths: Sequence[str]) -> Iterator[Item]:
    """The documents of all paths, in order. ConfigurationError on a path that is not there."""
    for given in paths:
        if given.startswith("@"):
            yield from _listed(Path(given[1:]))
        else:
            yield from _at(Path(given))


def _listed(file: Path) -> Iterator[Item]:
    if not file.is_file():
        raise ConfigurationError(f"list of documents not found: {file}")
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            if name := line.strip():
                path = Path(name)
                yield Item(name, path if path.is_absolute() else file.parent / path)


def _at(path: Path) -> Iterator[Item]:
    if path.is_dir():
        yield from _folder(path)
    elif path.is_file():
        if zipfile.is_zipfile(path):
            yield from _zipped(path)
        else:
            yield Item(str(path), path)
    else:
        raise ConfigurationError(f"nothing at {path}: give a folder, a zip, @list or a document")


def _folder(folder: Path) -> Iterator[Item]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names weigh half of what paths do
    except OSError:
        # Its documents are not passed over: reading it says why, under the folder's name.
        yield Item(str(folder), folder)
        return
    for name in names:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            yield from _folder(path)
        elif path.suffix.lower() in SUFFIXES and path.is_file():
            yield Item(str(path), path)


def _zipped(path: Path) -> Iterator[Item]:
    for name in _archive(path).namelist():
        if name.lower().endswith(SUFFIXES):
            yield Item(f"{path}!{name}", path, name)
