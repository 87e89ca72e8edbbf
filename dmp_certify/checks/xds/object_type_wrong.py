"""A document entry is not of the type of stable documents

What it finds: an ExtrinsicObject whose objectType is not that of XDS stable documents.
Why it matters: the registry takes the object for something else, and does not find it again.
How to correct: send objectType urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1.

Une entrée de document n'est pas du type des documents stables

Ce que le contrôle trouve : un ExtrinsicObject dont l'objectType n'est pas celui des documents
stables d'XDS.
Pourquoi c'est important : le registre prend l'objet pour autre chose, et ne le retrouve pas.
Comment corriger : envoyer objectType urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import DocumentEntry
from dmp_certify.wire.xds_attributes import STABLE_DOCUMENT


@check("DC-XDS-OBJECT-TYPE")
def object_type_wrong(entry: DocumentEntry) -> Iterator[Fault]:
    stated = entry.rim.object_type
    if stated is None or stated.value != STABLE_DOCUMENT:
        yield Fault(
            stated.place if stated else entry.rim.element.attribute_place("objectType"),
            STABLE_DOCUMENT,
            stated.value[:200] if stated else Text("absent", "missing"),
        )
