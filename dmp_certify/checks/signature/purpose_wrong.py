"""The purpose of the signature is not that of a submission set.

What it finds: no SignatureProperty `purposeOfSignature`, another value than
1.2.840.10065.1.12.1.14 (source), or a Target that is not the signature.
Why it matters: the purpose says in what capacity the lot is signed.
How to correct: write SignatureProperty Id="purposeOfSignature" Target="#<Id of the signature>" with
the text 1.2.840.10065.1.12.1.14.

L'objet de la signature n'est pas celui d'un lot.

Ce que le contrôle trouve : aucun SignatureProperty `purposeOfSignature`, une autre valeur que
1.2.840.10065.1.12.1.14 (source), ou un Target qui n'est pas la signature.
Pourquoi c'est important : l'objet dit à quel titre le lot est signé.
Comment corriger : écrire SignatureProperty Id="purposeOfSignature" Target="#<Id de la signature>"
avec le texte 1.2.840.10065.1.12.1.14.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature

_SOURCE = "1.2.840.10065.1.12.1.14"


@check("DC-SIG-PURPOSE", "DC-SIG-PURPOSE-TARGET")
def purpose_wrong(lot: LotSignature) -> Iterator[Fault]:
    if lot.purpose is None:
        yield Fault(lot.place, _SOURCE, Text("absent", "absent"), "DC-SIG-PURPOSE")
        return
    if lot.purpose.value != _SOURCE:
        yield Fault(lot.purpose.place, _SOURCE, lot.purpose.value[:200] or '""', "DC-SIG-PURPOSE")
    target = lot.target
    if lot.id and target is not None and target.value != f"#{lot.id}":
        yield Fault(target.place, f"#{lot.id}", target.value[:200], "DC-SIG-PURPOSE-TARGET")
    elif target is None:
        expected = f"#{lot.id}" if lot.id else "Target"
        yield Fault(lot.purpose.place, expected, Text("absent", "absent"), "DC-SIG-PURPOSE-TARGET")
