"""Invented patients with well-formed test identifiers, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

INS_TEST_OID = "1.2.250.1.213.1.4.10"
LOCAL_OID = "2.999.1.1.7"  # 2.999 is the arc kept for examples

_FAMILIES = ("AUBRAC", "BELLECOUR", "CHANTELOUP", "DUVERNAY", "ESTERAZY", "FONTGALAND", "GRAVELLE")
_GIVEN = {
    "F": ("ANNE-LISE", "BERENICE", "CLOTILDE", "EUGENIE", "MAIWENN", "OCEANE"),
    "M": ("ANATOLE", "BASTIEN", "CORENTIN", "EDGAR", "MALO", "OCTAVE"),
}
_COMMUNES = ("75056", "69123", "13055", "2A004", "2B033", "31555", "35238", "67482")
_CORSICA = {"2A": "19", "2B": "18"}


@dataclass(frozen=True, slots=True)
class Patient:
    """The traits of one patient, named as in the driver contract.

    `ins` is the matricule with its key (15 characters), `birth_date` is YYYY-MM-DD,
    `birth_place_code` the five characters of the COG.
    """

    ins: str
    family_birth: str
    given: str
    given_list: str
    birth_date: str
    gender: str
    birth_place_code: str
    ins_oid: str = INS_TEST_OID
    family_used: str | None = None
    local_id: str = ""
    local_oid: str = LOCAL_OID

    def order(self) -> dict[str, Any]:
        """The JSON shape of a patient in an order to a product."""
        value = asdict(self)
        value["local_id"] = {"id": value["local_id"], "oid": value.pop("local_oid")}
        return value


def ins_key(number: str) -> str:
    """The key of a 13-character matricule: 97 - (n mod 97), Corsica as 19 or 18.

    Raises ValueError when the matricule is not one.
    """
    department = _CORSICA.get(number[5:7], number[5:7])
    digits = number[:5] + department + number[7:]
    if len(number) != 13 or not digits.isdigit():
        raise ValueError(f"not a matricule of 13 characters: {number!r}")
    return f"{97 - int(digits) % 97:02d}"


def invent(seed: int | str, count: int) -> list[Patient]:
    """`count` patients, all different, the same for the same `seed`."""
    source = random.Random(f"patients/{seed}")
    found: dict[str, Patient] = {}
    while len(found) < count:
        patient = _invent_one(source, len(found))
        found.setdefault(patient.ins, patient)
    return list(found.values())


def _invent_one(source: random.Random, rank: int) -> Patient:
    gender = source.choice("FM")
    year, month, day = source.randint(1930, 2005), source.randint(1, 12), source.randint(1, 28)
    commune = source.choice(_COMMUNES)
    number = f"{1 if gender == 'M' else 2}{year % 100:02d}{month:02d}{commune}"
    number += f"{source.randint(1, 999):03d}"
    given = source.choice(_GIVEN[gender])
    second = source.choice([name for name in _GIVEN[gender] if name != given])
    family = f"{source.choice(_FAMILIES)}-{_syllables(source)}"
    used = f"{source.choice(_FAMILIES)}-{_syllables(source)}" if rank % 2 else None
    return Patient(
        ins=number + ins_key(number),
        family_birth=family,
        family_used=used,
        given=given,
        given_list=f"{given} {second}",
        birth_date=f"{year}-{month:02d}-{day:02d}",
        gender=gender,
        birth_place_code=commune,
        local_id=f"IPP{source.randint(100000, 999999)}",
    )


def _syllables(source: random.Random) -> str:
    return "".join(source.choice("BCDFGLMNPRSTV") + source.choice("AEIOU") for _ in range(3))
