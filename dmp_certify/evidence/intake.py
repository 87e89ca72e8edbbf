"""The guard at the door: identifiers of real patients do not become evidence.

Only test identities may be recorded. The OIDs of production are 1.2.250.1.213.1.4.8 (INS-NIR)
and 1.2.250.1.213.1.4.9 (INS-NIA); .10 and .11 are the test and demonstration ones. ANS
publishes example documents that carry a few fictitious identities under the production OID:
these are known by their value and let through.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import NamedTuple

from dmp_certify.errors import EvidenceError

# The fictitious identities of the example documents that ANS publishes (TestContenuCDA 3.0).
PUBLISHED_EXAMPLES = frozenset(
    {
        "277076322082910",
        "223042545611404",
        "221042545611404",
        "276059205062865",
        "222127505611201",
        "279035121518989",
    }
)

Buffer = bytes | bytearray | mmap.mmap
_OID = rb"1\.2\.250\.1\.213\.1\.4\.[89](?![0-9])"
_NUMBER = rb"([0-9][0-9AB]{12,14})"
_ARC = b"1.2.250.1.213.1.4."

# The ways an identifier meets its assigning authority: HL7 v2 CX, HL7 V3 II in either order of
# its attributes, a FHIR Identifier in XML or JSON.
_FORMS = tuple(
    re.compile(form)
    for form in (
        _NUMBER + rb"\^{3}(?:&|&amp;)" + _OID,
        rb"""root\s*=\s*["']""" + _OID + rb"""["'][^<>]{0,200}?extension\s*=\s*["']""" + _NUMBER,
        rb"""extension\s*=\s*["']""" + _NUMBER + rb"""["'][^<>]{0,200}?root\s*=\s*["']""" + _OID,
        rb"""urn:oid:""" + _OID + rb"""["'][^{}]{0,200}?value["']?\s*[:=]\s*["']""" + _NUMBER,
    )
)


class RealIdentifier(NamedTuple):
    """Where an identifier of production stands: offset in the bytes, and its masked number."""

    offset: int
    masked: str


def real_identifiers(data: Buffer) -> tuple[RealIdentifier, ...]:
    """The identifiers of real patients in `data`, in order; empty when it may be recorded.

    Numbers are masked but for the first and the last two characters, so that the answer itself
    can be shown. Compressed or encoded content is not looked into.
    """
    at = data.find(_ARC)
    while at >= 0:
        at += len(_ARC)
        if data[at : at + 1] in (b"8", b"9"):
            return tuple(sorted(set(_found(data))))
        at = data.find(_ARC, at)
    return ()


def refuse_real_identifiers(data: Buffer, where: str) -> None:
    """Raise EvidenceError when `data`, known to the user as `where`, names a real patient."""
    found = real_identifiers(data)
    if found:
        raise EvidenceError(
            f"{where}: byte {found[0].offset} holds the identifier of a real patient "
            f"({found[0].masked}, production OID); nothing of it is kept. Use a test identity "
            "(OID 1.2.250.1.213.1.4.10)"
        )


def _found(data: Buffer) -> Iterator[RealIdentifier]:
    for form in _FORMS:
        for match in form.finditer(data):
            number = match.group(1).decode("ascii")
            if number not in PUBLISHED_EXAMPLES:
                masked = number[0] + "*" * (len(number) - 3) + number[-2:]
                yield RealIdentifier(match.start(1), masked)
