"""The title is empty or longer than 128 characters.

What it finds: a title without text, or with more than 128 characters.
Why it matters: the title is what the professional and the patient read in the list of documents;
the metadata carry the same title under the same limit.
How to correct: give the document a title of 1 to 128 characters.

Le titre est vide ou dépasse 128 caractères.

Ce que le contrôle trouve : un titre sans texte, ou de plus de 128 caractères.
Pourquoi c'est important : le titre est ce que le professionnel et le patient lisent dans la liste
des documents ; les métadonnées portent le même titre, sous la même limite.
Comment corriger : donner au document un titre de 1 à 128 caractères.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_MOST = 128


@check("DC-CDA-TITLE-LENGTH", when=lambda cda: cda.title is not None and not cda.title.null)
def title_length(cda: Cda) -> Iterator[Fault]:
    node = cda.title
    count = len(node.text) if node is not None else 0
    if node is not None and not 1 <= count <= _MOST:
        expected = Text(f"1 à {_MOST} caractères", f"1 to {_MOST} characters")
        yield Fault(node.place, expected, Text(f"{count} caractères", f"{count} characters"))
