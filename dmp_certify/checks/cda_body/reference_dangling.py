"""A reference names an element that does not exist.

What it finds: in an entry, a reference to the narrative that is empty, that names no ID of the
document, or that lacks its `#`; in the narrative, an IDREF to an ID that no element bears.
Why it matters: the reader cannot be led from the coded data to the text the author validated.
How to correct: write `#` and the ID of the narrative element, and leave the reference out when
there is no text.

Une référence désigne un élément qui n'existe pas.

Ce que le contrôle trouve : dans une entrée, une référence vers le texte vide, qui ne nomme aucun ID
du document, ou sans son `#` ; dans le texte, un IDREF vers un ID que ne porte aucun élément.
Pourquoi c'est important : le lecteur ne peut être mené de la donnée codée au texte que l'auteur a
validé.
Comment corriger : écrire `#` et l'ID de l'élément du texte, et omettre la référence quand il n'y a
pas de texte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

# An address outside the document has a scheme, a path or a file name.
_ELSEWHERE = re.compile(r"[:/.]")


@check("DC-CDA-REFERENCE", "DC-CDA-IDREF", when=lambda cda: cda.structured)
def reference_dangling(cda: Cda) -> Iterator[Fault]:
    ids = cda.fragments.ids
    expected = Text("un ID du document", "an ID of the document")
    for node in cda.fragments.references_unless(lambda value: _leads(value.strip(), ids)):
        value = node.value.strip()
        if value.startswith("#"):
            yield Fault(node.at("value"), expected, value[:200], "DC-CDA-REFERENCE")
        else:
            with_mark = Text("`#` et un ID du document", "`#` and an ID of the document")
            yield Fault(node.at("value"), with_mark, value[:200] or '""', "DC-CDA-REFERENCE")
    for name in cda.fragments.dangling_idrefs():
        yield Fault(name.place, expected, name.value[:200], "DC-CDA-IDREF")


def _leads(value: str, ids: frozenset[str]) -> bool:
    """Whether the reference leads to an element of the document, or out of it."""
    if value.startswith("#"):
        return value[1:] in ids
    return _ELSEWHERE.search(value) is not None
