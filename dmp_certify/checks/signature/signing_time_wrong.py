"""The time of signature is missing, malformed or later than the reception.

What it finds: no SigningTime, one that is not an xs:dateTime, or one later than the reception (five
minutes are left for clocks that differ).
Why it matters: the time of signature decides whether the certificate was valid then.
How to correct: write the instant of signature, with its offset or Z, from a clock in step.

L'heure de signature manque, est mal formée ou postérieure à la réception.

Ce que le contrôle trouve : pas de SigningTime, un qui n'est pas un xs:dateTime, ou un postérieur à
la réception (cinq minutes sont laissées aux horloges).
Pourquoi c'est important : l'heure de signature décide si le certificat était valide alors.
Comment corriger : écrire l'instant de signature, avec son décalage ou Z, d'une horloge à l'heure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.lot_signature import LotSignature

_CLOCKS = timedelta(minutes=5)
# A time without offset is local: it may be up to fourteen hours ahead of UTC.
_LOCAL = timedelta(hours=14)


@check("DC-SIG-SIGNING-TIME", when=lambda lot: lot.properties is not None)
def signing_time_wrong(lot: LotSignature) -> Iterator[Fault]:
    if lot.properties is None:
        return
    time = lot.properties.signing_time
    if time is None or time.value.moment is None:
        seen = (time.value.text[:100] or '""') if time else Text("absent", "absent")
        yield Fault(time.place if time else lot.properties.place, "xs:dateTime", seen)
        return
    leeway = _CLOCKS if time.value.zone else _CLOCKS + _LOCAL
    if time.value.moment > lot.received_at + leeway:
        moment = f"{lot.received_at:%Y-%m-%dT%H:%M:%SZ}"
        expected = Text(f"au plus tard {moment}", f"at most {moment}")
        yield Fault(time.place, expected, time.value.text)
