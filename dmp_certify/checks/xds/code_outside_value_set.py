"""A code of a document entry is in no value set of its attribute

What it finds: a classification whose code is not in the value set that the DMP binds to the
attribute, under any code system.
Why it matters: a code that the DMP does not know cannot be displayed, filtered or translated into
rights.
How to correct: take the code from the current edition of the value set; keep the software's tables
up to date.

Un code d'une entrée de document n'est dans aucun jeu de valeurs de son attribut

Ce que le contrôle trouve : une classification dont le code n'est pas dans le jeu de valeurs que le
DMP associe à l'attribut, sous aucune nomenclature.
Pourquoi c'est important : un code inconnu du DMP ne peut être ni affiché, ni filtré, ni traduit en
droits.
Comment corriger : prendre le code dans l'édition en vigueur du jeu de valeurs ; tenir à jour les
tables du logiciel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.valuesets import association, value_set
from dmp_certify.wire.xds import DocumentEntry

_SETS = {
    "classCode": ("DC-XDS-V-CLASS", "J57"),
    "confidentialityCode": ("DC-XDS-V-CONFIDENTIALITY", "J58"),
    "formatCode": ("DC-XDS-V-FORMAT", "J60"),
    "healthcareFacilityTypeCode": ("DC-XDS-V-FACILITY", "J02"),
    "practiceSettingCode": ("DC-XDS-V-PRACTICE-SETTING", "J04"),
    "typeCode": ("DC-XDS-V-TYPE", "J07"),
}


@check(*(row for row, _ in _SETS.values()))
def code_outside_value_set(entry: DocumentEntry) -> Iterator[Fault]:
    for attribute, (row, name) in _SETS.items():
        known = value_set(name)
        for coded in entry.codes(attribute):
            if coded.value is None or not coded.value.value:
                continue
            code = coded.value.value
            if known.has_code(code) or (attribute == "typeCode" and _has_class(code)):
                continue
            hint = known.hint(code)
            yield Fault(
                coded.value.place,
                Text(
                    f"un code de {known.name} (proches : {hint})",
                    f"a code of {known.name} (near: {hint})",
                ),
                code[:200],
                row,
            )


def _has_class(code: str) -> bool:
    """The DMP's own list of types is that of ASS_X16, not wholly in the CI-SIS list."""
    return any(code == known for known, _ in association("ASS_X16"))
