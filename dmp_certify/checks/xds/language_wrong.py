"""The language of a document is not fr-FR

What it finds: a languageCode of a clinical document other than fr-FR, letter case included.
Why it matters: the French profile fixes the language; another spelling is another value for the
DMP.
How to correct: send fr-FR, as in the CDA.

La langue d'un document n'est pas fr-FR

Ce que le contrôle trouve : un languageCode de document clinique autre que fr-FR, casse comprise.
Pourquoi c'est important : le profil français fixe la langue ; une autre graphie est une autre
valeur pour le DMP.
Comment corriger : envoyer fr-FR, comme dans le CDA.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.xds import DocumentEntry


@check(
    "DC-XDS-LANGUAGE", when=lambda entry: not entry.signature and bool(entry.value("languageCode"))
)
def language_wrong(entry: DocumentEntry) -> Iterator[Fault]:
    for stated in entry.values("languageCode"):
        if stated.value != "fr-FR":
            yield Fault(stated.place, "fr-FR", stated.value[:200])
