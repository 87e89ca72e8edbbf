"""Two elements bear the same ID.

What it finds: an ID attribute that an earlier element of the document already bears.
Why it matters: a reference to this ID designates two pieces of text; the document is not valid
against the CDA schema.
How to correct: give each element of the narrative an ID of its own.

Deux éléments portent le même ID.

Ce que le contrôle trouve : un attribut ID que porte déjà un élément antérieur du document.
Pourquoi c'est important : une référence à cet ID désigne deux passages ; le document n'est pas
valide au regard du schéma CDA.
Comment corriger : donner à chaque élément du texte un ID qui lui soit propre.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-UNIQUE-ID", when=lambda cda: bool(cda.fragments.ids))
def id_duplicate(cda: Cda) -> Iterator[Fault]:
    for name, first in cda.fragments.duplicates():
        expected = Text(
            f"un autre ID que celui de la ligne {first.line}",
            f"another ID than that of line {first.line}",
        )
        yield Fault(name.place, expected, name.value)
