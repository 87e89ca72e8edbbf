"""The certificate that signs the VIHF is not a signature certificate.

What it finds: a signing certificate whose extensions make it an authentication, server or
authority certificate.
Why it matters: the DMP answers DMPInvalidCertificate: an authentication key that signs would let
a login pass for a signature.
How to correct: sign with the ORG_SIGN certificate (keyUsage nonRepudiation) and keep ORG_AUTH_CLI
for TLS.

Le certificat qui signe le VIHF n'est pas un certificat de signature.

Ce que le contrôle trouve : un certificat de signature dont les extensions font un certificat
d'authentification, de serveur ou d'autorité.
Pourquoi c'est important : le DMP répond DMPInvalidCertificate : une clé d'authentification qui
signe ferait passer une connexion pour une signature.
Comment corriger : signer avec le certificat ORG_SIGN (keyUsage nonRepudiation) et réserver
ORG_AUTH_CLI à TLS.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

KINDS = {
    "client": Text("certificat d'authentification", "authentication certificate"),
    "server": Text("certificat de serveur", "server certificate"),
    "authority": Text("certificat d'autorité", "authority certificate"),
}
EXPECTED = Text(
    "un certificat ORG_SIGN (nonRepudiation)", "an ORG_SIGN certificate (nonRepudiation)"
)


def _judged(vihf: Vihf) -> bool:
    return vihf.signer is not None


@check("VIHF-SIGN-CERT", "EX_GEN-1450", when=_judged)
def signer_wrong_purpose(vihf: Vihf) -> Iterator[Fault]:
    signer = vihf.signer
    if signer is None or signer.value.purpose not in KINDS:
        return
    kind, usages = KINDS[signer.value.purpose], ", ".join(signer.value.usages)
    seen = Text(
        f"{kind.fr} ({usages}) : {signer.value.subject_text}",
        f"{kind.en} ({usages}): {signer.value.subject_text}",
    )
    for row in ("VIHF-SIGN-CERT", "EX_GEN-1450"):
        yield Fault(signer.place, EXPECTED, seen, row)
