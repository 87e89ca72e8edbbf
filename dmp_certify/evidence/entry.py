"""One line of the ledger: its shape, its canonical bytes, the blobs it names."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dmp_certify.errors import EvidenceError

JsonValue: TypeAlias = bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None

_SAFE = 2**53 - 1
GENESIS = "0" * 64
HEX_DIGEST = re.compile(r"[0-9a-f]{64}")

# The field names that hold digests of blobs, alone or in a list, at any depth.
BLOB_FIELDS = frozenset({"blob", "client_chain", "trust", "crls", "sut_toml"})

# Kinds that follow one another at the pace of the traffic. They are written before anything
# depends on them, and reach the disk with the next group commit; any other kind commits at once.
PACED_KINDS = frozenset({"connection", "exchange", "sent"})

_ENVELOPE = ("seq", "prev", "at", "kind")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger line, read back.

    `seq` counts from 0; `prev` is the digest of the line before (64 zeros first); `at` is an
    instant as `clock.iso` writes it; `digest` is the SHA-256 of this line without its newline.
    """

    seq: int
    prev: str
    at: str
    kind: str
    fields: Mapping[str, Any]
    digest: str

    def blobs(self) -> Iterator[str]:
        """The digests of the blobs this entry names."""
        yield from _blobs_in(self.fields)


def encode(seq: int, prev: str, at: str, kind: str, fields: Mapping[str, JsonValue]) -> bytes:
    """The canonical line (RFC 8785), without newline. Raises EvidenceError on a bad field."""
    clash = [name for name in _ENVELOPE if name in fields]
    if clash:
        raise EvidenceError(f"entry {kind!r}: field {clash[0]!r} is reserved for the ledger")
    value = {"seq": seq, "prev": prev, "at": at, "kind": kind, **fields}
    if _plain(value):
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        with contextlib.suppress(UnicodeEncodeError):
            return text.encode()
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise EvidenceError(
            f"entry {kind!r} cannot be written as canonical JSON: {error}"
        ) from error


def decode(line: bytes, number: int) -> Entry:
    """The entry that `line` (without newline) holds; `number` counts from 1, for messages.

    Raises EvidenceError when the line is not the canonical form of an entry.
    """
    try:
        value = json.loads(line, parse_int=_number)
        fields = {name: item for name, item in value.items() if name not in _ENVELOPE}
        entry = Entry(
            value["seq"],
            value["prev"],
            value["at"],
            value["kind"],
            fields,
            hashlib.sha256(line).hexdigest(),
        )
        canonical = encode(entry.seq, entry.prev, entry.at, entry.kind, fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError(f"ledger.jsonl line {number} is not a ledger entry: {error}") from error
    if canonical != line:
        raise EvidenceError(f"ledger.jsonl line {number} is not in canonical form")
    return entry


def _number(text: str) -> int | float:
    """RFC 8785 writes large floats without exponent: they are not integers."""
    value = int(text)
    return value if abs(value) <= _SAFE else float(text)


def _plain(value: object) -> bool:
    """Whether the standard library already writes `value` as RFC 8785 does.

    It does for strings, for small integers and for objects with ASCII names: only numbers and
    the order of other names differ.
    """
    if isinstance(value, dict):
        return all(name.isascii() and _plain(item) for name, item in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    if isinstance(value, int):
        return -_SAFE <= value <= _SAFE
    return value is None or isinstance(value, str)


def _blobs_in(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in BLOB_FIELDS:
                yield from _digests(item)
            else:
                yield from _blobs_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _blobs_in(item)


def _digests(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and HEX_DIGEST.fullmatch(item):
            yield item
        else:
            yield from _blobs_in(item)
