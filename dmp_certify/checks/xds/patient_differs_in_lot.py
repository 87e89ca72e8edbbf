"""A document of the submission names another patient than the submission set

What it finds: a DocumentEntry.patientId whose identifier or authority differs from that of the
SubmissionSet.
Why it matters: one lot feeds one record: a document of another patient would enter the wrong
record.
How to correct: send one lot per patient, with the same INS everywhere.

Un document de la soumission désigne un autre patient que le lot

Ce que le contrôle trouve : un DocumentEntry.patientId dont l'identifiant ou l'autorité diffère de
celui du SubmissionSet.
Pourquoi c'est important : un lot alimente un dossier : le document d'un autre patient entrerait
dans le mauvais dossier.
Comment corriger : envoyer un lot par patient, avec le même INS partout.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins, oids
from dmp_certify.terminology.identifiers import Malformed, parse_cx
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission


def _patient(stated: Located[str] | None) -> tuple[str, str] | None:
    """(identifier, authority); None when absent or no INS, for other checks say so."""
    if stated is None:
        return None
    try:
        cx = parse_cx(stated.value)
    except Malformed:
        return None
    sound = ins.is_ins_oid(cx.authority) and ins.fault_of(cx.id) is None
    return (cx.id, cx.authority) if sound or cx.authority == oids.INS_C else None


def _of_lot(submission: Submission) -> tuple[str, str] | None:
    return _patient(submission.set.value("patientId")) if submission.set else None


@check("DC-XDS-SAME-PATIENT", when=lambda submission: _of_lot(submission) is not None)
def patient_differs_in_lot(submission: Submission) -> Iterator[Fault]:
    wanted = _of_lot(submission)
    for entry in submission.entries:
        stated = entry.value("patientId")
        found = _patient(stated)
        if stated is not None and found is not None and found != wanted and wanted is not None:
            text = f"{wanted[0]} ({wanted[1]})"
            yield Fault(
                stated.place,
                Text(f"{text}, le patient du lot", f"{text}, the patient of the submission set"),
                f"{found[0]} ({found[1]})",
            )
