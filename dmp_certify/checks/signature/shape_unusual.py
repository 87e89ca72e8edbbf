"""The signature has another shape than the official one.

What it finds: signed properties without a signature policy, of another version of XAdES than
v1.1.1, or a signature that rests on SHA-1. The last two are reported only: what the DMP accepts
today is not published.
Why it matters: a verifier made for the official shape may refuse another one; SHA-1 no longer
resists a forger.
How to correct: write SignaturePolicyIdentifier/SignaturePolicyImplied, and sign with SHA-256 if
your target DMP accepts it.

La signature n'a pas la forme officielle.

Ce que le contrôle trouve : des propriétés signées sans politique de signature, d'une autre version
de XAdES que v1.1.1, ou une signature qui repose sur SHA-1. Les deux derniers points sont seulement
signalés : ce que le DMP accepte aujourd'hui n'est pas publié.
Pourquoi c'est important : un vérificateur fait pour la forme officielle peut en refuser une autre ;
SHA-1 ne résiste plus à un faussaire.
Comment corriger : écrire SignaturePolicyIdentifier/SignaturePolicyImplied, et signer avec SHA-256
si le DMP visé l'accepte.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire import ns
from dmp_certify.wire.lot_signature import LotSignature

_OFFICIAL = ns.PREFIXES["xades"]


@check("DC-SIG-POLICY", "DC-SIG-XADES-VERSION", "DC-SIG-SHA1")
def shape_unusual(lot: LotSignature) -> Iterator[Fault]:
    properties, weak = lot.properties, lot.sha1
    if properties is not None and not properties.policy:
        absent = Text("absent", "absent")
        yield Fault(properties.place, "SignaturePolicyIdentifier", absent, "DC-SIG-POLICY")
    if properties is not None and properties.version != _OFFICIAL:
        yield Fault(properties.place, _OFFICIAL, properties.version, "DC-SIG-XADES-VERSION")
    if weak is not None:
        yield Fault(weak.place, "SHA-256", weak.value, "DC-SIG-SHA1")
