"""The patient of the VIHF is not an INS in CX form.

What it finds: a resource-id that is not INS^^^&OID&ISO^NH, an OID that is no INS domain, or an
INS whose key is wrong.
Why it matters: the DMP does not find the record, or finds another patient's.
How to correct: write the 15 characters of the INS, the OID that INSi returned, and the type NH.

Le patient du VIHF n'est pas un INS sous forme CX.

Ce que le contrôle trouve : un resource-id qui n'est pas INS^^^&OID&ISO^NH, un OID qui n'est pas
un domaine d'INS, ou un INS dont la clé est fausse.
Pourquoi c'est important : le DMP ne trouve pas le dossier, ou trouve celui d'un autre patient.
Comment corriger : écrire les 15 caractères de l'INS, l'OID que INSi a renvoyé, et le type NH.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins, oids
from dmp_certify.terminology.identifiers import Malformed, parse_cx
from dmp_certify.wire.vihf import RESOURCE_ID, Vihf

FORM = "<INS>^^^&<OID>&ISO^NH"
LEGACY_TYPE = "INS-C"


def _judged(vihf: Vihf) -> bool:
    return vihf.value(RESOURCE_ID) is not None


@check("VIHF-RESOURCE-ID", when=_judged)
def patient_malformed(vihf: Vihf) -> Iterator[Fault]:
    found = vihf.value(RESOURCE_ID)
    if found is None:
        return
    try:
        cx = parse_cx(found.value)
    except Malformed as malformed:
        seen = found.value[:120]
        reason = malformed.reason
        yield Fault(found.place, FORM, Text(f"{seen} : {reason.fr}", f"{seen}: {reason.en}"))
        return
    if cx.authority == oids.INS_C or cx.type == LEGACY_TYPE:
        return  # the former identifier, which older records still bear
    if not ins.is_ins_oid(cx.authority):
        yield Fault(found.place, "1.2.250.1.213.1.4.8 / .9 / .10 / .11", cx.authority)
    elif cx.type != "NH":
        yield Fault(found.place, FORM, cx.type or Text("CX-5 absent", "CX-5 missing"))
    else:
        fault = ins.fault_of(cx.id)
        if fault is not None:
            expected = Text(
                "un INS de 15 caractères avec sa clé", "an INS of 15 characters with its key"
            )
            yield Fault(
                found.place, expected, Text(f"{cx.id} : {fault.fr}", f"{cx.id}: {fault.en}")
            )
