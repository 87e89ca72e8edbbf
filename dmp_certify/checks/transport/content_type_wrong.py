"""The content type of the call is neither SOAP 1.2 nor MTOM.

What it finds: a Content-Type that is absent, or other than application/soap+xml and
multipart/related.
Why it matters: the content type tells the server which SOAP it receives; with another one it
refuses the call or reads it wrongly.
How to correct: send application/soap+xml for a plain envelope and multipart/related for an MTOM
message.

Le type de contenu de l'appel n'est ni SOAP 1.2 ni MTOM.

Ce que le contrôle trouve : un Content-Type absent, ou autre que application/soap+xml et
multipart/related.
Pourquoi c'est important : le type de contenu dit au serveur quel SOAP il reçoit ; avec un autre,
il refuse l'appel ou le lit de travers.
Comment corriger : envoyer application/soap+xml pour une enveloppe seule et multipart/related pour
un message MTOM.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap_payload import SoapPayload, is_soap11

ACCEPTED = ("application/soap+xml", "multipart/related")


def _judged(payload: SoapPayload) -> bool:
    return payload.http and not is_soap11(payload)


# SOAP 1.1 is named by its own check, and text/xml is its right type.
@check("DC-HTTP-CONTENT-TYPE", when=_judged)
def content_type_wrong(payload: SoapPayload) -> Iterator[Fault]:
    outer = payload.multipart.media_type if payload.multipart else payload.media_type
    place = payload.multipart.content_type if payload.multipart else payload.content_type
    if outer is None:
        yield Fault(place, " / ".join(ACCEPTED), Text("champ absent", "field missing"))
    elif outer.type not in ACCEPTED:
        yield Fault(place, " / ".join(ACCEPTED), outer.type)
