"""A zip as a pack: taken out safely, or refused."""

from __future__ import annotations

import posixpath
import shutil
import stat
import zipfile
from pathlib import Path

from dmp_certify.errors import PackError

MAX_FILES = 50_000
MAX_TOTAL = 2 * 1024**3
MAX_RATIO = 400
_BLOCK = 1024 * 1024


def extract(archive: Path, target: Path) -> None:
    """Write the files of `archive` under `target`.

    `PackError` on a damaged zip, a name that leaves the folder, a symbolic link, an encrypted
    entry, or more than the limits above (a zip bomb); what is written then is the caller's to
    remove.
    """
    try:
        with zipfile.ZipFile(archive) as bundle:
            entries = bundle.infolist()
            if len(entries) > MAX_FILES:
                raise PackError(f"{archive}: {len(entries)} entries, at most {MAX_FILES} are read")
            left = MAX_TOTAL
            for entry in entries:
                if not entry.is_dir():
                    left -= _write(bundle, entry, archive, target, left)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as fault:
        raise PackError(f"{archive}: not a readable zip ({fault})") from None


def _write(
    bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, archive: Path, target: Path, left: int
) -> int:
    """Write one entry and return its size."""
    name = safe_name(entry, archive)
    if entry.file_size > left or entry.file_size > max(entry.compress_size, 4096) * MAX_RATIO:
        raise PackError(f"{archive}: entry {entry.filename!r} grows too much: a zip bomb?")
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with bundle.open(entry) as source, path.open("wb") as sink:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > entry.file_size:
                raise PackError(f"{archive}: entry {entry.filename!r} is longer than it says")
            sink.write(block)
    return size


def safe_name(entry: zipfile.ZipInfo, archive: Path) -> str:
    """The relative path of an entry; `PackError` when it leaves the folder or is a link."""
    name = entry.filename.replace("\\", "/")
    mode = entry.external_attr >> 16
    plain = posixpath.normpath(name)
    drive = len(name) > 1 and name[1] == ":"
    if name.startswith("/") or drive or plain == ".." or plain.startswith("../") or "\x00" in name:
        raise PackError(f"{archive}: entry {entry.filename!r} leaves the folder")
    if mode and stat.S_ISLNK(mode):
        raise PackError(f"{archive}: entry {entry.filename!r} is a symbolic link")
    if entry.flag_bits & 1:
        raise PackError(f"{archive}: entry {entry.filename!r} is encrypted")
    return plain


def copy_tree(source: Path, target: Path) -> None:
    """Copy the regular files of a folder; links and version control are left out."""

    def skip(folder: str, names: list[str]) -> set[str]:
        return {n for n in names if n == ".git" or Path(folder, n).is_symlink()}

    shutil.copytree(source, target, ignore=skip, symlinks=False)
