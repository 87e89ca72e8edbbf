"""The assertion lacks what SAML 2.0 asks of every assertion.

What it finds: an assertion without ID, of another version than 2.0, or whose instants are absent
or not in UTC (Z).
Why it matters: the receiver cannot refer to the assertion, read it, or place it in time.
How to correct: write ID, Version="2.0", and every instant as 2026-11-20T09:29:58Z.

L'assertion n'a pas ce que SAML 2.0 demande à toute assertion.

Ce que le contrôle trouve : une assertion sans ID, d'une autre version que 2.0, ou dont les
instants sont absents ou ne sont pas en UTC (Z).
Pourquoi c'est important : le destinataire ne peut ni désigner l'assertion, ni la lire, ni la
situer dans le temps.
Comment corriger : écrire ID, Version="2.0", et chaque instant sous la forme 2026-11-20T09:29:58Z.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place, Text
from dmp_certify.wire.instants import Instant
from dmp_certify.wire.message import Located
from dmp_certify.wire.vihf import Vihf

ABSENT = Text("absent", "missing")
EXPECTED = Text("AAAA-MM-JJThh:mm:ssZ", "YYYY-MM-DDThh:mm:ssZ")


@check("DC-VIHF-ID", "DC-VIHF-SAML", "DC-VIHF-INSTANTS")
def envelope_wrong(vihf: Vihf) -> Iterator[Fault]:
    if not vihf.id.value.strip():
        expected = Text("un identifiant", "an identifier")
        yield Fault(vihf.id.place, expected, ABSENT, "DC-VIHF-ID")
    if vihf.version.value != "2.0":
        yield Fault(vihf.version.place, "2.0", vihf.version.value or ABSENT, "DC-VIHF-SAML")
    yield from _judge(vihf.issue_instant, vihf.place)
    yield from _judge(vihf.authn_instant, vihf.place)
    if vihf.conditions is not None:
        for bound in (vihf.conditions.not_before, vihf.conditions.not_on_or_after):
            if bound is not None:
                yield from _judge(bound, bound.place)


def _judge(instant: Located[Instant] | None, otherwise: Place) -> Iterator[Fault]:
    if instant is None:
        yield Fault(otherwise, EXPECTED, ABSENT, "DC-VIHF-INSTANTS")
    elif instant.value.moment is None or instant.value.zone != "Z":
        yield Fault(instant.place, EXPECTED, instant.value.text[:200], "DC-VIHF-INSTANTS")
