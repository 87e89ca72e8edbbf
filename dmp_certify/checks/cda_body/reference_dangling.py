"""A reference names an element that does not exist.

What it finds: in an entry, a reference to the narrative that is empty, that names no ID of the
document, or that lacks its `#`; in the narrative, a link to `#ID` or an IDREF to an ID that no
element bears, and a picture (renderMultiMedia) that names something else than a picture.
Why it matters: the reader cannot be led from the coded data to the text the author validated.
How to correct: write `#` and the ID of the narrative element, and leave the reference out when
there is no text.

Une référence désigne un élément qui n'existe pas.

Ce que le contrôle trouve : dans une entrée, une référence vers le texte vide, qui ne nomme aucun ID
du document, ou sans son `#` ; dans le texte, un lien vers `#ID` ou un IDREF vers un ID que ne porte
aucun élément, et une image (renderMultiMedia) qui désigne autre chose qu'une image.
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
from dmp_certify.wire.cda_body import Fragments

# An address outside the document has a scheme, a path or a file name.
_ELSEWHERE = re.compile(r"[:/.]")


@check("DC-CDA-REFERENCE", "DC-CDA-IDREF", "DC-CDA-RENDER-MEDIA", when=lambda cda: cda.structured)
def reference_dangling(cda: Cda) -> Iterator[Fault]:
    fragments = cda.fragments
    expected = Text("un ID du document", "an ID of the document")
    for node in fragments.references_unless(lambda value: _leads(value.strip(), fragments)):
        value = node.value.strip()
        if value.startswith("#"):
            yield Fault(node.at("value"), expected, value[:200], "DC-CDA-REFERENCE")
        else:
            with_mark = Text("`#` et un ID du document", "`#` and an ID of the document")
            yield Fault(node.at("value"), with_mark, value[:200] or '""', "DC-CDA-REFERENCE")
    for node in fragments.links():
        value = node.get("href").strip()
        if fragments.leads_nowhere(value):
            yield Fault(node.at("href"), expected, value[:200], "DC-CDA-REFERENCE")
    for name, holder in fragments.misled_media():
        medium = Text(
            "l'ID d'un observationMedia ou regionOfInterest",
            "the ID of an observationMedia or regionOfInterest",
        )
        yield Fault(name.place, medium, f"{name.value[:180]} ({holder})", "DC-CDA-RENDER-MEDIA")
    for name in fragments.dangling_idrefs():
        yield Fault(name.place, expected, name.value[:200], "DC-CDA-IDREF")


def _leads(value: str, fragments: Fragments) -> bool:
    """Whether the reference leads to an element of the document, or out of it."""
    if value.startswith("#"):
        return not fragments.leads_nowhere(value)
    return _ELSEWHERE.search(value) is not None
