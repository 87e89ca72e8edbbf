"""The submission set is signed with a certificate that is not made to sign.

What it finds: a signer's certificate made for authentication (client or server) or for issuing
certificates.
Why it matters: an authentication key proves a presence, not an intent; the DMP checks the usage.
How to correct: sign with the ORG_SIGN certificate (indirect) or with the signature key of the card.

Le lot est signé avec un certificat qui n'est pas fait pour signer.

Ce que le contrôle trouve : un certificat de signataire fait pour l'authentification (client ou
serveur) ou pour émettre des certificats.
Pourquoi c'est important : une clé d'authentification prouve une présence, pas une intention ; le
DMP contrôle l'usage.
Comment corriger : signer avec le certificat ORG_SIGN (indirect) ou avec la clé de signature de la
carte.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature


@check("DC-SIG-SIGNER-PURPOSE", when=lambda lot: lot.signer is not None)
def signer_wrong_purpose(lot: LotSignature) -> Iterator[Fault]:
    signer = lot.signer
    if signer is not None and signer.value.purpose in ("client", "server", "authority"):
        expected = Text("un certificat de signature", "a signature certificate")
        seen = f"{signer.value.subject_text} ({', '.join(signer.value.usages)})"
        yield Fault(signer.place, expected, seen[:200])
