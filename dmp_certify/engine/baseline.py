"""The digest of what judges: the suite's own code and data, file by file."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from dmp_certify import data

_SUFFIXES = frozenset({".py", ".yaml", ".csv", ".json", ".xsd", ".lock"})


@cache
def digest() -> str:
    """SHA-256 over the names and contents of all modules and data files, in order of name."""
    package = Path(__file__).resolve().parents[1]
    total = hashlib.sha256()
    for base, prefix in ((package, "dmp_certify"), (data.path("profiles"), "profiles")):
        for file in sorted(base.rglob("*")):
            name = file.relative_to(base).as_posix()
            if file.suffix in _SUFFIXES and file.is_file() and not name.startswith("_data/"):
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                total.update(f"{prefix}/{name} {content}\n".encode())
    return total.hexdigest()
