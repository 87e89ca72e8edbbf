"""The payload is not a SOAP envelope with one body.

What it finds: a root element other than Envelope, or an envelope without Body or with several.
Why it matters: the receiver finds no request in it.
How to correct: write soap:Envelope with one soap:Header and one soap:Body.

Le contenu n'est pas une enveloppe SOAP avec un corps.

Ce que le contrôle trouve : un élément racine autre que Envelope, ou une enveloppe sans Body ou
avec plusieurs.
Pourquoi c'est important : le destinataire n'y trouve pas de requête.
Comment corriger : écrire soap:Envelope avec un soap:Header et un soap:Body.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap_payload import SoapPayload


def _judged(payload: SoapPayload) -> bool:
    return payload.root is not None and not payload.doctype


@check("DC-SOAP-STRUCTURE", when=_judged)
def envelope_malformed(payload: SoapPayload) -> Iterator[Fault]:
    if payload.problem is not None:
        expected = "soap:Envelope / soap:Header, soap:Body"
        yield Fault(payload.problem.place, expected, payload.problem.value)
