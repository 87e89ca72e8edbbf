"""A name or an address of the header is empty.

What it finds: a name, a part of a name, an address or a part of an address that holds neither text,
nor parts, nor a nullFlavor.
Why it matters: an empty element says neither what the value is nor why it is missing.
How to correct: write the value, or leave the element out, or say why with a nullFlavor where one
is admitted.

Un nom ou une adresse de l'en-tête est vide.

Ce que le contrôle trouve : un nom, une partie de nom, une adresse ou une partie d'adresse qui ne
porte ni texte, ni parties, ni nullFlavor.
Pourquoi c'est important : un élément vide ne dit ni la valeur, ni pourquoi elle manque.
Comment corriger : écrire la valeur, ou retirer l'élément, ou en dire la raison par un nullFlavor là
où il est admis.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-EMPTY-ELEMENT")
def empty_element(cda: Cda) -> Iterator[Fault]:
    for node in cda.empty_names():
        expected = Text("une valeur ou un nullFlavor", "a value or a nullFlavor")
        yield Fault(node.place, expected, Text("élément vide", "empty element"))
