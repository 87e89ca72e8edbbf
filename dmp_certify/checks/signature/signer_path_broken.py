"""The certificate that signed the submission set is expired, unknown or revoked.

What it finds: at reception, a link of the signer's certificate path outside its validity, a path
that ends in no trusted authority, or a revoked link.
Why it matters: nobody answers any more, or yet, for who held the key.
How to correct: renew the certificate before it ends, and use one of IGC-Santé.

Le certificat qui a signé le lot est périmé, inconnu ou révoqué.

Ce que le contrôle trouve : à la réception, un maillon du chemin de certificats du signataire hors
de sa validité, un chemin qui ne finit sur aucune autorité de confiance, ou un maillon révoqué.
Pourquoi c'est important : nul ne répond plus, ou pas encore, de qui tenait la clé.
Comment corriger : renouveler le certificat avant son terme, et en employer un de l'IGC-Santé.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature

_VALIDITY = "DC-SIG-SIGNER-VALIDITY"
_TRUST = "DC-SIG-SIGNER-TRUST"
_REVOCATION = "DC-SIG-SIGNER-REVOCATION"


@check(_VALIDITY, _TRUST, _REVOCATION, when=lambda lot: lot.path is not None)
def signer_path_broken(lot: LotSignature) -> Iterator[Fault]:
    path, signer = lot.path, lot.signer
    if path is None or signer is None:
        return
    if not path.anchored:
        expected = Text("une autorité de confiance", "a trusted authority")
        yield Fault(signer.place, expected, path.links[-1].issuer_text[:200], _TRUST)
    if path.outside is not None:
        moment = f"{lot.received_at:%Y-%m-%dT%H:%M:%SZ}"
        expected = Text(f"valide le {moment}", f"valid on {moment}")
        link = path.outside
        seen = f"{link.subject_text}: {link.begins:%Y-%m-%d} – {link.ends:%Y-%m-%d}"
        yield Fault(signer.place, expected, seen[:200], _VALIDITY)
    if path.revoked is not None:
        expected = Text("non révoqué", "not revoked")
        yield Fault(signer.place, expected, path.revoked.subject_text[:200], _REVOCATION)
