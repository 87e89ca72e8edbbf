"""The structure of the VIHF is not that of the certificate.

What it finds: an Identifiant_Structure that is no OU value of the signing certificate.
Why it matters: a hospital whose certificate is issued to the legal entity may name its geographic
entity (EJ/EG), so this is reported and not failed; otherwise the DMP answers that the legal
entity is not authenticated.
How to correct: check that the structure is the certificate's, or an entity that belongs to it.

La structure du VIHF n'est pas celle du certificat.

Ce que le contrôle trouve : un Identifiant_Structure qui n'est aucune valeur OU du certificat de
signature.
Pourquoi c'est important : un établissement dont le certificat est émis à l'entité juridique peut
nommer son entité géographique (EJ/EG), le fait est donc signalé sans être une non-conformité ;
sinon le DMP répond que la personne morale n'est pas authentifiée.
Comment corriger : vérifier que la structure est celle du certificat, ou une entité qui en dépend.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import INDIRECT, Vihf

NAME = "Identifiant_Structure"


def _judged(vihf: Vihf) -> bool:
    indirect = vihf.mode is not None and vihf.mode.value == INDIRECT
    return indirect and vihf.signer is not None and vihf.value(NAME) is not None


@check("DC-VIHF-STRUCTURE-CERT", when=_judged)
def structure_not_of_certificate(vihf: Vihf) -> Iterator[Fault]:
    signer, found = vihf.signer, vihf.value(NAME)
    if signer is None or found is None:
        return
    if found.value not in signer.value.structure_ids:
        expected = ", ".join(f"OU={one}" for one in signer.value.structure_ids)
        yield Fault(found.place, expected, found.value[:200])
