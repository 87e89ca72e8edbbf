"""A TLS handshake of the product does not succeed.

What it finds: a connection that ends before TLS is established, for another reason than the
version, the suite or the client certificate: the product left, or refused the server's
certificate.
Why it matters: a product that does not trust the DMP's authority never reaches it; some scenarios
expect such a refusal, so it is reported and not failed.
How to correct: read the reason; if the product refuses the server's certificate, add the
authority of the platform to its trust store.

Une négociation TLS du produit n'aboutit pas.

Ce que le contrôle trouve : une connexion qui s'arrête avant l'établissement de TLS, pour une
autre raison que la version, la suite ou le certificat client : le produit est parti, ou a refusé
le certificat du serveur.
Pourquoi c'est important : un produit qui ne fait pas confiance à l'autorité du DMP ne l'atteint
jamais ; certains scénarios attendent ce refus, qui est donc signalé sans être une non-conformité.
Comment corriger : lire la raison ; si le produit refuse le certificat du serveur, ajouter
l'autorité de la plateforme à son magasin de confiance.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

# Causes that other checks name, each with its own requirement.
NAMED = frozenset(
    {
        "protocol-version",
        "no-common-suite",
        "plain-http",
        "client-certificate-missing",
        "client-certificate-unknown-issuer",
        "client-certificate-expired",
        "client-certificate-not-yet-valid",
        "client-certificate-revoked",
        "client-certificate-wrong-purpose",
    }
)


def _judged(tls: Tls) -> bool:
    return tls.cause not in NAMED


@check("DC-TLS-HANDSHAKE", when=_judged)
def handshake_refused(tls: Tls) -> Iterator[Fault]:
    if not tls.established:
        yield Fault(
            tls.reason.place,
            Text("une négociation TLS menée à son terme", "a TLS handshake carried to its end"),
            tls.reason.value or "?",
        )
