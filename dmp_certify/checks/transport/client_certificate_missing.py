"""The product opens the link with the DMP without a client certificate.

What it finds: a connection, or an attempt, in plain HTTP or in TLS without a certificate of the
product.
Why it matters: the DMP knows the structure by its certificate: it answers nobody else.
How to correct: give the structure's authentication certificate and its private key to the TLS
library.

Le produit ouvre la liaison avec le DMP sans certificat client.

Ce que le contrôle trouve : une connexion, ou une tentative, en HTTP clair ou en TLS sans
certificat du produit.
Pourquoi c'est important : le DMP connaît la structure par son certificat : il ne répond à
personne d'autre.
Comment corriger : donner à la bibliothèque TLS le certificat d'authentification de la structure
et sa clé privée.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

REFUSALS = frozenset({"client-certificate-missing", "plain-http"})
EXPECTED = Text(
    "TLS avec le certificat d'authentification de la structure",
    "TLS with the structure's authentication certificate",
)


def _judged(tls: Tls) -> bool:
    return tls.established or tls.client is not None or tls.unreadable or tls.cause in REFUSALS


@check("EX_0.X-1030", when=_judged)
def client_certificate_missing(tls: Tls) -> Iterator[Fault]:
    if tls.unreadable:
        seen = Text("un certificat illisible", "an unreadable certificate")
        yield Fault(tls.reason.place, EXPECTED, seen)
    elif tls.client is None:
        seen = Text("aucun certificat client", "no client certificate")
        yield Fault(tls.reason.place, EXPECTED, tls.reason.value or seen)
