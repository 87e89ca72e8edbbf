"""An internal reference names an act that the document does not hold.

What it finds: an entry of the IHE template « internal reference » whose identifier no other element
of the document bears.
Why it matters: the entry stands for another one (the problem a treatment is for…); the receiver
finds nothing in its place.
How to correct: write the id of the entry that is meant, as that entry bears it, root and extension.

Une référence interne désigne un acte que le document ne contient pas.

Ce que le contrôle trouve : une entrée du modèle IHE « internal reference » dont aucun autre élément
du document ne porte l'identifiant.
Pourquoi c'est important : l'entrée en représente une autre (le problème que vise un traitement…) ;
le destinataire ne trouve rien à sa place.
Comment corriger : écrire l'id de l'entrée voulue, tel qu'elle le porte, root et extension.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_identity import dangling_references


@check("DC-CDA-INTERNAL-REFERENCE", when=lambda cda: cda.structured)
def internal_reference_dangling(cda: Cda) -> Iterator[Fault]:
    for node in dangling_references(cda):
        expected = Text("l'id d'un élément du document", "the id of an element of the document")
        seen = f"{node.root} {node.extension}".strip()
        yield Fault(node.at("root"), expected, seen[:200])
