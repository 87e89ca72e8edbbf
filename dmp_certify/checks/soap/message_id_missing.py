"""The header does not carry one MessageID.

What it finds: no wsa:MessageID, an empty one, or several.
Why it matters: the answer names the request by this identifier, and so do traces on both sides.
How to correct: write one wsa:MessageID, with a new UUID for each call.

L'en-tête ne porte pas un MessageID.

Ce que le contrôle trouve : pas de wsa:MessageID, un identifiant vide, ou plusieurs.
Pourquoi c'est important : la réponse nomme la requête par cet identifiant, et les traces des deux
côtés aussi.
Comment corriger : écrire un wsa:MessageID, avec un nouvel UUID à chaque appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap

EXPECTED = Text("un wsa:MessageID non vide", "one wsa:MessageID that is not empty")


@check("DC-WSA-MESSAGE-ID")
def message_id_missing(soap: Soap) -> Iterator[Fault]:
    blocks = soap.blocks_named("wsa", "MessageID")
    if len(blocks) > 1:
        count = Text(f"{len(blocks)} éléments", f"{len(blocks)} elements")
        yield Fault(blocks[1].element.place, EXPECTED, count)
    elif soap.message_id is None:
        yield Fault(soap.place, EXPECTED, Text("absent", "missing"))
    elif not soap.message_id.value:
        yield Fault(soap.message_id.place, EXPECTED, Text("vide", "empty"))
