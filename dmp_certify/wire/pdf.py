"""What a PDF says of itself: its header, and the PDF/A claim of its XMP metadata.

Sources: ISO 32000-1 §7.5.2 (header; readers look for it in the first 1024 bytes), §14.3.2 (XMP
metadata streams); ISO 19005-1 §6.7 (the metadata stream is not filtered, and holds pdfaid:part).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

HEADER_WINDOW = 1024
_PART = re.compile(
    rb"""pdfaid:part(?:\s*=\s*["']\s*(\d)\s*["']|(?:\s[^>]*)?>\s*(\d)\s*<)"""
    rb"""|<(\w+):part[^>]*xmlns:\3\s*=\s*["']http://www\.aiim\.org/pdfa/ns/id/["'][^>]*>\s*(\d)"""
)
_CONFORMANCE = re.compile(
    rb"""pdfaid:conformance(?:\s*=\s*["']\s*(\w)\s*["']|(?:\s[^>]*)?>\s*(\w)\s*<)"""
)
_METADATA = re.compile(rb"/Type\s*/Metadata\b")
_STREAM = re.compile(rb"stream\r?\n")
_CONTENT = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
# Encryption (§6.1.3), scripts (§6.6.1) and embedded files (§6.1.11).
_FORBIDDEN = {
    "/Encrypt": re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)"),
    "/JavaScript": re.compile(rb"/S\s*/JavaScript\b"),
    "/EmbeddedFiles": re.compile(rb"/EmbeddedFiles\b"),
}
# A metadata stream is a few kilobytes; what inflates beyond this is no metadata.
_MOST = 4 * 1024 * 1024


class ArchivalClaim(NamedTuple):
    """`part` and `conformance` of PDF/A, empty when not claimed; `metadata`: XMP was found."""

    part: str
    conformance: str
    metadata: bool


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return b"%PDF-" in data[:HEADER_WINDOW]


def archival_claim(data: bytes) -> ArchivalClaim:
    """The PDF/A claim of the last metadata stream that makes one."""
    packets = list(_packets(data))
    for packet in reversed(packets):
        part, level = _first(_PART, packet), _first(_CONFORMANCE, packet)
        if part:
            return ArchivalClaim(part, level, True)
    return ArchivalClaim("", "", bool(packets))


def forbidden(data: bytes) -> str:
    """What a PDF/A-1 may not hold and this one does, empty for nothing (ISO 19005-1 §6)."""
    # A search for bytes is quicker than a pattern, and nearly every PDF holds none of them.
    named = [pattern for name, pattern in _FORBIDDEN.items() if name.encode("ascii") in data]
    # Names may turn up by chance among the bytes of a stream, which PDF/A-1 keeps apart.
    if not any(pattern.search(data) for pattern in named):
        return ""
    bare = _CONTENT.sub(b" ", data)
    return next((name for name, pattern in _FORBIDDEN.items() if pattern.search(bare)), "")


def _packets(data: bytes) -> Iterator[bytes]:
    """The XMP packets that stand as they are, then those of compressed metadata streams."""
    at = data.find(b"<x:xmpmeta")
    while at >= 0:
        end = data.find(b"</x:xmpmeta>", at)
        yield _text(data[at : end if end >= 0 else at + _MOST])
        at = data.find(b"<x:xmpmeta", end) if end >= 0 else -1
    for found in _METADATA.finditer(data):
        stream = _STREAM.search(data, found.end(), found.end() + 4096)
        if stream is None:
            continue
        try:
            inflated = zlib.decompressobj().decompress(memoryview(data)[stream.end() :], _MOST)
        except zlib.error:
            inflated = data[stream.end() : stream.end() + 65536].split(b"endstream")[0]
        if b"rdf" in inflated or b"\x00r\x00d\x00f" in inflated:
            yield _text(inflated)


def _text(packet: bytes) -> bytes:
    """XMP may be UTF-16; the patterns are ASCII."""
    return packet.replace(b"\x00", b"") if packet.count(b"\x00") > len(packet) // 4 else packet


def _first(pattern: re.Pattern[bytes], packet: bytes) -> str:
    found = pattern.search(packet)
    if found is None:
        return ""
    groups = [one for one in found.groups() if one is not None]
    return groups[-1].decode("ascii")
