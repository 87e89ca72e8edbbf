"""The submission set is not signed.

What it finds: a submission without the technical entry of the lot's signature.
Why it matters: nothing proves who sent the documents, nor that they arrived as they left.
How to correct: sign the lot (XAdES, ORG_SIGN certificate or the card's signature key) and send the
signature as one more document of the lot, with its `signs` association.

Le lot de soumission n'est pas signé.

Ce que le contrôle trouve : une soumission sans l'entrée technique de la signature du lot.
Pourquoi c'est important : rien ne prouve qui a envoyé les documents, ni qu'ils sont arrivés tels
qu'ils sont partis.
Comment corriger : signer le lot (XAdES, certificat ORG_SIGN ou clé de signature de la carte) et
envoyer la signature comme un document de plus du lot, avec son association `signs`.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check("DC-SIG-PRESENT")
def lot_unsigned(submission: Submission) -> Iterator[Fault]:
    if not submission.signatures:
        expected = Text("une entrée de signature", "a signature entry")
        count = len(submission.entries)
        observed = Text(
            f"{count} document(s), aucune signature", f"{count} document(s), no signature"
        )
        yield Fault(submission.place, expected, observed)
