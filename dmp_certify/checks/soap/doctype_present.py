"""The envelope has a document type declaration.

What it finds: a DOCTYPE at the head of the envelope, with or without entities.
Why it matters: SOAP forbids it: entities let a message read the receiver's files or swell until
it stops.
How to correct: remove the DOCTYPE and write characters instead of entities.

L'enveloppe contient une déclaration de type de document.

Ce que le contrôle trouve : un DOCTYPE en tête de l'enveloppe, avec ou sans entités.
Pourquoi c'est important : SOAP l'interdit : des entités permettent à un message de lire les
fichiers du destinataire ou d'enfler jusqu'à l'arrêter.
Comment corriger : supprimer le DOCTYPE et écrire les caractères au lieu d'entités.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap_payload import SoapPayload


@check("DC-SOAP-DTD")
def doctype_present(payload: SoapPayload) -> Iterator[Fault]:
    if payload.doctype:
        yield Fault(payload.place, Text("aucun DOCTYPE", "no DOCTYPE"), "<!DOCTYPE")
