"""A self-presentable document runs a script or leads outside itself.

What it finds: in the style sheet of a self-presentable document, a script element, an event
attribute, a `javascript:` address, or an address that leaves the document.
Why it matters: the document is shown inside the record of a patient; what it runs or fetches runs
there, with the reader's rights.
How to correct: remove scripts, and embed images and styles (`data:` or inline).

Un document auto-présentable exécute un script ou mène hors de lui-même.

Ce que le contrôle trouve : dans la feuille de style d'un document auto-présentable, un élément
script, un attribut d'évènement, une adresse `javascript:`, ou une adresse qui sort du document.
Pourquoi c'est important : le document s'affiche dans le dossier d'un patient ; ce qu'il exécute ou
va chercher l'est là, avec les droits du lecteur.
Comment corriger : retirer les scripts, et embarquer images et styles (`data:` ou en ligne).
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_EXPECTED = {
    "script": Text("aucun script", "no script"),
    "link": Text("aucun lien externe", "no external link"),
}


@check("EX_2.1-1115", when=lambda cda: cda.presentation.self_presentable)
def active_content(cda: Cda) -> Iterator[Fault]:
    for kind, found in cda.presentation.active():
        yield Fault(found.place, _EXPECTED[kind], found.value[:200])
