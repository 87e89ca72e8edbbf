"""An interval ends before it begins.

What it finds: an interval of time whose low is later than its high.
Why it matters: the duration of an act or a treatment is negative, and a search by date misses it.
How to correct: write the beginning in low and the end in high.

Un intervalle finit avant de commencer.

Ce que le contrôle trouve : un intervalle de temps dont low est postérieur à high.
Pourquoi c'est important : la durée d'un acte ou d'un traitement est négative, et une recherche par
date le manque.
Comment corriger : écrire le début dans low et la fin dans high.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-INTERVAL")
def interval_reversed(cda: Cda) -> Iterator[Fault]:
    for low, high in cda.intervals():
        start, end = low.time, high.time
        if start is not None and end is not None and start.surely_after(end):
            expected = Text(f"au plus tard {high.value}", f"at most {high.value}")
            yield Fault(low.at("value"), expected, low.value)
