"""The VIHF and the body of the call name different patients

What it finds: a call whose VIHF resource-id is a valid INS other than the one of the query, or of
the submission set.
Why it matters: the DMP checks rights on the patient of the VIHF: acting on another one escapes that
check.
How to correct: build the VIHF for each call, from the patient of that call.

Le VIHF et le corps de l'appel désignent des patients différents

Ce que le contrôle trouve : un appel dont le resource-id du VIHF est un INS valide autre que celui
de la requête ou du lot.
Pourquoi c'est important : le DMP vérifie les droits sur le patient du VIHF : agir sur un autre
échappe à cette vérification.
Comment corriger : construire le VIHF à chaque appel, d'après le patient de cet appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins
from dmp_certify.wire.call import Call, Subject


def _sound(subject: Subject | None) -> bool:
    """Whether it is a valid INS: anything else is for the checks of identifiers."""
    return (
        subject is not None
        and ins.is_ins_oid(subject.authority)
        and ins.fault_of(subject.id) is None
    )


def _patient(call: Call) -> Subject | None:
    """The patient of the query or of the lot; that of its documents is compared with the lot's."""
    return next((one for one in call.body_patients() if _sound(one)), None)


@check(
    "DC-CALL-PATIENT", when=lambda call: _sound(call.vihf_patient) and _patient(call) is not None
)
def call_patient_differs(call: Call) -> Iterator[Fault]:
    stated, body = call.vihf_patient, _patient(call)
    if stated is None or body is None:
        return
    if (stated.id, stated.authority) != (body.id, body.authority):
        yield Fault(
            stated.place,
            Text(f"{body.text}, le patient du corps", f"{body.text}, the patient of the body"),
            stated.text,
        )
