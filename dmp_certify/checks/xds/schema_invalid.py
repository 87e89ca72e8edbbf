"""The submission does not follow the structure of ebRIM and ITI-41

What it finds: an element or attribute of the submission that is unknown, misplaced, or lacks what
ebRIM 3.0 requires of it.
Why it matters: a registry reads the metadata by its schema: what stands elsewhere is not read, or
stops the whole lot.
How to correct: generate the metadata from the ebRIM schema, and keep its order: slots, name,
description, classifications, identifiers.

La soumission ne respecte pas la structure d'ebRIM et d'ITI-41

Ce que le contrôle trouve : un élément ou un attribut de la soumission inconnu, mal placé, ou auquel
manque ce qu'ebRIM 3.0 en exige.
Pourquoi c'est important : un registre lit les métadonnées d'après leur schéma : ce qui est ailleurs
n'est pas lu, ou arrête tout le lot.
Comment corriger : produire les métadonnées d'après le schéma d'ebRIM, et en garder l'ordre : slots,
nom, description, classifications, identifiants.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.schemas import violations
from dmp_certify.wire.xds import Submission


@check("DC-XDS-SCHEMA")
def schema_invalid(submission: Submission) -> Iterator[Fault]:
    for found in violations(submission.element, "iti-41"):
        yield Fault(
            found.place,
            Text("la structure d'ebRIM 3.0 et d'ITI-41", "the structure of ebRIM 3.0 and ITI-41"),
            found.reason[:200],
        )
