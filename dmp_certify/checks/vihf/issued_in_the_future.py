"""The VIHF is issued in the future.

What it finds: an IssueInstant that lies ahead of the moment of reception: by more than a minute
it is reported, for no text states a tolerance; by more than half an hour the clock is not in
step, or local time was written as UTC.
Why it matters: traces and validity periods rest on these instants, and an assertion from the
future is refused.
How to correct: synchronise the clock by NTP, and convert to UTC before writing Z.

Le VIHF est émis dans l'avenir.

Ce que le contrôle trouve : un IssueInstant en avance sur le moment de la réception : de plus
d'une minute, il est signalé, aucun texte ne donnant de tolérance ; de plus d'une demi-heure,
l'horloge n'est pas à l'heure, ou l'heure locale est écrite comme de l'UTC.
Pourquoi c'est important : les traces et les périodes de validité reposent sur ces instants, et
une assertion venue de l'avenir est refusée.
Comment corriger : synchroniser l'horloge par NTP, et convertir en UTC avant d'écrire Z.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify import clock
from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

# Rows with the advance that departs from each; half an hour is beyond any reading of "in step".
ADVANCES = {"DC-VIHF-CLOCK": timedelta(minutes=1), "EX_GEN-1460": timedelta(minutes=30)}


def _judged(vihf: Vihf) -> bool:
    return vihf.live and vihf.issue_instant is not None


@check(*ADVANCES, when=_judged)
def issued_in_the_future(vihf: Vihf) -> Iterator[Fault]:
    issued = vihf.issue_instant
    if issued is None or issued.value.moment is None:
        return
    now = clock.iso(vihf.received_at)
    for row, advance in ADVANCES.items():
        if issued.value.moment > vihf.received_at + advance:
            expected = Text(f"au plus tard {now}", f"at the latest {now}")
            yield Fault(issued.place, expected, issued.value.text, row)
