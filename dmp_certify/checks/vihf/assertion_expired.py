"""The VIHF is outside its validity period when it is received.

What it finds: an assertion whose NotOnOrAfter precedes or equals the moment of reception, or
whose NotBefore lies more than five minutes after it.
Why it matters: an expired assertion lets a past authentication act in the present.
How to correct: build the assertion for each call, and keep the workstation clock in step.

Le VIHF est hors de sa période de validité quand il est reçu.

Ce que le contrôle trouve : une assertion dont NotOnOrAfter précède ou égale le moment de la
réception, ou dont NotBefore le dépasse de plus de cinq minutes.
Pourquoi c'est important : une assertion périmée laisse une authentification passée agir
aujourd'hui.
Comment corriger : construire l'assertion à chaque appel, et tenir l'horloge du poste à l'heure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify import clock
from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

# No text states a tolerance; a clock five minutes fast is what SAML receivers commonly bear.
TOLERANCE = timedelta(minutes=5)


def _judged(vihf: Vihf) -> bool:
    return vihf.live


@check("DC-VIHF-CONDITIONS", when=_judged)
def assertion_expired(vihf: Vihf) -> Iterator[Fault]:
    if vihf.conditions is None:
        return  # no period is stated, and none is required
    now = clock.iso(vihf.received_at)
    end, begin = vihf.conditions.not_on_or_after, vihf.conditions.not_before
    if end is not None and end.value.moment and end.value.moment <= vihf.received_at:
        yield Fault(end.place, Text(f"après {now}", f"after {now}"), end.value.text)
    latest = vihf.received_at + TOLERANCE
    if begin is not None and begin.value.moment and begin.value.moment > latest:
        yield Fault(begin.place, Text(f"avant {now}", f"before {now}"), begin.value.text)
