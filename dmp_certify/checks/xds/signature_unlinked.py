"""The signature entry does not sign the submission set

What it finds: a submission with a signature entry from which no signs association goes to the lot.
Why it matters: without this association nobody can tell what the signature covers.
How to correct: add the association urn:ihe:iti:2007:AssociationType:signs from the signature entry
to the submission set.

L'entrée de signature ne signe pas le lot

Ce que le contrôle trouve : une soumission dont l'entrée de signature n'a pas d'association signs
vers le lot.
Pourquoi c'est important : sans cette association, nul ne sait ce que couvre la signature.
Comment corriger : ajouter l'association urn:ihe:iti:2007:AssociationType:signs de l'entrée de
signature vers le lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import SIGNS, Submission


@check(
    "DC-XDS-SIGNS",
    when=lambda submission: bool(submission.signatures) and submission.set is not None,
)
def signature_unlinked(submission: Submission) -> Iterator[Fault]:
    lot = submission.set.id.value if submission.set else ""
    links = {(one.source.value, one.target.value) for one in submission.typed(SIGNS)}
    for entry in submission.signatures:
        if (entry.id.value, lot) not in links:
            name = entry.id.value
            yield Fault(
                entry.place,
                Text(f"une association signs de {name} vers {lot}", f"signs from {name} to {lot}"),
                Text("aucune", "none"),
            )
