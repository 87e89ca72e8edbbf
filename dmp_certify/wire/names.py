"""Distinguished names, read from their many spellings and compared by meaning.

A product may write `CN=A,OU=B` (RFC 4514), `C=FR, O=...` (the other way round), `/C=FR/O=...`
(OpenSSL), escape or encode what is not ASCII, and join the attributes of a multi-valued RDN in any
order. Two names are alike when they hold the same attributes with the same values, case and white
space apart (RFC 5280 7.1).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509

_OIDS = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "SURNAME": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "S": "2.5.4.8",
    "ST": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "TITLE": "2.5.4.12",
    "GN": "2.5.4.42",
    "G": "2.5.4.42",
    "GIVENNAME": "2.5.4.42",
    "DC": "0.9.2342.19200300.100.1.25",
    "UID": "0.9.2342.19200300.100.1.1",
    "E": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97",
}
_TYPE = r"(?:OID\.)?[A-Za-z][A-Za-z0-9-]*|(?:OID\.)?[0-9]+(?:\.[0-9]+)+"
_PAIR = re.compile(
    rf"\s*(?P<type>{_TYPE})\s*=\s*"
    r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"\s*|(?P<value>(?:[^,;+\\"]|\\.)*))(?P<end>[,;+]|\Z)',
    re.DOTALL,
)
_HEX_PAIRS = re.compile(r"(?:\\[0-9A-Fa-f]{2})+")
_DER_STRINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class DistinguishedName:
    """(attribute type, value) pairs in the order they were written; types are dotted OIDs, or the
    label itself when no OID is known for it."""

    pairs: tuple[tuple[str, str], ...]

    def values(self, label: str) -> tuple[str, ...]:
        """The values of an attribute, e.g. `OU`."""
        return tuple(value for kind, value in self.pairs if kind == _OIDS[label])

    def like(self, other: DistinguishedName) -> bool:
        """Whether both names hold the same attributes with the same values."""
        if self._known and other._known:
            return _counted(self.pairs) == _counted(other.pairs)
        return Counter(fold(v) for _, v in self.pairs) == Counter(fold(v) for _, v in other.pairs)

    @property
    def _known(self) -> bool:
        return all(kind[:1].isdigit() for kind, _ in self.pairs)


def _counted(pairs: tuple[tuple[str, str], ...]) -> Counter[tuple[str, str]]:
    return Counter((kind, fold(value)) for kind, value in pairs)


def fold(value: str) -> str:
    """A value as names are compared: NFKC, without case, with single inner spaces."""
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def of(name: x509.Name) -> DistinguishedName:
    """The name inside a certificate."""
    return DistinguishedName(
        tuple((attribute.oid.dotted_string, _string(attribute.value)) for attribute in name)
    )


def _string(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()


def parse(text: str) -> DistinguishedName | None:
    """The name that `text` writes, or None when it writes none."""
    text = text.strip()
    pairs = list(_slashed(text)) if text.startswith("/") else list(_separated(text))
    return DistinguishedName(tuple(pairs)) if pairs else None


def _separated(text: str) -> Iterator[tuple[str, str]]:
    at, found = 0, []
    while at < len(text):
        match = _PAIR.match(text, at)
        if match is None:
            return
        raw = match["quoted"] if match["quoted"] is not None else match["value"].strip()
        found.append((_oid(match["type"]), _unescaped(raw)))
        at = match.end()
        if at == len(text) and match["end"]:
            return
    yield from found


def _slashed(text: str) -> Iterator[tuple[str, str]]:
    for piece in re.split(rf"/(?=(?:{_TYPE})=)", text)[1:]:
        kind, _, value = piece.partition("=")
        yield _oid(kind), value


def _oid(label: str) -> str:
    name = label.upper().removeprefix("OID.")
    return name if name[:1].isdigit() else _OIDS.get(name, name)


def _unescaped(raw: str) -> str:
    if re.fullmatch(r"#(?:[0-9A-Fa-f]{2})+", raw):
        return _from_der(bytes.fromhex(raw[1:]))
    joined = _HEX_PAIRS.sub(
        lambda found: bytes.fromhex(found[0].replace("\\", "")).decode("utf-8", "replace"), raw
    )
    return re.sub(r"\\(.)", r"\1", joined, flags=re.DOTALL)


def _from_der(data: bytes) -> str:
    """The text of a short DER string (RFC 4514 2.4); its hex when it is none."""
    coding = _DER_STRINGS.get(data[0]) if len(data) >= 2 and data[1] == len(data) - 2 else None
    if coding is None:
        return data.hex()
    return data[2:].decode(coding, "replace")
