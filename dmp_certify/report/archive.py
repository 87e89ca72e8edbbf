"""The canonical zip of a bundle: one content, one sequence of bytes.

Entries in the order of their names, stored (deflate differs from one zlib to another, and a
stored entry cannot be a bomb), dated 1980-01-01, regular files of mode 0644, no comment, no extra
field, no data descriptor, no zip64. `read` refuses every other zip.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Mapping

from dmp_certify.errors import VerificationError

MAX_SIZE = (1 << 31) - 1
MAX_ENTRIES = 65_000

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_DATE = (1 << 5) | 1  # 1980-01-01, the first day a zip can tell
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_UNIX_FILE = 0o100644 << 16


def write(entries: Mapping[str, bytes]) -> bytes:
    """The one zip of these entries. Raises ValueError on a name or a size it cannot hold."""
    body, directory = bytearray(), bytearray()
    for name in sorted(entries):
        data, raw = entries[name], name.encode("ascii")
        if not _NAME.fullmatch(name):
            raise ValueError(f"not the name of a bundle entry: {name!r}")
        crc, size, offset = zlib.crc32(data), len(data), len(body)
        if offset + size > MAX_SIZE or len(entries) > MAX_ENTRIES:
            raise ValueError(f"a bundle holds at most {MAX_SIZE} bytes and {MAX_ENTRIES} entries")
        body += _LOCAL.pack(b"PK\3\4", 20, 0, 0, 0, _DATE, crc, size, size, len(raw), 0) + raw
        body += data
        facts = (b"PK\1\2", 0x0314, 20, 0, 0, 0, _DATE, crc, size, size, len(raw))
        directory += _CENTRAL.pack(*facts, 0, 0, 0, 0, _UNIX_FILE, offset) + raw
    count, at = len(entries), len(body)
    return bytes(body + directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, 0))


def read(data: bytes) -> dict[str, bytes]:
    """The entries of a canonical zip. Raises VerificationError that says what is not canonical.

    Memory stays within the size of `data`: nothing is decompressed.
    """
    if len(data) > MAX_SIZE:
        raise VerificationError(f"the bundle is larger than {MAX_SIZE} bytes")
    if not data.startswith(b"PK\3\4"):
        raise VerificationError("not a bundle: the file is not a zip")
    entries: dict[str, bytes] = {}
    at, last = 0, ""
    while data[at : at + 4] == b"PK\3\4":
        name, content, at = _entry(data, at)
        if name <= last:
            raise VerificationError(f"the zip is not canonical: {name} is out of order or twice")
        if len(entries) >= MAX_ENTRIES:
            raise VerificationError(f"the bundle holds more than {MAX_ENTRIES} entries")
        entries[name], last = content, name
    try:
        rebuilt = write(entries)
    except ValueError as error:
        raise VerificationError(f"the zip is not canonical: {error}") from error
    if rebuilt != data:
        where = _first_difference(rebuilt, data)
        raise VerificationError(f"the zip is not canonical: rebuilt, it differs at byte {where}")
    return entries


def _entry(data: bytes, at: int) -> tuple[str, bytes, int]:
    try:
        facts = _LOCAL.unpack_from(data, at)
    except struct.error:
        raise VerificationError(f"the zip is cut off at byte {at}") from None
    _, _, _, method, _, _, crc, packed, size, name_length, extra = facts
    begin = at + _LOCAL.size + name_length + extra
    raw = data[at + _LOCAL.size : at + _LOCAL.size + name_length]
    name = raw.decode("ascii", "replace")
    if not _NAME.fullmatch(name):
        raise VerificationError(f"the zip holds an entry with an unsafe name: {name[:80]!r}")
    if method != 0 or packed != size:
        raise VerificationError(f"the zip is not canonical: {name} is compressed, not stored")
    if begin + size > len(data):
        raise VerificationError(f"the zip is cut off: {name} says {size} bytes")
    content = data[begin : begin + size]
    if zlib.crc32(content) != crc:
        raise VerificationError(f"{name} is damaged: its bytes do not match their checksum")
    return name, content, begin + size


def _first_difference(one: bytes, other: bytes) -> int:
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
