"""The submission has no signature entry

What it finds: a lot without the technical entry that holds its XAdES signature. Whether every
profile must sign is not public: the suite reports it without failing.
Why it matters: the signature proves that the lot comes from the structure that sends it.
How to correct: sign the lot, and add the signature document with its own entry.

La soumission n'a pas d'entrée de signature

Ce que le contrôle trouve : un lot sans l'entrée technique qui porte sa signature XAdES. Le
caractère obligatoire dans chaque profil n'est pas public : la suite le signale sans échouer.
Pourquoi c'est important : la signature prouve que le lot vient de la structure qui l'envoie.
Comment corriger : signer le lot, et ajouter le document de signature avec son entrée.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check("DC-XDS-SIGNATURE-ENTRY", when=lambda submission: bool(submission.entries))
def signature_entry_missing(submission: Submission) -> Iterator[Fault]:
    if not submission.signatures:
        names = ", ".join(entry.id.value for entry in submission.entries)
        yield Fault(
            submission.place,
            Text("une entrée de signature dans le lot", "a signature entry in the lot"),
            Text(f"seulement {names}", f"only {names}"),
        )
