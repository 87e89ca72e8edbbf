"""The submission set lacks an attribute or repeats it

What it finds: an attribute of the SubmissionSet that is missing, empty or repeated.
Why it matters: the lot is what the DMP traces: who sent what, when, for which patient.
How to correct: fill in each attribute of the RegistryPackage once.

Le lot n'a pas un attribut obligatoire, ou le répète

Ce que le contrôle trouve : un attribut du SubmissionSet absent, vide ou répété.
Pourquoi c'est important : le lot est ce que le DMP trace : qui a envoyé quoi, quand, pour quel
patient.
Comment corriger : renseigner une fois chaque attribut du RegistryPackage.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import SubmissionSet

_ROWS = {
    "submissionTime": "DC-XDS-S-SUBMISSION-TIME",
    "contentTypeCode": "DC-XDS-S-CONTENT-TYPE",
    "patientId": "DC-XDS-S-PATIENT-ID",
    "sourceId": "DC-XDS-S-SOURCE-ID",
    "uniqueId": "DC-XDS-S-UNIQUE-ID",
    "author": "DC-XDS-S-AUTHOR",
}


@check(*_ROWS.values())
def set_attribute_count(lot: SubmissionSet) -> Iterator[Fault]:
    for attribute, row in _ROWS.items():
        values = lot.values(attribute)
        if not values:
            yield Fault(
                lot.missing(attribute),
                Text(f"{attribute} renseigné", f"{attribute} filled in"),
                Text(f"{attribute} absent ou vide", f"{attribute} missing or empty"),
                row,
            )
        elif len(values) > 1:
            seen = ", ".join(value.value[:60] for value in values)
            yield Fault(
                values[1].place,
                Text("une seule valeur", "a single value"),
                Text(f"{len(values)} valeurs : {seen}", f"{len(values)} values: {seen}"),
                row,
            )
