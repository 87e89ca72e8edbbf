"""Two different things bear the same identifier.

What it finds: in the body, an identifier borne by two acts whose codes differ, or by an act and a
person or device. An act cited twice, or an internal reference, is not concerned.
Why it matters: the receiver files entries by their identifier; the second overwrites the first, or
is taken for it.
How to correct: give each act an identifier of its own (a fresh UUID), and keep templates and
examples from lending theirs.

Deux choses différentes portent le même identifiant.

Ce que le contrôle trouve : dans le corps, un identifiant porté par deux actes dont les codes
diffèrent, ou par un acte et une personne ou un dispositif. Un acte cité deux fois, ou une référence
interne, n'est pas concerné.
Pourquoi c'est important : le destinataire range les entrées par leur identifiant ; la seconde
écrase la première, ou est prise pour elle.
Comment corriger : donner à chaque acte un identifiant qui lui soit propre (un UUID neuf), et ne pas
garder ceux des modèles et des exemples.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_identity import shared_identifiers


@check("DC-CDA-IDENTIFIER-SHARED", when=lambda cda: cda.structured)
def identifier_shared(cda: Cda) -> Iterator[Fault]:
    for later, first in shared_identifiers(cda):
        expected = Text(
            f"un autre identifiant que celui de la ligne {first.line}",
            f"another identifier than that of line {first.line}",
        )
        seen = later.root + (f" {later.extension}" if later.extension else "")
        yield Fault(later.at("root"), expected, seen[:200])
