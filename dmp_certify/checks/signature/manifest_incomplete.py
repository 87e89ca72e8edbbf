"""The manifest of the signature does not name the lot and its documents.

What it finds: a manifest that does not name the submission set by `urn:oid:` and its uniqueId, that
leaves out a document of the lot, or that names something else.
Why it matters: a document that the manifest does not name is not signed.
How to correct: write one reference `urn:oid:<uniqueId of the lot>`, then one `urn:oid:<uniqueId>`
per document, the signature itself excepted.

Le manifeste de la signature ne nomme pas le lot et ses documents.

Ce que le contrôle trouve : un manifeste qui ne nomme pas le lot par `urn:oid:` et son uniqueId, qui
omet un document du lot, ou qui nomme autre chose.
Pourquoi c'est important : un document que le manifeste ne nomme pas n'est pas signé.
Comment corriger : écrire une référence `urn:oid:<uniqueId du lot>`, puis une `urn:oid:<uniqueId>`
par document, sauf la signature elle-même.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_manifest import OID_PREFIX
from dmp_certify.wire.lot_signature import LotSignature

_SET = "DC-SIG-SET-LISTED"
_ZERO = "DC-SIG-SET-DIGEST"
_DOCUMENTS = "DC-SIG-DOCUMENTS-LISTED"
_ELSE = "DC-SIG-NOTHING-ELSE"


@check(_SET, _ZERO, _DOCUMENTS, _ELSE, when=lambda lot: lot.manifest is not None)
def manifest_incomplete(lot: LotSignature) -> Iterator[Fault]:
    if lot.manifest is None:
        return
    where = lot.manifest.place
    seen = ", ".join(one.uri.value for one in lot.references) or Text("vide", "empty")
    known = {unique for _, unique, _ in lot.documents() if unique}
    if lot.set_id:
        listed = lot.reference_to(lot.set_id)
        if listed is None:
            yield Fault(where, f"{OID_PREFIX}{lot.set_id}", seen, _SET)
        elif any(listed.bytes) or not listed.bytes:
            yield Fault(listed.digest.place, "AA==", listed.digest.value[:100] or '""', _ZERO)
    for unique in sorted(known):
        if lot.reference_to(unique) is None:
            yield Fault(where, f"{OID_PREFIX}{unique}", seen, _DOCUMENTS)
    # Where the lot itself is named wrongly, the wrong name is not a second fault.
    strangers = [one for one in lot.references if one.oid not in known | {lot.set_id}]
    missing = sum(lot.reference_to(one) is None for one in known | {lot.set_id})
    for one in strangers[missing:]:
        expected = Text("le lot ou un de ses documents", "the lot or one of its documents")
        yield Fault(one.uri.place, expected, one.uri.value[:200] or '""', _ELSE)
