"""Somebody takes part in the document in the future.

What it finds: a time of an author, legal authenticator, authenticator or data enterer later than
the reception of the document (five minutes are left for clocks that differ).
Why it matters: nobody has written or signed at a time that has not come; the date shown to the
reader is wrong.
How to correct: take the time of participation from the clock at the moment of the act.

Quelqu'un intervient sur le document dans le futur.

Ce que le contrôle trouve : une date d'un auteur, responsable, valideur ou opérateur de saisie
postérieure à la réception du document (cinq minutes sont laissées aux horloges).
Pourquoi c'est important : nul n'a écrit ni signé à une heure qui n'est pas venue ; la date montrée
au lecteur est fausse.
Comment corriger : prendre la date de participation à l'horloge, au moment de l'acte.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_CLOCKS = timedelta(minutes=5)
_TIMES = ("legalAuthenticator.time", "authenticator.time", "dataEnterer.time")


@check("DC-CDA-PARTICIPATION-PAST", when=lambda cda: cda.received_at is not None)
def participation_future(cda: Cda) -> Iterator[Fault]:
    received = cda.received_at
    if received is None:
        return
    latest = received + _CLOCKS
    # Entries of the body have authors too.
    authored = (time for author in cda.every("author") for time in author.all("time"))
    others = (time for names in _TIMES for time in cda.node.all(names))
    for node in (*authored, *others):
        if node.time is not None and node.time.after(latest):
            day = f"{received:%Y-%m-%dT%H:%M:%SZ}"
            expected = Text(f"au plus tard {day}, la réception", f"at most {day}, the reception")
            yield Fault(node.at("value"), expected, node.value)
