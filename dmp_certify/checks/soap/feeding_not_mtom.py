"""The submission is not an MTOM message.

What it finds: a ProvideAndRegisterDocumentSet request sent as a plain envelope.
Why it matters: the DMP's repository service receives documents by MTOM/XOP.
How to correct: enable MTOM in the SOAP library for the repository service.

La soumission n'est pas un message MTOM.

Ce que le contrôle trouve : une requête ProvideAndRegisterDocumentSet envoyée comme une enveloppe
seule.
Pourquoi c'est important : le service repository du DMP reçoit les documents par MTOM/XOP.
Comment corriger : activer MTOM dans la bibliothèque SOAP pour le service repository.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import FEEDING


def _judged(soap: Soap) -> bool:
    # A lone envelope on disk says nothing of how it travelled.
    return soap.body_name == FEEDING and soap.message.kind != "soap"


@check("EX_2.1-1260", when=_judged)
def feeding_not_mtom(soap: Soap) -> Iterator[Fault]:
    if soap.multipart is None:
        expected = 'multipart/related; type="application/xop+xml"'
        seen = Text("une enveloppe sans multipart", "an envelope without multipart")
        yield Fault(soap.body.place, expected, seen)
