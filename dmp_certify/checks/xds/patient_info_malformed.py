"""A value of sourcePatientInfo is not a well-formed PID field

What it finds: a sourcePatientInfo value that does not read PID-n|…, a PID-7 that is not a date, or
a PID-8 that is not a gender code.
Why it matters: the DMP compares these traits with those of the record to detect identity errors.
How to correct: write one value per field: PID-5|NOM^Prénom^^^^^L, PID-7|AAAAMMJJ, PID-8|F.

Une valeur de sourcePatientInfo n'est pas un champ PID bien formé

Ce que le contrôle trouve : une valeur de sourcePatientInfo qui ne se lit pas PID-n|…, un PID-7 qui
n'est pas une date, ou un PID-8 qui n'est pas un code de sexe.
Pourquoi c'est important : le DMP compare ces traits à ceux du dossier pour déceler les erreurs
d'identité.
Comment corriger : écrire une valeur par champ : PID-5|NOM^Prénom^^^^^L, PID-7|AAAAMMJJ, PID-8|F.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_dtm
from dmp_certify.wire.xds import DocumentEntry

_FIELD = re.compile(r"PID-[0-9]{1,2}\|.*", re.S)
# HL7 V2 table 0001, with the UN of HL7 V3 that known products send.
_GENDERS = ("F", "M", "O", "U", "A", "N", "UN")


@check("DC-XDS-PID", when=lambda entry: bool(entry.values("sourcePatientInfo")))
def patient_info_malformed(entry: DocumentEntry) -> Iterator[Fault]:
    for stated in entry.values("sourcePatientInfo"):
        expected = _expected(stated.value)
        if expected is not None:
            yield Fault(stated.place, expected, stated.value[:200])


def _expected(text: str) -> Text | None:
    """What the value should look like, or None when it is well-formed."""
    if not _FIELD.fullmatch(text):
        return Text("PID-n|valeur", "PID-n|value")
    field, _, value = text.partition("|")
    if field == "PID-7" and value:
        try:
            parse_dtm(value)
        except Malformed:
            return Text("PID-7|AAAAMMJJ", "PID-7|YYYYMMDD")
    if field == "PID-8" and value and value not in _GENDERS:
        return Text.same("PID-8|" + "/".join(_GENDERS))
    return None
