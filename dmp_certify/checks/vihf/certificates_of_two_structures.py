"""TLS and the VIHF's signature use certificates of two structures.

What it finds: a TLS client certificate and a signing certificate whose subjects share no OU
value.
Why it matters: the structure that opens the link must be the one that answers for the user; the
DMP may refuse the legal entity.
How to correct: use the ORG_AUTH_CLI and ORG_SIGN certificates of the same structure.

TLS et la signature du VIHF emploient les certificats de deux structures.

Ce que le contrôle trouve : un certificat client TLS et un certificat de signature dont les sujets
n'ont aucune valeur OU commune.
Pourquoi c'est important : la structure qui ouvre la liaison doit être celle qui répond de
l'utilisateur ; le DMP peut refuser la personne morale.
Comment corriger : employer les certificats ORG_AUTH_CLI et ORG_SIGN de la même structure.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import INDIRECT, Vihf


def _judged(vihf: Vihf) -> bool:
    indirect = vihf.mode is not None and vihf.mode.value == INDIRECT
    return indirect and vihf.signer is not None and vihf.tls_client is not None


@check("DC-VIHF-TLS-STRUCTURE", when=_judged)
def certificates_of_two_structures(vihf: Vihf) -> Iterator[Fault]:
    signer, client = vihf.signer, vihf.tls_client
    if signer is None or client is None:
        return
    if not set(signer.value.structure_ids) & set(client.structure_ids):
        expected = f"OU={', '.join(client.structure_ids)} (TLS)"
        yield Fault(signer.place, expected, f"OU={', '.join(signer.value.structure_ids)}")
