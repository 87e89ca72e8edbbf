"""The envelope is not well-formed XML.

What it finds: a payload that an XML parser refuses: an unclosed tag, bytes outside the declared
encoding, an empty body.
Why it matters: no receiver reads it, and whatever the message was to carry is lost.
How to correct: write XML with an XML library, in UTF-8, and never by joining strings.

L'enveloppe n'est pas du XML bien formé.

Ce que le contrôle trouve : un contenu qu'un analyseur XML refuse : balise non fermée, octets hors
de l'encodage annoncé, corps vide.
Pourquoi c'est important : aucun destinataire ne le lit, et ce que le message devait porter est
perdu.
Comment corriger : écrire le XML avec une bibliothèque XML, en UTF-8, et jamais en joignant des
chaînes.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap_payload import SoapPayload


def _judged(payload: SoapPayload) -> bool:
    return not payload.doctype


@check("DC-SOAP-WELL-FORMED", when=_judged)
def not_well_formed(payload: SoapPayload) -> Iterator[Fault]:
    if payload.root is None and payload.problem is not None:
        expected = Text("un document XML bien formé", "a well-formed XML document")
        yield Fault(payload.problem.place, expected, payload.problem.value)
