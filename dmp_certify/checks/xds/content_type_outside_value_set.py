"""The contentTypeCode of the submission set is not in the DMP's value set

What it finds: a contentTypeCode that is not in JDV_J59; its code system is not judged, for public
texts show only one.
Why it matters: the content type tells which care activity gave rise to the lot.
How to correct: choose the activity in JDV_J59.

Le contentTypeCode du lot n'est pas dans le jeu de valeurs du DMP

Ce que le contrôle trouve : un contentTypeCode absent de JDV_J59 ; sa nomenclature n'est pas jugée,
car les textes publics n'en montrent qu'une.
Pourquoi c'est important : le type de contenu dit quelle activité de soin a donné lieu au lot.
Comment corriger : choisir l'activité dans JDV_J59.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.xds import SubmissionSet


@check("DC-XDS-V-CONTENT-TYPE", when=lambda lot: lot.value("contentTypeCode") is not None)
def content_type_outside_value_set(lot: SubmissionSet) -> Iterator[Fault]:
    known = value_set("J59")
    for stated in lot.values("contentTypeCode"):
        if not known.has_code(stated.value):
            hint = known.hint(stated.value)
            yield Fault(
                stated.place,
                Text(f"un code de JDV_J59 (proches : {hint})", f"a code of JDV_J59 (near: {hint})"),
                stated.value[:200],
            )
