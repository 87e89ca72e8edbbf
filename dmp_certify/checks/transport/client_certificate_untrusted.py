"""No trusted authority issued the client certificate.

What it finds: a client certificate from which no path leads to an authority that the run trusts.
Why it matters: anybody can make a certificate with the name of a structure; only the authority's
signature proves it.
How to correct: use a certificate issued by IGC-Santé (the TEST authority on test platforms), and
send its intermediate certificates with it.

Aucune autorité de confiance n'a émis le certificat client.

Ce que le contrôle trouve : un certificat client depuis lequel aucun chemin ne mène à une autorité
de confiance de l'exécution.
Pourquoi c'est important : chacun peut fabriquer un certificat au nom d'une structure ; seule la
signature de l'autorité le prouve.
Comment corriger : employer un certificat émis par l'IGC-Santé (l'autorité de TEST sur les
plateformes d'essai), et joindre ses certificats intermédiaires.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

EXPECTED = Text(
    "un certificat émis sous une autorité de confiance",
    "a certificate issued under a trusted authority",
)
REFUSALS = frozenset({"client-certificate-unknown-issuer"})


def _judged(tls: Tls) -> bool:
    return tls.path is not None or tls.cause in REFUSALS


@check("DC-TLS-CHAIN", when=_judged)
def client_certificate_untrusted(tls: Tls) -> Iterator[Fault]:
    place = tls.client.place if tls.client else tls.reason.place
    if tls.path is not None and not tls.path.anchored:
        last = tls.path.links[-1]
        yield Fault(place, EXPECTED, f"{last.subject_text} <- {last.issuer_text}")
    elif tls.path is None and tls.cause in REFUSALS:
        yield Fault(place, EXPECTED, tls.reason.value)
