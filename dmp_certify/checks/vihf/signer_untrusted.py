"""No trusted authority issued the certificate that signs the VIHF.

What it finds: a signing certificate from which no path leads to an authority that the run trusts.
Why it matters: anybody can make a certificate in the name of a structure; only the authority's
signature proves it.
How to correct: sign with a certificate issued by IGC-Santé (the TEST authority on test
platforms).

Aucune autorité de confiance n'a émis le certificat qui signe le VIHF.

Ce que le contrôle trouve : un certificat de signature depuis lequel aucun chemin ne mène à une
autorité de confiance de l'exécution.
Pourquoi c'est important : chacun peut fabriquer un certificat au nom d'une structure ; seule la
signature de l'autorité le prouve.
Comment corriger : signer avec un certificat émis par l'IGC-Santé (l'autorité de TEST sur les
plateformes d'essai).
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

EXPECTED = Text(
    "un certificat émis sous une autorité de confiance",
    "a certificate issued under a trusted authority",
)


def _judged(vihf: Vihf) -> bool:
    return vihf.signer_path is not None


@check("DC-VIHF-CHAIN", when=_judged)
def signer_untrusted(vihf: Vihf) -> Iterator[Fault]:
    signer, path = vihf.signer, vihf.signer_path
    if signer is None:
        return
    if path is not None and not path.anchored:
        last = path.links[-1]
        yield Fault(signer.place, EXPECTED, f"{last.subject_text} <- {last.issuer_text}")
