"""The patient is born after the document was created.

What it finds: a birthTime later than the effectiveTime of the document.
Why it matters: one of the two dates is wrong, so the document may belong to somebody else.
How to correct: take the birth date from the INS traits and the creation time from the clock.

Le patient est né après la création du document.

Ce que le contrôle trouve : un birthTime postérieur à l'effectiveTime du document.
Pourquoi c'est important : l'une des deux dates est fausse, et le document peut être celui d'un
autre.
Comment corriger : prendre la date de naissance dans les traits INS et la date de création à
l'horloge.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_time import PointInTime


@check("DC-CDA-BIRTH-BEFORE-DOCUMENT", when=lambda cda: _dates(cda) is not None)
def birth_after_document(cda: Cda) -> Iterator[Fault]:
    dates, patient = _dates(cda), cda.patient
    if dates is None or patient is None or patient.birth is None:
        return
    birth, created = dates
    if birth.surely_after(created):
        expected = Text(f"au plus tard {created.text}", f"at most {created.text}")
        yield Fault(patient.birth.at("value"), expected, birth.text)


def _dates(cda: Cda) -> tuple[PointInTime, PointInTime] | None:
    patient, created = cda.patient, cda.effective_time
    birth = patient.birth if patient else None
    if birth is None or created is None or birth.time is None or created.time is None:
        return None
    return birth.time, created.time
