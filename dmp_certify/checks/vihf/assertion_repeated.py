"""Two calls carry the same assertion identifier.

What it finds: an assertion ID already received: in another assertion, or in the same assertion
used again.
Why it matters: an identifier that designates two assertions makes traces worthless; the reuse of
one assertion outside AIR is not ruled on and is only reported.
How to correct: build a new assertion, with a new ID, for each call.

Deux appels portent le même identifiant d'assertion.

Ce que le contrôle trouve : un ID d'assertion déjà reçu : dans une autre assertion, ou dans la
même assertion employée à nouveau.
Pourquoi c'est important : un identifiant qui désigne deux assertions ôte toute valeur aux traces
; le réemploi d'une assertion hors AIR n'est pas tranché et il est seulement signalé.
Comment corriger : construire une nouvelle assertion, avec un nouvel ID, à chaque appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.run import RunView, comparable, repeated
from dmp_certify.wire.vihf import Vihf

EXPECTED = Text("un ID jamais employé", "an ID never used before")


def _identifier(vihf: Vihf) -> str:
    return vihf.id.value


@check(
    "DC-VIHF-ID-UNIQUE",
    "DC-VIHF-REUSE",
    when=lambda run: comparable(run, Vihf, _identifier),
)
def assertion_repeated(run: RunView) -> Iterator[Fault]:
    for later, earlier, message in repeated(run, Vihf, _identifier):
        same = later.digest == earlier.digest
        seen = Text(
            f"{later.id.value[:100]}, déjà dans {message.artifact}",
            f"{later.id.value[:100]}, already in {message.artifact}",
        )
        row = "DC-VIHF-REUSE" if same else "DC-VIHF-ID-UNIQUE"
        yield Fault(later.id.place, EXPECTED, seen, row)
