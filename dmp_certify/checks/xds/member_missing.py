"""A document of the submission is not tied to the submission set

What it finds: a document entry that no HasMember association of the lot targets, or a new document
whose membership lacks SubmissionSetStatus Original.
Why it matters: a document outside the lot is registered without provenance; XDS refuses it.
How to correct: add one HasMember association per document entry, from the lot to the entry, with
SubmissionSetStatus Original.

Un document de la soumission n'est pas rattaché au lot

Ce que le contrôle trouve : une entrée de document qu'aucune association HasMember du lot ne vise,
ou un document nouveau dont le rattachement n'a pas SubmissionSetStatus Original.
Pourquoi c'est important : un document hors lot est enregistré sans provenance ; XDS le refuse.
Comment corriger : ajouter une association HasMember par entrée, du lot vers l'entrée, avec
SubmissionSetStatus Original.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place, Text
from dmp_certify.wire.xds import HAS_MEMBER, Submission


@check(
    "DC-XDS-MEMBER",
    "DC-XDS-MEMBER-STATUS",
    when=lambda submission: submission.set is not None and bool(submission.entries),
)
def member_missing(submission: Submission) -> Iterator[Fault]:
    lot = submission.set.id.value if submission.set else ""
    for entry in submission.entries:
        members = [
            one
            for one in submission.typed(HAS_MEMBER)
            if one.source.value == lot and one.target.value == entry.id.value
        ]
        if not members:
            yield Fault(
                entry.place,
                Text(f"une association HasMember de {lot}", f"a HasMember association from {lot}"),
                Text(f"aucune vers {entry.id.value}", f"none to {entry.id.value}"),
                "DC-XDS-MEMBER",
            )
        for one in members:
            statuses = one.values("SubmissionSetStatus")
            if [status.value for status in statuses] != ["Original"]:
                own = one.place
                absent = Place(
                    own.artifact, f"{own.path}/rim:Slot[@name='SubmissionSetStatus']", own.line
                )
                yield Fault(
                    statuses[0].place if statuses else absent,
                    "Original",
                    ", ".join(status.value[:60] for status in statuses)
                    or Text("SubmissionSetStatus absent", "SubmissionSetStatus missing"),
                    "DC-XDS-MEMBER-STATUS",
                )
