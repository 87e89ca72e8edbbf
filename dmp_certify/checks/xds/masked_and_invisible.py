"""A document is both masked from professionals and invisible to the patient

What it finds: a clinical document with both MASQUE_PS and INVISIBLE_PATIENT. The technical entry of
the signature, which bears both, is left alone.
Why it matters: such a document would be read by nobody; the DMP's parameter forbids it.
How to correct: let the user choose one or the other for each document, not both.

Un document est à la fois masqué aux professionnels et invisible au patient

Ce que le contrôle trouve : un document clinique portant à la fois MASQUE_PS et INVISIBLE_PATIENT.
L'entrée technique de la signature, qui porte les deux, est laissée de côté.
Pourquoi c'est important : un tel document ne serait lu de personne ; le paramétrage du DMP
l'interdit.
Comment corriger : laisser l'utilisateur choisir l'un ou l'autre pour chaque document, mais pas les
deux.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import DocumentEntry


@check("EX_2.1-1050", when=lambda entry: not entry.signature)
def masked_and_invisible(entry: DocumentEntry) -> Iterator[Fault]:
    stated = {one.value: one for one in entry.values("confidentialityCode")}
    if "MASQUE_PS" in stated and "INVISIBLE_PATIENT" in stated:
        yield Fault(
            stated["INVISIBLE_PATIENT"].place,
            Text("MASQUE_PS ou INVISIBLE_PATIENT, pas les deux", "MASQUE_PS or INVISIBLE_PATIENT"),
            ", ".join(stated),
        )
