"""Submission set and VIHF are signed for two structures.

What it finds: in indirect authentication, a lot signed with a certificate whose OU is not that of
the certificate that signed the VIHF.
Why it matters: the structure that authenticates its user is not the one that answers for the lot.
How to correct: sign both with the ORG_SIGN certificate of the same structure.

Le lot et le VIHF sont signés pour deux structures.

Ce que le contrôle trouve : en authentification indirecte, un lot signé avec un certificat dont l'OU
n'est pas celle du certificat qui a signé le VIHF.
Pourquoi c'est important : la structure qui authentifie son utilisateur n'est pas celle qui répond
du lot.
Comment corriger : signer les deux avec le certificat ORG_SIGN de la même structure.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.lot_signature import LotSignature


@check("DC-SIG-SIGNER-STRUCTURE", when=lambda lot: _comparable(lot))
def signer_other_structure(lot: LotSignature) -> Iterator[Fault]:
    signer, other = lot.signer, lot.vihf_signer
    if signer is None or other is None:
        return
    mine, theirs = signer.value.structure_ids, other.structure_ids
    if not set(mine) & set(theirs):
        yield Fault(signer.place, ", ".join(theirs), ", ".join(mine))


def _comparable(lot: LotSignature) -> bool:
    """Both certificates name a structure; a card names a person and is not compared."""
    signer, other = lot.signer, lot.vihf_signer
    return (
        lot.vihf_mode.startswith("INDIRECTE")
        and signer is not None
        and other is not None
        and bool(signer.value.structure_ids)
        and bool(other.structure_ids)
    )
