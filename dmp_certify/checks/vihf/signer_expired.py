"""A certificate of the VIHF's signature is outside its validity period.

What it finds: a signing certificate, or one of its authorities, that is expired or not yet valid
when the VIHF is received.
Why it matters: nobody answers any more for an expired certificate.
How to correct: renew the ORG_SIGN certificate before its end.

Un certificat de la signature du VIHF est hors de sa période de validité.

Ce que le contrôle trouve : un certificat de signature, ou l'une de ses autorités, expiré ou pas
encore valide à la réception du VIHF.
Pourquoi c'est important : plus personne ne répond d'un certificat expiré.
Comment corriger : renouveler le certificat ORG_SIGN avant son terme.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

EXPECTED = Text("un certificat valide à ce moment", "a certificate valid at this moment")


def _judged(vihf: Vihf) -> bool:
    return vihf.signer_path is not None


@check("DC-VIHF-VALIDITY", when=_judged)
def signer_expired(vihf: Vihf) -> Iterator[Fault]:
    signer, path = vihf.signer, vihf.signer_path
    if signer is None:
        return
    if path is not None and path.outside is not None:
        link = path.outside
        dates = f"{link.begins:%Y-%m-%d} - {link.ends:%Y-%m-%d}"
        yield Fault(signer.place, EXPECTED, f"{dates}: {link.subject_text}")
