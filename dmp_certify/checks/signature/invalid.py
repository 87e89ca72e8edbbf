"""The signature of the submission set does not hold.

What it finds: a signature value, or the digest of the manifest or of the signed properties, that
does not match under the key of the certificate; a signature without a readable certificate; an
algorithm that is not admitted; an id borne twice.
Why it matters: the lot was changed after it was signed, or was never signed by that key.
How to correct: canonicalize and digest the very bytes that are sent, and sign last. Check with a
second library: inclusive C14N under a default namespace is often wrong.

La signature du lot n'est pas juste.

Ce que le contrôle trouve : une valeur de signature, ou l'empreinte du manifeste ou des propriétés
signées, qui ne correspond pas sous la clé du certificat ; une signature sans certificat lisible ;
un algorithme non admis ; un identifiant porté deux fois.
Pourquoi c'est important : le lot a changé après sa signature, ou n'a jamais été signé par cette
clé.
Comment corriger : canonicaliser et condenser les octets mêmes qui partent, et signer en dernier.
Vérifier avec une autre bibliothèque : la C14N inclusive sous un espace de noms par défaut est
souvent fausse.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature


@check("DC-SIG-VALID", when=lambda lot: bool(lot.signature.references))
def invalid(lot: LotSignature) -> Iterator[Fault]:
    done = lot.verification
    if done.code:
        expected = Text("une signature juste", "a signature that holds")
        yield Fault(done.place or lot.place, expected, done.reason or Text.same(done.code))
