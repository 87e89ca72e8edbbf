"""The query names its patient otherwise than by a valid INS

What it finds: a patientIdentifier whose root is not an OID of the INS, or whose extension is not a
matricule of 15 characters with its right key. The legacy INS-C is left alone.
Why it matters: a wrong key means a typing or transmission error: the answer would be about nobody,
or about someone else.
How to correct: take the INS as the INSi service gave it, with its OID, and check the key before any
use.

La requête désigne son patient autrement que par un INS valide

Ce que le contrôle trouve : un patientIdentifier dont root n'est pas un OID d'INS, ou dont extension
n'est pas un matricule de 15 caractères à la clé juste. L'ancien INS-C est laissé de côté.
Pourquoi c'est important : une clé fausse trahit une erreur de saisie ou de transmission : la
réponse ne concernerait personne, ou quelqu'un d'autre.
Comment corriger : reprendre l'INS tel que le téléservice INSi l'a donné, avec son OID, et en
contrôler la clé avant tout usage.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins, oids
from dmp_certify.wire.hl7v3 import ExistenceRequest


@check("DC-HL7-V-INS-OID", "EX_GEN-1270", when=lambda request: bool(request.patients))
def patient_identifier_wrong(request: ExistenceRequest) -> Iterator[Fault]:
    for patient in request.patients:
        value = patient.value
        if value is None or not (value.root and value.root.value and value.extension):
            continue
        if value.root.value == oids.INS_C:
            continue
        if not ins.is_ins_oid(value.root.value):
            known = ", ".join(oid for oid in ins.KINDS if ins.is_ins_oid(oid))
            yield Fault(
                value.root.place,
                Text(f"un OID d'INS : {known}", f"an OID of the INS: {known}"),
                value.root.value[:200],
                "DC-HL7-V-INS-OID",
            )
            continue
        reason = ins.fault_of(value.extension.value)
        if reason is not None:
            text = value.extension.value[:60]
            yield Fault(
                value.extension.place,
                Text(
                    "matricule INS de 15 caractères, clé juste", "INS of 15 characters, correct key"
                ),
                Text(f"{text} ({reason.fr})", f"{text} ({reason.en})"),
                "EX_GEN-1270",
            )
