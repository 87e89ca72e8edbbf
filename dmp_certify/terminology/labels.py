"""Whether two display names speak of the same thing.

HL7 Version 3 Data Types Release 1, CD.displayName: the name is chosen by the sender and never
changes the meaning of the code. So two names are told apart only when they share no word at all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from dmp_certify.terminology.valuesets import ValueSet

_WORD = re.compile(r"[a-z0-9]+")
# Words of one stem count as one: « prescription », « prescriptions ».
_STEM = 3
# Words that say nothing by themselves.
_EMPTY = frozenset(("des", "les", "une", "par", "pour", "avec", "sans", "dans", "sur", "aux"))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in folded if not unicodedata.combining(one))
    words = [one for one in _WORD.findall(bare) if one not in _EMPTY]
    return frozenset(one[:_STEM] for one in words if len(one) >= _STEM) or frozenset(words)


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Whether the names share a word, or one of them has no word to compare."""
    mine, theirs = _stems(one), _stems(other)
    return not mine or not theirs or bool(mine & theirs)


@cache
def _holders(values: ValueSet) -> dict[str, str]:
    holders: dict[str, str] = {}
    for (code, _), display in values.displays.items():
        holders.setdefault(display.strip().casefold(), code)
    return holders


def other_holder(values: ValueSet, display: str) -> str | None:
    """The code of the set that bears this very display name, None when none does."""
    return _holders(values).get(display.strip().casefold())
