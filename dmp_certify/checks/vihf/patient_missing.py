"""The VIHF does not name the patient whom the call concerns.

What it finds: a call about one patient whose VIHF has no resource-id attribute.
Why it matters: the DMP checks the user's rights on that patient's record.
How to correct: write the patient's INS in resource-id, e.g.
279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH.

Le VIHF ne nomme pas le patient que l'appel concerne.

Ce que le contrôle trouve : un appel qui concerne un patient et dont le VIHF n'a pas d'attribut
resource-id.
Pourquoi c'est important : le DMP contrôle les droits de l'utilisateur sur le dossier de ce
patient.
Comment corriger : écrire l'INS du patient dans resource-id, par exemple
279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.transactions import BY_BODY, with_patient
from dmp_certify.wire.vihf import RESOURCE_ID, Vihf


def _judged(vihf: Vihf) -> bool:
    transaction = BY_BODY.get(vihf.body_name)
    return transaction is not None and with_patient(transaction)


@check("DC-VIHF-A-PATIENT", when=_judged)
def patient_missing(vihf: Vihf) -> Iterator[Fault]:
    if vihf.value(RESOURCE_ID) is None:
        found = vihf.named(RESOURCE_ID)
        yield Fault(
            found[0].place if found else vihf.place,
            Text(f"l'attribut {RESOURCE_ID}", f"the attribute {RESOURCE_ID}"),
            Text("sans valeur", "without value") if found else Text("absent", "missing"),
        )
