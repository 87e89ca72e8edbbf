"""The signature of the VIHF uses SHA-1.

What it finds: a signature or digest algorithm that rests on SHA-1.
Why it matters: SHA-1 is no longer collision-resistant; older official examples use it and no
public text rules it out, so this is reported and not failed.
How to correct: sign with rsa-sha256 and digest with sha256.

La signature du VIHF emploie SHA-1.

Ce que le contrôle trouve : un algorithme de signature ou d'empreinte fondé sur SHA-1.
Pourquoi c'est important : SHA-1 ne résiste plus aux collisions ; d'anciens exemples officiels
l'emploient et aucun texte public ne l'exclut, le fait est donc signalé sans être une
non-conformité.
Comment corriger : signer en rsa-sha256 et calculer les empreintes en sha256.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import Vihf


def _judged(vihf: Vihf) -> bool:
    return vihf.signature is not None


@check("DC-VIHF-SHA1", when=_judged)
def signature_sha1(vihf: Vihf) -> Iterator[Fault]:
    weak = vihf.signature.sha1 if vihf.signature else None
    if weak is not None:
        yield Fault(weak.place, "rsa-sha256, sha256", weak.value)
