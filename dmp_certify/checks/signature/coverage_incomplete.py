"""The signature does not cover what it must cover.

What it finds: a SignedInfo without reference to the manifest `#IHEManifest` or to the signed
properties of XAdES, or whose reference leads to another element of that name (wrapping).
Why it matters: what the signature does not cover can be changed without breaking it.
How to correct: write one reference to `#IHEManifest` and one to the Id of SignedProperties.

La signature ne couvre pas ce qu'elle doit couvrir.

Ce que le contrôle trouve : un SignedInfo sans référence au manifeste `#IHEManifest` ou aux
propriétés signées de XAdES, ou dont la référence mène à un autre élément de ce nom (enveloppement).
Pourquoi c'est important : ce que la signature ne couvre pas peut changer sans la rompre.
Comment corriger : écrire une référence à `#IHEManifest` et une à l'Id de SignedProperties.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import MANIFEST_ID, LotSignature

_MANIFEST = "DC-SIG-MANIFEST-REFERENCED"
_PROPERTIES = "DC-SIG-PROPERTIES-REFERENCED"


@check(_MANIFEST, _PROPERTIES)
def coverage_incomplete(lot: LotSignature) -> Iterator[Fault]:
    uris = [one.uri.value for one in lot.signature.references]
    seen = ", ".join(uris) or Text("aucune référence", "no reference")
    references = lot.signature.references
    where = references[0].uri.place if references else lot.signature.place
    if not lot.covers(lot.manifest, MANIFEST_ID):
        yield Fault(where, f"#{MANIFEST_ID}", seen, _MANIFEST)
    properties = lot.properties
    if properties is None:
        expected = Text("des SignedProperties", "SignedProperties")
        yield Fault(lot.place, expected, Text("absentes", "absent"), _PROPERTIES)
    elif not lot.covers(properties.element, properties.id):
        yield Fault(where, f"#{properties.id}", seen, _PROPERTIES)
