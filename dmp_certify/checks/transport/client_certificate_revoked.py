"""The client certificate of the connection is revoked.

What it finds: a client certificate, or one of its authorities, on the revocation list at the
moment of the connection.
Why it matters: a revoked certificate is one whose key is lost or whose holder has changed.
How to correct: order a new certificate from IGC-Santé and remove the revoked one from every
workstation.

Le certificat client de la connexion est révoqué.

Ce que le contrôle trouve : un certificat client, ou l'une de ses autorités, inscrit sur la liste
de révocation au moment de la connexion.
Pourquoi c'est important : un certificat révoqué est un certificat dont la clé est perdue ou dont
le titulaire a changé.
Comment corriger : commander un nouveau certificat à l'IGC-Santé et retirer le certificat révoqué
de chaque poste.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

EXPECTED = Text("un certificat non révoqué", "a certificate that is not revoked")
REFUSALS = frozenset({"client-certificate-revoked"})


def _judged(tls: Tls) -> bool:
    return (tls.path is not None and tls.path.revocation != "unknown") or tls.cause in REFUSALS


@check("DC-TLS-REVOCATION", when=_judged)
def client_certificate_revoked(tls: Tls) -> Iterator[Fault]:
    place = tls.client.place if tls.client else tls.reason.place
    if tls.path is not None and tls.path.revoked is not None:
        link = tls.path.revoked
        yield Fault(place, EXPECTED, f"{link.serial:X}: {link.subject_text}")
    elif (tls.path is None or tls.path.revocation == "unknown") and tls.cause in REFUSALS:
        yield Fault(place, EXPECTED, tls.reason.value)
