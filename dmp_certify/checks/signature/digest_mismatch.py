"""A document is not the one that was signed.

What it finds: a document whose digest, under the transforms that the manifest states, is not the
digest that the manifest states.
Why it matters: the document was changed between signature and sending, or the signature is that of
another lot.
How to correct: digest the very bytes that are sent: canonicalize the whole document, comments and
processing instructions included, when the manifest says C14N with comments.

Un document n'est pas celui qui a été signé.

Ce que le contrôle trouve : un document dont l'empreinte, sous les transformations que dit le
manifeste, n'est pas celle que dit le manifeste.
Pourquoi c'est important : le document a changé entre la signature et l'envoi, ou la signature est
celle d'un autre lot.
Comment corriger : condenser les octets mêmes qui partent : canonicaliser le document entier,
commentaires et instructions de traitement compris, quand le manifeste dit C14N avec commentaires.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature


@check("DC-SIG-DIGESTS", when=lambda lot: any(_listed(lot)))
def digest_mismatch(lot: LotSignature) -> Iterator[Fault]:
    for _, unique, data in lot.documents():
        reference = lot.reference_to(unique) if unique else None
        if reference is None or data is None or reference.agrees(data) is not False:
            continue
        expected = Text(
            f"l'empreinte du document {unique} tel qu'envoyé",
            f"the digest of document {unique} as sent",
        )
        yield Fault(reference.digest.place, expected, reference.digest.value[:100] or '""')


def _listed(lot: LotSignature) -> Iterator[bool]:
    """Whether each document is listed, came along, and has a defined digest."""
    for _, unique, data in lot.documents():
        reference = lot.reference_to(unique) if unique else None
        yield reference is not None and data is not None and reference.agrees(data) is not None
