"""The document has nothing in its body.

What it finds: an unstructured body without content, or a structured body none of whose sections
holds text or entries.
Why it matters: an empty document wastes the reader's time and may hide that the real one was lost.
How to correct: do not send a document before it has content.

Le document n'a rien dans son corps.

Ce que le contrôle trouve : un corps non structuré sans contenu, ou un corps structuré dont aucune
section n'a de texte ni d'entrée.
Pourquoi c'est important : un document vide fait perdre son temps au lecteur et peut cacher la perte
du vrai document.
Comment corriger : ne pas envoyer un document avant qu'il ait un contenu.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("EX_GEN-1060", when=lambda cda: cda.body is not None or cda.structured)
def content_empty(cda: Cda) -> Iterator[Fault]:
    expected = Text("un contenu", "some content")
    if cda.body is not None:
        if cda.body.node.blank and not cda.body.node.children_count:
            yield Fault(cda.body.place, expected, Text("corps vide", "empty body"))
    elif not any(one.first("entry") or not one.blank for one in cda.every("section")):
        where = cda.node.first("component.structuredBody") or cda.node
        observed = Text("aucune section avec du contenu", "no section with content")
        yield Fault(where.place, expected, observed)
