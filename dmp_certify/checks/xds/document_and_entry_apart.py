"""A document has no entry, or an entry has no document

What it finds: an ExtrinsicObject whose id is on no Document element, or a Document element whose id
is that of no ExtrinsicObject, or that of an earlier Document.
Why it matters: the repository cannot tell which bytes belong to which metadata, and refuses the
lot.
How to correct: write the same id on the ExtrinsicObject and on its Document, letter case included.

Un document n'a pas d'entrée, ou une entrée n'a pas de document

Ce que le contrôle trouve : un ExtrinsicObject dont l'id n'est sur aucun élément Document, ou un
élément Document dont l'id n'est celui d'aucun ExtrinsicObject, ou est celui d'un Document
précédent.
Pourquoi c'est important : l'entrepôt ne peut savoir quels octets vont avec quelles métadonnées, et
refuse le lot.
Comment corriger : écrire le même id sur l'ExtrinsicObject et sur son Document, casse comprise.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check("DC-XDS-DOCUMENT", "DC-XDS-METADATA")
def document_and_entry_apart(submission: Submission) -> Iterator[Fault]:
    sent = [document.id.value for document in submission.documents]
    described = [entry.id.value for entry in submission.entries]
    for entry in submission.entries:
        if entry.id.value not in sent:
            seen = ", ".join(sent) or "-"
            yield Fault(
                entry.place,
                Text(f"un Document d'id {entry.id.value}", f"a Document of id {entry.id.value}"),
                Text(f"les id des Document : {seen}", f"ids of the Document elements: {seen}"),
                "DC-XDS-DOCUMENT",
            )
    for number, document in enumerate(submission.documents):
        if document.id.value in described and document.id.value in sent[:number]:
            # Signature and hash speak of one of them, and a receiver may keep the other.
            yield Fault(
                document.id.place,
                Text("un Document par entrée", "one Document for each entry"),
                document.id.value[:200],
                "DC-XDS-METADATA",
            )
        if document.id.value not in described:
            seen = ", ".join(described) or "-"
            yield Fault(
                document.id.place,
                Text(f"l'id d'une entrée : {seen}", f"the id of an entry: {seen}"),
                document.id.value[:200] or Text("absent", "missing"),
                "DC-XDS-METADATA",
            )
