"""The signed properties name another certificate than the signer's.

What it finds: no SigningCertificate, or none whose digest is that of the certificate in KeyInfo.
Why it matters: this property ties the signature to one certificate; without it another certificate
with the same key could take its place.
How to correct: write in SigningCertificate the digest of the certificate that goes in KeyInfo, and
of its chain if you wish.

Les propriétés signées nomment un autre certificat que celui du signataire.

Ce que le contrôle trouve : pas de SigningCertificate, ou aucun dont l'empreinte soit celle du
certificat de KeyInfo.
Pourquoi c'est important : cette propriété lie la signature à un certificat ; sans elle, un autre
certificat de même clé pourrait prendre sa place.
Comment corriger : écrire dans SigningCertificate l'empreinte du certificat mis dans KeyInfo, et de
sa chaîne si vous le voulez.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature


@check(
    "DC-SIG-SIGNING-CERTIFICATE",
    when=lambda lot: lot.properties is not None and lot.signer is not None,
)
def signing_certificate_differs(lot: LotSignature) -> Iterator[Fault]:
    properties, signer = lot.properties, lot.signer
    if properties is None or signer is None:
        return
    stated = properties.certificates
    if any(one.names(lot.signature.signer_der) for one in stated):
        return
    expected = Text(
        f"l'empreinte de {signer.value.subject_text}", f"the digest of {signer.value.subject_text}"
    )
    if stated:
        yield Fault(stated[0].digest.place, expected, stated[0].digest.value[:100] or '""')
    else:
        yield Fault(properties.place, expected, Text("absente", "absent"))
