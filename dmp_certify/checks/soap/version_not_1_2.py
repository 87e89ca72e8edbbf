"""The envelope is not SOAP 1.2.

What it finds: an envelope in the namespace of SOAP 1.1.
Why it matters: the DMP's services are bound to SOAP 1.2: another version is answered by a
VersionMismatch fault.
How to correct: set the SOAP library to version 1.2 (namespace
http://www.w3.org/2003/05/soap-envelope).

L'enveloppe n'est pas en SOAP 1.2.

Ce que le contrôle trouve : une enveloppe dans l'espace de noms de SOAP 1.1.
Pourquoi c'est important : les services du DMP sont liés à SOAP 1.2 : une autre version reçoit une
faute VersionMismatch.
Comment corriger : régler la bibliothèque SOAP sur la version 1.2 (espace de noms
http://www.w3.org/2003/05/soap-envelope).
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"


@check("DC-SOAP-VERSION")
def version_not_1_2(soap: Soap) -> Iterator[Fault]:
    if soap.namespace.value != SOAP12:
        yield Fault(soap.namespace.place, SOAP12, soap.namespace.value)
