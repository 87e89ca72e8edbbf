"""An author of the document is not an author in the metadata

What it finds: an author of the CDA with an identifier that no authorPerson of the document entry
bears.
Why it matters: a document cannot be found under the name of an author that the metadata do not
give.
How to correct: write one author classification per author of the CDA.

Un auteur du document n'est pas auteur dans les métadonnées

Ce que le contrôle trouve : un auteur du CDA pourvu d'un identifiant que ne porte aucun authorPerson
de l'entrée de document.
Pourquoi c'est important : un document est introuvable au nom d'un auteur que les métadonnées ne
donnent pas.
Comment corriger : écrire une classification d'auteur par auteur du CDA.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_xcn
from dmp_certify.wire.coherence import FedDocument


def _stated(fed: FedDocument) -> list[str] | None:
    """The identifiers of the entry's authors; None when one is malformed."""
    try:
        return [
            parse_xcn(person.value).id
            for author in fed.entry.authors
            for person in author.values("authorPerson")
        ]
    except Malformed:
        return None


@check("DC-COH-EVERY-AUTHOR", when=lambda fed: bool(_stated(fed)))
def author_left_out(fed: FedDocument) -> Iterator[Fault]:
    stated = _stated(fed) or []
    for author in fed.cda.authors:
        ids = [one.extension or one.root for one in author.ids if not one.null]
        # A single author under another identifier is for coherence.attribute-differs.
        if ids and len(fed.cda.authors) > 1 and not set(ids) & set(stated):
            line = author.place.line
            yield Fault(
                fed.entry.authors[-1].place,
                Text(
                    f"un authorPerson d'identifiant {ids[0]} (CDA, ligne {line})",
                    f"an authorPerson of identifier {ids[0]} (CDA, line {line})",
                ),
                ", ".join(stated)[:200],
            )
