"""The creation time of the query is not an HL7 instant to the second

What it finds: a creationTime that is not YYYYMMDDhhmmss, with or without an offset, or that names
no existing instant. Local time or UTC: public texts do not say, both are accepted.
Why it matters: the DMP traces the query by this time.
How to correct: write the time of creation to the second.

La date de création de la requête n'est pas un instant HL7 à la seconde

Ce que le contrôle trouve : un creationTime qui n'est pas AAAAMMJJhhmmss, avec ou sans décalage, ou
qui ne nomme aucun instant existant. Heure locale ou UTC : les textes publics ne le disent pas, les
deux sont admises.
Pourquoi c'est important : le DMP trace la requête par cette date.
Comment corriger : écrire la date de création à la seconde.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda_time import point_in_time
from dmp_certify.wire.hl7v3 import ExistenceRequest


@check(
    "DC-HL7-TIME",
    when=lambda request: request.creation_time is not None and bool(request.creation_time.value),
)
def creation_time_malformed(request: ExistenceRequest) -> Iterator[Fault]:
    stated = request.creation_time
    moment = point_in_time(stated.value) if stated else None
    if stated is not None and (moment is None or not moment.at_least("second")):
        yield Fault(
            stated.place,
            Text("AAAAMMJJhhmmss, au calendrier", "YYYYMMDDhhmmss, in the calendar"),
            stated.value[:60],
        )
