"""The version number is not an integer from 1.

What it finds: a versionNumber that is zero, negative or not an integer.
Why it matters: the reader shows the highest version of a document; a version outside the series
cannot be ordered.
How to correct: start at 1 and add 1 at each replacement.

Le numéro de version n'est pas un entier à partir de 1.

Ce que le contrôle trouve : un versionNumber nul, négatif ou qui n'est pas un entier.
Pourquoi c'est important : le lecteur montre la plus haute version d'un document ; une version hors
de la série ne peut pas être ordonnée.
Comment corriger : commencer à 1 et ajouter 1 à chaque remplacement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_POSITIVE = re.compile(r"\+?0*[1-9][0-9]*")


@check(
    "DC-CDA-VERSION-POSITIVE",
    when=lambda cda: cda.version is not None and not cda.version.null,
)
def version_number(cda: Cda) -> Iterator[Fault]:
    node = cda.version
    if node is not None and not _POSITIVE.fullmatch(node.value.strip()):
        expected = Text("un entier à partir de 1", "an integer from 1")
        yield Fault(node.at("value"), expected, shown(node.value))
