"""The place of birth is not an official geographic code.

What it finds: a birthplace county that is not five characters of the code officiel géographique:
five digits, or 2A or 2B then three digits (99 and three digits for a country).
Why it matters: the place of birth is one of the INS traits; a name or a postal code in its stead
makes the comparison of traits fail.
How to correct: write the INSEE code of the town or country of birth, as INSi returned it.

Le lieu de naissance n'est pas un code officiel géographique.

Ce que le contrôle trouve : un county du lieu de naissance qui n'est pas cinq caractères du code
officiel géographique : cinq chiffres, ou 2A ou 2B puis trois chiffres (99 et trois chiffres pour un
pays).
Pourquoi c'est important : le lieu de naissance est un des traits INS ; un nom ou un code postal à
sa place fait échouer la comparaison des traits.
Comment corriger : écrire le code INSEE de la commune ou du pays de naissance, tel qu'INSi l'a
rendu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_COG = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")


@check(
    "DC-CDA-BIRTH-PLACE-COG",
    when=lambda cda: (
        cda.ins_id is not None
        and cda.patient is not None
        and cda.patient.birth_place is not None
        and not cda.patient.birth_place.null
    ),
)
def birth_place_code(cda: Cda) -> Iterator[Fault]:
    node = cda.patient.birth_place if cda.patient else None
    if node is not None and not _COG.fullmatch(node.text):
        expected = Text("code INSEE de 5 caractères", "INSEE code of 5 characters")
        yield Fault(node.place, expected, shown(node.text))
