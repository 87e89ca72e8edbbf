"""What a product may claim in its conformance statement, `[conformance]` of `sut.toml`."""

from __future__ import annotations

import re

from dmp_certify.catalogue import requirements

# PDT-INF-526 v1.8 and SEL-MP-037; some are no more open to new products.
TRANSACTIONS = (
    *("TD0.0", "TD0.1", "TD0.2", "TD0.3", "TD0.4", "TD0.5", "TD0.9"),
    *("TD1.1", "TD1.2", "TD1.3", "TD1.3a", "TD1.3b", "TD1.4", "TD1.5", "TD1.6"),
    *("TD2.1", "TD2.2", "TD3.1", "TD3.2", "TD3.3", "TD3.3a", "TD3.3b", "TD3.3c", "TD3.3d"),
)
DOCUMENTS = ("level1-pdf", "structured")
_TERM = re.compile(r"\s*(\w+)!?=(.+)")


def claimable() -> dict[str, set[str]]:
    """For each key, the words it may hold: those that a requirement row turns on, and those that
    the norm names."""
    known = {"transactions": set(TRANSACTIONS), "documents": set(DOCUMENTS)}
    known |= {"features": set(), "identifiers": set()}
    for row in requirements.load_all().values():
        for term in row.applies.split("&"):
            found = _TERM.match(term)
            if found and found[1] in known:
                known[found[1]].add(found[2].strip())
    return known
