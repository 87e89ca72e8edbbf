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
from dmp_certify.wire.lot_manifest import ManifestReference
from dmp_certify.wire.lot_signature import LotSignature


@check("DC-SIG-DIGESTS", when=lambda lot: any(_listed(lot)))
def digest_mismatch(lot: LotSignature) -> Iterator[Fault]:
    for unique, data, reference in _compared(lot):
        if reference.agrees(data) is not False:
            continue
        expected = Text(
            f"l'empreinte du document {unique} tel qu'envoyé",
            f"the digest of document {unique} as sent",
        )
        yield Fault(reference.digest.place, expected, reference.digest.value[:100] or '""')


def _compared(lot: LotSignature) -> Iterator[tuple[str, bytes, ManifestReference]]:
    """Each reference to a document that came along, with its bytes."""
    for _, unique, data in lot.documents():
        for reference in lot.references_to(unique):
            if data is not None:
                yield unique, data, reference


def _listed(lot: LotSignature) -> Iterator[bool]:
    """Whether each such reference has a defined digest."""
    for _, data, reference in _compared(lot):
        yield reference.agrees(data) is not None
