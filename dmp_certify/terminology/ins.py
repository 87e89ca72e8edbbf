"""The INS (identité nationale de santé): its OIDs, its shape and its key.

A matricule of 13 characters (NIR or NIA) and a key of 2 digits: key = 97 - (number mod 97), with
the Corsican departments 2A and 2B replaced by 19 and 18. Source: ANS, Référentiel INS; INSEE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dmp_certify.finding import Text
from dmp_certify.terminology import oids

LENGTH = 15
KINDS: Mapping[str, str] = MappingProxyType(
    {
        oids.INS_NIR: "production",
        oids.INS_NIA: "production",
        oids.INS_NIR_TEST: "test",
        oids.INS_NIR_DEMO: "demonstration",
        oids.INS_C: "legacy",
    }
)
_BODY = re.compile(r"[0-9]{6}[0-9AB][0-9]{6}")
_CORSICA = {"2A": "19", "2B": "18"}


@dataclass(frozen=True, slots=True)
class Ins:
    """A well-formed INS, with what its digits tell. `year` is the last two digits of the year.

    `month` outside 01-12 means an unknown month, which INSEE allows.
    """

    value: str
    sex: str | None
    year: str
    month: str
    birth_place: str


def is_ins_oid(oid: str) -> bool:
    """Whether the OID names an INS of any kind but the legacy INS-C."""
    return KINDS.get(oid) in ("production", "test", "demonstration")


def key_of(matricule: str) -> str:
    """The key of a matricule of 13 characters; ValueError when it has another shape."""
    if not _BODY.fullmatch(matricule):
        raise ValueError(f"not a matricule of 13 characters: {matricule!r}")
    department = matricule[5:7]
    digits = matricule[:5] + _CORSICA.get(department, department) + matricule[7:]
    if not digits.isdigit():
        raise ValueError(f"letters are only 2A or 2B at the department: {matricule!r}")
    return f"{97 - int(digits) % 97:02d}"


def fault_of(value: str) -> Text | None:
    """Why `value` is not an INS of 15 characters with its right key, or None when it is one."""
    if len(value) != LENGTH:
        return Text(
            f"{len(value)} caractères au lieu de 15 (matricule 13 + clé 2)",
            f"{len(value)} characters instead of 15 (matricule 13 + key 2)",
        )
    matricule, key = value[:13], value[13:]
    try:
        wanted = key_of(matricule)
    except ValueError:
        return Text(
            "caractères interdits dans le matricule (chiffres, ou 2A/2B au département)",
            "characters not allowed in the matricule (digits, or 2A/2B as department)",
        )
    if key != wanted:
        return Text(f"clé {key} au lieu de {wanted}", f"key {key} instead of {wanted}")
    return None


def parse(value: str) -> Ins | None:
    """The INS, or None when it is malformed."""
    if fault_of(value) is not None:
        return None
    sex = {"1": "M", "3": "M", "7": "M", "2": "F", "4": "F", "8": "F"}.get(value[0])
    return Ins(value, sex, value[1:3], value[3:5], value[5:10])
