"""The header does not carry one WS-Addressing Action.

What it finds: no wsa:Action in the namespace of WS-Addressing 1.0, an empty one, or several.
Why it matters: the DMP routes each call by its Action.
How to correct: write one wsa:Action (namespace http://www.w3.org/2005/08/addressing) with the
Action of the transaction.

L'en-tête ne porte pas une Action WS-Addressing.

Ce que le contrôle trouve : pas de wsa:Action dans l'espace de noms de WS-Addressing 1.0, une
Action vide, ou plusieurs.
Pourquoi c'est important : le DMP aiguille chaque appel par son Action.
Comment corriger : écrire un wsa:Action (espace de noms http://www.w3.org/2005/08/addressing) avec
l'Action de la transaction.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap

EXPECTED = Text("un wsa:Action non vide", "one wsa:Action that is not empty")


@check("DC-WSA-ACTION")
def action_missing(soap: Soap) -> Iterator[Fault]:
    blocks = soap.blocks_named("wsa", "Action")
    if len(blocks) > 1:
        count = Text(f"{len(blocks)} éléments", f"{len(blocks)} elements")
        yield Fault(blocks[1].element.place, EXPECTED, count)
    elif soap.action is None:
        others = [block for block in soap.blocks if block.name[1] == "Action"]
        seen: Text | str = others[0].name[0] if others else Text("absent", "missing")
        yield Fault(others[0].element.place if others else soap.place, EXPECTED, seen)
    elif not soap.action.value:
        yield Fault(soap.action.place, EXPECTED, Text("vide", "empty"))
