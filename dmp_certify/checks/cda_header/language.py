"""The language of the document is not fr-FR.

What it finds: a languageCode that is not of the form ll-CC, case included, or that names another
language than French of France.
Why it matters: the metadata repeat the code and readers compare it letter for letter.
How to correct: write languageCode code="fr-FR".

La langue du document n'est pas fr-FR.

Ce que le contrôle trouve : un languageCode qui n'est pas de la forme ll-PP, casse comprise, ou qui
nomme une autre langue que le français de France.
Pourquoi c'est important : les métadonnées reprennent ce code, que les lecteurs comparent à la
lettre près.
Comment corriger : écrire languageCode code="fr-FR".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda

_TAG = re.compile(r"[a-z]{2}-[A-Z]{2}")


@check(
    "DC-CDA-LANGUAGE-FORM",
    "DC-CDA-LANGUAGE-FR",
    when=lambda cda: cda.language is not None and not cda.language.null,
)
def language(cda: Cda) -> Iterator[Fault]:
    node = cda.language
    if node is None or node.code == "fr-FR":
        return
    formed = _TAG.fullmatch(node.code) is not None
    row = "DC-CDA-LANGUAGE-FR" if formed else "DC-CDA-LANGUAGE-FORM"
    yield Fault(node.at("code"), "fr-FR", shown(node.code), row)
