"""The creation time of the document is imprecise or lies in the future.

What it finds: an effectiveTime that stops before the second, that has no UTC offset, or that is
later than the reception of the document (five minutes are left for clocks that differ).
Why it matters: the metadata carry this instant in UTC; without offset it is ambiguous by an hour
or more, and a future document hides those that follow it.
How to correct: write YYYYMMDDhhmmss±ZZzz with the offset in force, and keep the clock in step.

La date de création du document est imprécise ou future.

Ce que le contrôle trouve : un effectiveTime qui s'arrête avant la seconde, qui n'a pas de décalage
horaire, ou qui est postérieur à la réception du document (cinq minutes sont laissées aux horloges).
Pourquoi c'est important : les métadonnées portent cet instant en UTC ; sans décalage, il est
ambigu d'une heure ou plus, et un document futur cache ceux qui le suivent.
Comment corriger : écrire AAAAMMJJhhmmss±ZZzz avec le décalage en vigueur, et tenir l'horloge à
l'heure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_CLOCKS = timedelta(minutes=5)


@check(
    "DC-CDA-EFFECTIVE-TIME-SECOND",
    "DC-CDA-EFFECTIVE-TIME-PAST",
    when=lambda cda: cda.effective_time is not None and cda.effective_time.time is not None,
)
def effective_time(cda: Cda) -> Iterator[Fault]:
    node = cda.effective_time
    if node is None or node.time is None:
        return
    if not node.time.at_least("second") or node.time.offset is None:
        expected = Text("AAAAMMJJhhmmss±ZZzz", "YYYYMMDDhhmmss±ZZzz")
        yield Fault(node.at("value"), expected, node.value, "DC-CDA-EFFECTIVE-TIME-SECOND")
    received = cda.received_at
    if received is not None and node.time.earliest > received + _CLOCKS:
        day = f"{received:%Y-%m-%dT%H:%M:%SZ}"
        expected = Text(f"au plus tard {day}, la réception", f"at most {day}, the reception")
        yield Fault(node.at("value"), expected, node.value, "DC-CDA-EFFECTIVE-TIME-PAST")
