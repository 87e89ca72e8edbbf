"""The patient is not identified by an INS.

What it finds: a patient none of whose identifiers has the OID of an INS, or an INS that is not the
first of the identifiers.
Why it matters: the DMP files a document by the INS of its patient; with another OID, even by one
digit, the number means nothing.
How to correct: write the INS as the first id of patientRole, with its OID: 1.2.250.1.213.1.4.8
(NIR), .9 (NIA), or .10 in tests.

Le patient n'est pas identifié par un INS.

Ce que le contrôle trouve : un patient dont aucun identifiant n'a l'OID d'un INS, ou un INS qui
n'est pas le premier des identifiants.
Pourquoi c'est important : le DMP range un document par l'INS de son patient ; sous un autre OID,
fût-ce d'un chiffre, le numéro ne veut rien dire.
Comment corriger : écrire l'INS comme premier id de patientRole, avec son OID :
1.2.250.1.213.1.4.8 (NIR), .9 (NIA), ou .10 en essai.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins
from dmp_certify.wire.cda import Cda


@check(
    "DC-CDA-INS",
    "DC-CDA-INS-FIRST",
    when=lambda cda: cda.patient is not None and bool(cda.patient.ids),
)
def ins_absent(cda: Cda) -> Iterator[Fault]:
    patient, found = cda.patient, cda.ins_id
    if patient is None:
        return
    first = patient.ids[0]
    if found is None:
        seen = ", ".join(one.root or f'nullFlavor="{one.null}"' for one in patient.ids)
        expected = Text(
            "un INS (1.2.250.1.213.1.4.8, .9, .10 ou .11)",
            "an INS (1.2.250.1.213.1.4.8, .9, .10 or .11)",
        )
        yield Fault(first.at("root"), expected, seen, "DC-CDA-INS")
    elif not ins.is_ins_oid(first.root):
        expected = Text("l'INS en premier", "the INS first")
        yield Fault(first.at("root"), expected, first.root, "DC-CDA-INS-FIRST")
