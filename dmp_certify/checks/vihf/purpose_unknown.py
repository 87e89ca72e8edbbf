"""The purpose of use is not a known access mode.

What it finds: a purposeofuse whose value is not one PurposeOfUse element of HL7 V3, or whose code
and codeSystem are not in JDV_J38.
Why it matters: the DMP opens the record differently in normal access, break-glass and emergency
regulation.
How to correct: write <PurposeOfUse xmlns="urn:hl7-org:v3" code="normal"
codeSystem="1.2.250.1.213.1.1.4.248" .../>.

La finalité d'accès n'est pas un mode d'accès connu.

Ce que le contrôle trouve : un purposeofuse dont la valeur n'est pas un élément PurposeOfUse de
HL7 V3, ou dont le code et le codeSystem ne sont pas dans JDV_J38.
Pourquoi c'est important : le DMP n'ouvre pas le dossier de la même façon en accès normal, en bris
de glace et en régulation.
Comment corriger : écrire <PurposeOfUse xmlns="urn:hl7-org:v3" code="normal"
codeSystem="1.2.250.1.213.1.1.4.248" .../>.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.vihf import PURPOSE, Vihf, is_hl7


def _judged(vihf: Vihf) -> bool:
    return bool(vihf.purposes) or vihf.value(PURPOSE) is not None


@check("DC-VIHF-PURPOSE-VALUE", when=_judged)
def purpose_unknown(vihf: Vihf) -> Iterator[Fault]:
    known = value_set("J38")
    expected = ", ".join(f"{code} ({system})" for code, system in known)
    if not vihf.purposes:
        found = vihf.value(PURPOSE)
        if found is not None:
            yield Fault(found.place, "hl7:PurposeOfUse", found.value[:200])
    for purpose in vihf.purposes:
        code = purpose.code.value if purpose.code else ""
        system = purpose.code_system.value if purpose.code_system else ""
        if not is_hl7(purpose, "PurposeOfUse"):
            seen = f"{{{purpose.name[0]}}}{purpose.name[1]}"
            yield Fault(purpose.place, "hl7:PurposeOfUse", seen[:200])
        elif (code, system) not in known:
            yield Fault(purpose.place, expected, f"{code} ({system})"[:200])
