"""Where packs and their compiled form are kept, and how the latter is trusted.

The compiled form is code: it is read back only when its seal (HMAC-SHA256 with a key of this
home) holds and nobody else could write it. Anything else is compiled again.
"""

from __future__ import annotations

import hashlib
import hmac
import marshal
import os
import secrets
import stat
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

MAGIC = b"dmp-certify pack 1\n"
_SEAL = 32


def home() -> Path:
    """`DMP_CERTIFY_HOME`, else `dmp-certify` in the XDG cache folder."""
    chosen = os.environ.get("DMP_CERTIFY_HOME")
    if chosen:
        return Path(chosen)
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "dmp-certify"


@lru_cache(maxsize=1)
def compiler_version() -> str:
    """A digest of the compiler's own sources and of the Python that runs them."""
    whole = hashlib.sha256(f"{sys.implementation.cache_tag} {sys.version}".encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def cache_path(digest: str, saxon: bool = False) -> Path:
    """The compiled form of the pack with that digest, for this compiler and this Python; that
    of a pack with rules for Saxon has a place of its own."""
    key = f"{digest} {compiler_version()}{' saxon' * saxon}"
    name = hashlib.sha256(key.encode()).hexdigest()
    return home() / "compiled" / f"{name}.pack"


def _key() -> bytes:
    path = home() / "compiled" / "seal.key"
    try:
        if _mine(path):
            key = path.read_bytes()
            if len(key) == _SEAL:
                return key
    except OSError:
        pass
    key = secrets.token_bytes(_SEAL)
    write_atomic(path, key)
    return key


def _mine(path: Path) -> bool:
    """Whether only this user could have written the file."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def write_atomic(path: Path, data: bytes) -> None:
    """Write the file whole or not at all; readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as sink:
            sink.write(data)
            sink.flush()
            os.fsync(sink.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save(digest: str, data: dict[str, Any]) -> None:
    """Keep the compiled form of a pack."""
    body = marshal.dumps(data)
    seal = hmac.digest(_key(), MAGIC + body, "sha256")
    write_atomic(cache_path(digest, bool(data["saxon"])), MAGIC + seal + body)


def read(digest: str, saxon: bool = False) -> dict[str, Any] | None:
    """The compiled form, or None when there is none that can be trusted."""
    path = cache_path(digest, saxon)
    try:
        if not _mine(path):
            return None
        raw = path.read_bytes()
    except OSError:
        return None
    start = len(MAGIC) + _SEAL
    if not raw.startswith(MAGIC) or len(raw) <= start:
        return None
    body = memoryview(raw)[start:]
    seal = hmac.new(_key(), MAGIC, "sha256")
    seal.update(body)
    if not hmac.compare_digest(seal.digest(), raw[len(MAGIC) : start]):
        return None
    data = marshal.loads(body)
    return data if isinstance(data, dict) and data.get("digest") == digest else None
