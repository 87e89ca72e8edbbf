"""A time of the metadata is not a DTM in UTC

What it finds: a creationTime, submissionTime, serviceStartTime or serviceStopTime that is not made
of 4 to 14 digits, names no existing date, or bears an offset; and a creationTime or submissionTime
that is not written to the second.
Why it matters: XDS times have no offset: they are in UTC. Any other writing shifts or loses the
document in time.
How to correct: convert the time to UTC, then write YYYYMMDDhhmmss without offset or separator.

Une date des métadonnées n'est pas un DTM en UTC

Ce que le contrôle trouve : un creationTime, submissionTime, serviceStartTime ou serviceStopTime qui
n'est pas fait de 4 à 14 chiffres, qui ne nomme aucune date existante, ou qui porte un décalage ; et
un creationTime ou submissionTime qui n'est pas écrit à la seconde.
Pourquoi c'est important : les dates XDS n'ont pas de décalage : elles sont en UTC. Toute autre
écriture décale ou perd le document dans le temps.
Comment corriger : convertir la date en UTC, puis écrire AAAAMMJJhhmmss sans décalage ni séparateur.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_dtm
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission

_TO_SECOND = ("creationTime", "submissionTime")
_OF_ENTRY = ("creationTime", "serviceStartTime", "serviceStopTime")


@check("EX_3.1-1070", "DC-XDS-TO-SECOND")
def time_malformed(submission: Submission) -> Iterator[Fault]:
    for lot in submission.sets:
        for stated in lot.values("submissionTime"):
            yield from _judge("submissionTime", stated)
    for entry in submission.entries:
        for attribute in _OF_ENTRY:
            for stated in entry.values(attribute):
                yield from _judge(attribute, stated)


def _judge(attribute: str, stated: Located[str]) -> Iterator[Fault]:
    text = stated.value[:60]
    try:
        _, digits = parse_dtm(stated.value)
    except Malformed as wrong:
        yield Fault(
            stated.place,
            Text("AAAAMMJJhhmmss en UTC", "YYYYMMDDhhmmss in UTC"),
            Text(f"{text} ({wrong.reason.fr})", f"{text} ({wrong.reason.en})"),
            "EX_3.1-1070",
        )
        return
    if attribute in _TO_SECOND and digits < 14:
        yield Fault(
            stated.place,
            Text("14 chiffres, à la seconde", "14 digits, to the second"),
            text,
            "DC-XDS-TO-SECOND",
        )
