"""A document without any content is sent

What it finds: a submission one of whose documents has no byte but white space.
Why it matters: an empty document wastes the reader's time, and may hide that the real one was lost.
How to correct: do not send a document before it has content.

Un document sans aucun contenu est envoyé

Ce que le contrôle trouve : une soumission dont l'un des documents n'a pas d'autre octet que des
blancs.
Pourquoi c'est important : un document vide fait perdre son temps au lecteur, et peut cacher la
perte du vrai document.
Comment corriger : ne pas envoyer un document avant qu'il ait un contenu.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check(
    "EX_GEN-1060", when=lambda submission: any(one.data is not None for one in submission.documents)
)
def empty_document_sent(submission: Submission) -> Iterator[Fault]:
    for document in submission.documents:
        if document.data is not None and not document.data.strip():
            yield Fault(
                document.place,
                Text("les octets du document", "the bytes of the document"),
                Text(f"{len(document.data)} octet(s) vides", f"{len(document.data)} empty byte(s)"),
            )
