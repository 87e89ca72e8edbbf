"""The query does not follow the structure of its interaction

What it finds: an element or attribute of PRPA_IN201307UV02 that is unknown or misplaced.
Why it matters: an HL7 V3 receiver reads by the schema of the interaction, in which order counts.
How to correct: generate the message from the schema of the interaction, and keep its order.

La requête ne respecte pas la structure de son interaction

Ce que le contrôle trouve : un élément ou un attribut de PRPA_IN201307UV02 inconnu ou mal placé.
Pourquoi c'est important : un destinataire HL7 V3 lit d'après le schéma de l'interaction, où l'ordre
compte.
Comment corriger : produire le message d'après le schéma de l'interaction, et en garder l'ordre.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.hl7v3 import ExistenceRequest
from dmp_certify.wire.schemas import violations


@check("DC-HL7-SCHEMA")
def schema_invalid(request: ExistenceRequest) -> Iterator[Fault]:
    for found in violations(request.element, "prpa-in201307"):
        yield Fault(
            found.place,
            Text("la structure de PRPA_IN201307UV02", "the structure of PRPA_IN201307UV02"),
            found.reason[:200],
        )
