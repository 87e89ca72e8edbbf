"""A code of a document entry comes with another code system than its own

What it finds: a classification whose code is in the value set, but whose codingScheme slot is
missing or names another code system.
Why it matters: the same code may mean something else in another code system; the DMP compares both.
How to correct: send the OID of the code system that defines the code in the codingScheme slot.

Un code d'une entrée de document est donné sous une autre nomenclature que la sienne

Ce que le contrôle trouve : une classification dont le code est dans le jeu de valeurs, mais dont le
slot codingScheme manque ou nomme une autre nomenclature.
Pourquoi c'est important : le même code peut avoir un autre sens dans une autre nomenclature ; le
DMP compare les deux.
Comment corriger : envoyer dans le slot codingScheme l'OID de la nomenclature qui définit le code.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.xds import DocumentEntry

_SETS = {
    "classCode": "J57",
    "confidentialityCode": "J58",
    "formatCode": "J60",
    "healthcareFacilityTypeCode": "J02",
    "practiceSettingCode": "J04",
    "typeCode": "J07",
}


@check("DC-XDS-CODING-SCHEME")
def coding_scheme_wrong(entry: DocumentEntry) -> Iterator[Fault]:
    for attribute, name in _SETS.items():
        known = value_set(name)
        for coded in entry.codes(attribute):
            systems = known.systems_of(coded.value.value) if coded.value else ()
            scheme = coded.coding_scheme
            if not systems or (scheme is not None and scheme.value in systems):
                continue
            yield Fault(
                scheme.place if scheme else coded.at("codingScheme"),
                " | ".join(systems),
                scheme.value[:200]
                if scheme
                else Text("codingScheme absent", "codingScheme missing"),
            )
