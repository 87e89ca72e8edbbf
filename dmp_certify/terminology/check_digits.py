"""The form and the check digit of LOINC and SNOMED CT codes.

Sources: LOINC Users' Guide (code numbers of up to seven digits, hyphen, mod 10 check digit);
SNOMED CT Release File Specifications (SCTID: 6 to 18 digits, Verhoeff check digit).
"""

from __future__ import annotations

import re
from functools import lru_cache

from dmp_certify.finding import Text

_LOINC = re.compile(r"([0-9]{1,7})-([0-9])")
# Parts (LP), answers (LA), lists (LL) and groups (LG) of LOINC; placeholders of IHE PCC.
_OTHER_LOINC = re.compile(r"L[APLG][0-9]+-[0-9]|[Xx][Xx]-.+|X[0-9]+-[0-9]|MTHU[0-9]+")
_SCTID = re.compile(r"[1-9][0-9]{5,17}")
# A post-coordinated expression is no single identifier.
_EXPRESSION = re.compile(r"[|:+={(]")
_DIHEDRAL = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_FIRST = "1576283094"


def _permutations() -> tuple[str, ...]:
    rows = ["0123456789", _FIRST]
    while len(rows) < 8:
        rows.append("".join(rows[-1][int(one)] for one in _FIRST))
    return tuple(rows)


_PERMUTED = _permutations()


@lru_cache(maxsize=4096)
def loinc_fault(code: str) -> Text | None:
    """Why the text is no LOINC code, None when it may be one."""
    found = _LOINC.fullmatch(code)
    if found is None:
        if _OTHER_LOINC.fullmatch(code):
            return None
        return Text(
            "forme attendue : des chiffres, un tiret, une clé",
            "expected form: digits, a hyphen, a check digit",
        )
    wanted = _luhn(found[1])
    if int(found[2]) != wanted:
        return Text(
            f"clé {found[2]} au lieu de {wanted}", f"check digit {found[2]} instead of {wanted}"
        )
    return None


@lru_cache(maxsize=4096)
def snomed_fault(code: str) -> Text | None:
    """Why the text is no SNOMED CT identifier, None when it may be one or is an expression."""
    if _EXPRESSION.search(code):
        return None
    if not _SCTID.fullmatch(code):
        return Text("6 à 18 chiffres attendus", "6 to 18 digits expected")
    if not _verhoeff(code):
        return Text("la clé (dernier chiffre) est fausse", "the check digit (the last) is wrong")
    return None


def _luhn(digits: str) -> int:
    """The mod 10 check digit that follows those digits."""
    total = 0
    for place, one in enumerate(reversed(digits)):
        value = int(one) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def _verhoeff(digits: str) -> bool:
    check = 0
    for place, one in enumerate(reversed(digits)):
        check = int(_DIHEDRAL[check][int(_PERMUTED[place % 8][int(one)])])
    return check == 0
