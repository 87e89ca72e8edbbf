"""A document that replaces another does not say so

What it finds: a document entry that starts a RPLC association while its CDA holds no
relatedDocument of type RPLC.
Why it matters: out of the DMP, only the CDA tells which version is the good one.
How to correct: write in the CDA a relatedDocument typeCode RPLC with the id of the replaced
document.

Un document qui en remplace un autre ne le dit pas

Ce que le contrôle trouve : une entrée de document d'où part une association RPLC alors que son CDA
n'a pas de relatedDocument de type RPLC.
Pourquoi c'est important : hors du DMP, seul le CDA dit quelle version est la bonne.
Comment corriger : écrire dans le CDA un relatedDocument typeCode RPLC avec l'id du document
remplacé.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.coherence import FedDocument


@check("DC-COH-RPLC", when=lambda fed: fed.replaces is not None)
def replacement_not_said(fed: FedDocument) -> Iterator[Fault]:
    if fed.cda.replaces is None:
        yield Fault(
            fed.cda.node.missing("relatedDocument"),
            Text("relatedDocument typeCode RPLC", "relatedDocument typeCode RPLC"),
            Text("aucun, alors que le lot dit RPLC", "none, though the lot says RPLC"),
        )
