"""A date of the document is malformed or does not exist.

What it finds: a point in time that is not written YYYY[MM[DD[hh[mm[ss]]]]] with an optional offset,
or that no calendar holds, such as the 30th of February.
Why it matters: a reader shows another day, or none, and sorting by date goes astray.
How to correct: write dates from calendar values, never by cutting and joining strings.

Une date du document est mal formée ou n'existe pas.

Ce que le contrôle trouve : une date qui n'est pas écrite AAAA[MM[JJ[hh[mm[ss]]]]] avec un décalage
facultatif, ou qui n'est dans aucun calendrier, comme le 30 février.
Pourquoi c'est important : un lecteur montre un autre jour, ou aucun, et le tri par date s'égare.
Comment corriger : écrire les dates à partir de valeurs de calendrier, jamais en coupant et collant
des chaînes.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_time import exists, well_formed


@check("DC-CDA-TIME-REAL")
def time_malformed(cda: Cda) -> Iterator[Fault]:
    for node in cda.times_unless(exists):
        if node.null:
            continue
        if well_formed(node.value):
            expected = Text("une date qui existe", "a date that exists")
        else:
            expected = Text("AAAA[MM[JJ[hh[mm[ss]]]]][±ZZzz]", "YYYY[MM[DD[hh[mm[ss]]]]][±ZZzz]")
        yield Fault(node.at("value"), expected, node.value[:200] or '""')
