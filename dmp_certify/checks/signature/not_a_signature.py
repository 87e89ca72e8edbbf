"""The signature entry carries no signature.

What it finds: the document of the signature entry is not well-formed XML, or its root is not a
ds:Signature.
Why it matters: the lot counts as unsigned.
How to correct: send the ds:Signature element itself as the document.

L'entrée de signature ne porte pas de signature.

Ce que le contrôle trouve : le document de l'entrée de signature n'est pas du XML bien formé, ou sa
racine n'est pas un ds:Signature.
Pourquoi c'est important : le lot compte comme non signé.
Comment corriger : envoyer l'élément ds:Signature lui-même comme document.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.lot_signature import SignaturePart


@check("DC-SIG-READABLE")
def not_a_signature(part: SignaturePart) -> Iterator[Fault]:
    if part.problem is not None:
        yield Fault(part.problem.place, "ds:Signature", part.problem.reason)
