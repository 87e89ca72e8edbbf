"""A certificate of the connection is outside its validity period.

What it finds: a client certificate, or one of its authorities, that is expired or not yet valid
at the moment of the connection.
Why it matters: nobody answers any more for an expired certificate: its key may have passed into
other hands.
How to correct: renew the structure's certificate before its end, and warn the administrator in
good time.

Un certificat de la connexion est hors de sa période de validité.

Ce que le contrôle trouve : un certificat client, ou l'une de ses autorités, expiré ou pas encore
valide au moment de la connexion.
Pourquoi c'est important : plus personne ne répond d'un certificat expiré : sa clé a pu passer en
d'autres mains.
Comment corriger : renouveler le certificat de la structure avant son terme, et prévenir
l'administrateur à temps.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

EXPECTED = Text("un certificat valide à ce moment", "a certificate valid at this moment")
REFUSALS = frozenset({"client-certificate-expired", "client-certificate-not-yet-valid"})


def _judged(tls: Tls) -> bool:
    return tls.path is not None or tls.cause in REFUSALS


@check("DC-TLS-VALIDITY", when=_judged)
def client_certificate_expired(tls: Tls) -> Iterator[Fault]:
    place = tls.client.place if tls.client else tls.reason.place
    if tls.path is not None and tls.path.outside is not None:
        link = tls.path.outside
        yield Fault(
            place, EXPECTED, f"{link.begins:%Y-%m-%d} - {link.ends:%Y-%m-%d}: {link.subject_text}"
        )
    elif tls.path is None and tls.cause in REFUSALS:
        yield Fault(place, EXPECTED, tls.reason.value)
