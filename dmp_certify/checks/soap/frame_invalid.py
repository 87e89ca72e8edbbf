"""The frame of the envelope is not that of SOAP.

What it finds: an element other than Header and Body in the envelope, or a Header after the Body.
Why it matters: a receiver reads the header before the body, and refuses what SOAP does not know.
How to correct: write one soap:Header, then one soap:Body, and nothing else in soap:Envelope.

Le cadre de l'enveloppe n'est pas celui de SOAP.

Ce que le contrôle trouve : un élément autre que Header et Body dans l'enveloppe, ou un Header
après le Body.
Pourquoi c'est important : un destinataire lit l'en-tête avant le corps, et refuse ce que SOAP ne
connaît pas.
Comment corriger : écrire un soap:Header, puis un soap:Body, et rien d'autre dans soap:Envelope.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.schemas import violations
from dmp_certify.wire.soap import Soap

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"


def _judged(soap: Soap) -> bool:
    return soap.namespace.value == SOAP12


@check("DC-SOAP-FRAME", when=_judged)
def frame_invalid(soap: Soap) -> Iterator[Fault]:
    for found in violations(soap.envelope, "soap-envelope"):
        yield Fault(found.place, "soap:Header?, soap:Body", found.reason[:200])
