"""A trait that goes with the INS is missing.

What it finds: a patient with an INS but without birth name, list of given names, first given name
or code of the place of birth.
Why it matters: the receiver checks the INS against these traits before it files the document.
How to correct: write family qualifier="BR", given without qualifier (the whole list), given
qualifier="BR" (the first of the list) and birthplace/place/addr/county, as INSi returned them.

Un trait qui accompagne l'INS manque.

Ce que le contrôle trouve : un patient avec INS mais sans nom de naissance, liste des prénoms,
premier prénom ou code du lieu de naissance.
Pourquoi c'est important : le destinataire confronte l'INS à ces traits avant de ranger le document.
Comment corriger : écrire family qualifier="BR", given sans qualifier (toute la liste), given
qualifier="BR" (le premier de la liste) et birthplace/place/addr/county, tels qu'INSi les a rendus.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_NAME = "recordTarget.patientRole.patient.name"
_PRESENT = Text("présent et non vide", "present and not empty")


@check(
    "DC-CDA-INS-BIRTH-NAME",
    "DC-CDA-INS-GIVEN-LIST",
    "DC-CDA-INS-FIRST-GIVEN",
    "DC-CDA-INS-BIRTH-PLACE",
    when=lambda cda: cda.ins_id is not None and bool(cda.node.all(_NAME)),
)
def ins_traits(cda: Cda) -> Iterator[Fault]:
    patient = cda.patient
    if patient is None:
        return
    names = (
        ("DC-CDA-INS-BIRTH-NAME", "family", patient.families("BR")),
        ("DC-CDA-INS-GIVEN-LIST", "given", patient.givens("")),
        ("DC-CDA-INS-FIRST-GIVEN", "given", patient.givens("BR")),
    )
    for row, element, found in names:
        if not found:
            yield Fault(patient.node.missing(f"patient.name.{element}"), _PRESENT, ABSENT, row)
    place = patient.birth_place
    if place is None:
        where = patient.node.missing("patient.birthplace.place.addr.county")
        yield Fault(where, _PRESENT, ABSENT, "DC-CDA-INS-BIRTH-PLACE")
