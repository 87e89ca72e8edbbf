"""A section shows nothing to the reader.

What it finds: a section with entries whose text is absent or shows neither a character nor a
picture; a section without text, entries or sections.
Why it matters: the text is what the author answers for and what the reader sees; data that stand in
entries alone are seen by nobody.
How to correct: write in the section's text what its entries say, or leave out an empty section.

Une section ne montre rien au lecteur.

Ce que le contrôle trouve : une section avec des entrées dont le texte est absent ou ne montre ni
caractère ni image ; une section sans texte, ni entrée, ni sous-section.
Pourquoi c'est important : le texte est ce dont l'auteur répond et ce que le lecteur voit ; des
données qui ne sont que dans les entrées ne sont vues de personne.
Comment corriger : écrire dans le texte de la section ce que disent ses entrées, ou omettre une
section vide.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_sections import silent_sections

_TEXT = "DC-CDA-SECTION-TEXT"
_EMPTY = "DC-CDA-SECTION-EMPTY"


@check(_TEXT, _EMPTY, when=lambda cda: cda.structured)
def section_without_text(cda: Cda) -> Iterator[Fault]:
    for one in silent_sections(cda):
        if one.sections and not one.entries:
            continue
        text = one.node.first("text")
        where = text.place if text is not None else one.node.missing("text")
        absent = Text("absent", "absent") if text is None else Text("vide", "empty")
        if one.entries:
            expected = Text("le texte de ce que disent les entrées", "text for what entries say")
            yield Fault(where, expected, absent, _TEXT)
        else:
            expected = Text("un texte ou des entrées", "a text or entries")
            yield Fault(where, expected, absent, _EMPTY)
