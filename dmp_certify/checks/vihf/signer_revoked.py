"""The certificate that signs the VIHF is revoked.

What it finds: a signing certificate, or one of its authorities, on the revocation list when the
VIHF is received.
Why it matters: a revoked certificate is one whose key is lost or whose holder has changed.
How to correct: order a new ORG_SIGN certificate and remove the revoked one from every
workstation.

Le certificat qui signe le VIHF est révoqué.

Ce que le contrôle trouve : un certificat de signature, ou l'une de ses autorités, inscrit sur la
liste de révocation à la réception du VIHF.
Pourquoi c'est important : un certificat révoqué est un certificat dont la clé est perdue ou dont
le titulaire a changé.
Comment corriger : commander un nouveau certificat ORG_SIGN et retirer le certificat révoqué de
chaque poste.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

EXPECTED = Text("un certificat non révoqué", "a certificate that is not revoked")


def _judged(vihf: Vihf) -> bool:
    return vihf.signer_path is not None and vihf.signer_path.revocation != "unknown"


@check("DC-VIHF-REVOCATION", when=_judged)
def signer_revoked(vihf: Vihf) -> Iterator[Fault]:
    signer, path = vihf.signer, vihf.signer_path
    if signer is None:
        return
    if path is not None and path.revoked is not None:
        link = path.revoked
        yield Fault(signer.place, EXPECTED, f"{link.serial:X}: {link.subject_text}")
