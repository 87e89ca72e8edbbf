"""A document does not bear exactly one confidentiality level

What it finds: a document entry whose confidentialityCode values hold none, or several, of N, R and
V.
Why it matters: the level comes from the CDA; visibility codes are added to it and do not replace
it.
How to correct: send the CDA's confidentialityCode first, then the visibility codes.

Un document ne porte pas un niveau de confidentialité, et un seul

Ce que le contrôle trouve : une entrée de document dont les confidentialityCode n'ont aucun des
niveaux N, R et V, ou en ont plusieurs.
Pourquoi c'est important : le niveau vient du CDA ; les codes de visibilité s'y ajoutent sans le
remplacer.
Comment corriger : envoyer d'abord le confidentialityCode du CDA, puis les codes de visibilité.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import DocumentEntry

_LEVELS = ("N", "R", "V")


@check(
    "DC-XDS-BASIC-CONFIDENTIALITY",
    when=lambda entry: not entry.signature and bool(entry.values("confidentialityCode")),
)
def basic_confidentiality_wrong(entry: DocumentEntry) -> Iterator[Fault]:
    stated = entry.values("confidentialityCode")
    levels = [one for one in stated if one.value in _LEVELS]
    if len(levels) != 1:
        place = levels[1].place if levels else stated[0].place
        yield Fault(
            place,
            Text("un seul code parmi N, R, V", "one code among N, R, V"),
            ", ".join(one.value[:60] for one in stated),
        )
