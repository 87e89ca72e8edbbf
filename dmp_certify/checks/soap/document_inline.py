"""A document of an MTOM submission stands as base64 in the envelope.

What it finds: a Document of a multipart submission whose content is base64 text instead of
xop:Include.
Why it matters: base64 adds a third to the size; whether the DMP accepts it is not public, so this
is reported and not failed.
How to correct: attach each document as a part and refer to it by xop:Include.

Un document d'une soumission MTOM est en base64 dans l'enveloppe.

Ce que le contrôle trouve : un Document d'une soumission multipart dont le contenu est du texte
base64 au lieu de xop:Include.
Pourquoi c'est important : le base64 ajoute un tiers à la taille ; que le DMP l'accepte n'est pas
public, le fait est donc signalé sans être une non-conformité.
Comment corriger : joindre chaque document comme une partie et s'y référer par xop:Include.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import FEEDING


def _judged(soap: Soap) -> bool:
    return soap.body_name == FEEDING and soap.multipart is not None and bool(soap.documents)


@check("DC-XOP-INLINE", when=_judged)
def document_inline(soap: Soap) -> Iterator[Fault]:
    for document in soap.documents:
        if document.carriage == "inline":
            yield Fault(document.place, "xop:Include", "base64")
