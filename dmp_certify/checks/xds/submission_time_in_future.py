"""The submission time is later than the reception

What it finds: a submissionTime more than ten minutes after the message was received, as happens
when local time is sent for UTC.
Why it matters: in summer a lot sent in local time is dated two hours ahead: the order of documents
is wrong.
How to correct: convert the submission time to UTC, and keep the workstation clock in step.

La date de soumission est postérieure à la réception

Ce que le contrôle trouve : un submissionTime postérieur de plus de dix minutes à la réception du
message, comme lorsque l'heure locale est envoyée pour l'heure UTC.
Pourquoi c'est important : en été, un lot envoyé en heure locale est daté deux heures trop tard :
l'ordre des documents est faux.
Comment corriger : convertir la date de soumission en UTC, et tenir l'horloge du poste à l'heure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_dtm
from dmp_certify.wire.xds import SubmissionSet

# Clocks may differ by minutes; a time zone makes a difference of an hour at least.
_TOLERANCE = timedelta(minutes=10)


@check("EX_3.1-1070", when=lambda lot: lot.live and bool(lot.text("submissionTime")))
def submission_time_in_future(lot: SubmissionSet) -> Iterator[Fault]:
    for stated in lot.values("submissionTime"):
        try:
            moment, _ = parse_dtm(stated.value)
        except Malformed:
            continue
        if moment > lot.received_at + _TOLERANCE:
            limit = f"{lot.received_at:%Y%m%d%H%M%S}"
            yield Fault(
                stated.place,
                Text(f"au plus tard {limit} (UTC)", f"{limit} (UTC) at the latest"),
                stated.value[:60],
            )
