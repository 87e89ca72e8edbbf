"""The VIHF is issued in the future.

What it finds: an IssueInstant more than one minute after the moment of reception.
Why it matters: the product's clock is fast; the tolerance of the DMP is not public, so this is
reported and not failed.
How to correct: synchronise the clock by NTP.

Le VIHF est émis dans l'avenir.

Ce que le contrôle trouve : un IssueInstant qui dépasse de plus d'une minute le moment de la
réception.
Pourquoi c'est important : l'horloge du produit avance ; la tolérance du DMP n'est pas publique,
le fait est donc signalé sans être une non-conformité.
Comment corriger : synchroniser l'horloge par NTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify import clock
from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

MARGIN = timedelta(minutes=1)


def _judged(vihf: Vihf) -> bool:
    return vihf.live and vihf.issue_instant is not None


@check("DC-VIHF-CLOCK", when=_judged)
def issued_in_the_future(vihf: Vihf) -> Iterator[Fault]:
    issued = vihf.issue_instant
    if issued is None or issued.value.moment is None:
        return
    if issued.value.moment > vihf.received_at + MARGIN:
        now = clock.iso(vihf.received_at)
        expected = Text(f"au plus tard {now}", f"at the latest {now}")
        yield Fault(issued.place, expected, issued.value.text)
