"""The name of a code system contradicts its OID.

What it finds: a codeSystemName LOINC, SNOMED CT, CIM-10, ATC… beside the OID of another system. A
name that is not one of these well-known ones is left alone.
Why it matters: the OID alone has a meaning for software: the code is looked up in the wrong
terminology, or in none, while the reader of the XML sees the right name.
How to correct: write the OID of the code system from which the code was taken, or its true name.

Le nom d'un système de codage contredit son OID.

Ce que le contrôle trouve : un codeSystemName LOINC, SNOMED CT, CIM-10, ATC… à côté de l'OID d'un
autre système. Un nom qui n'est pas l'un de ces noms connus est laissé de côté.
Pourquoi c'est important : seul l'OID a un sens pour un logiciel : le code est cherché dans la
mauvaise terminologie, ou dans aucune, tandis que le lecteur du XML voit le bon nom.
Comment corriger : écrire l'OID du système de codage d'où vient le code, ou son vrai nom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology import oids
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_walk import Coding

# Systems of one OID, whatever the edition (HL7 OID registry).
_ONE_OID = {
    "LOINC": oids.LOINC,
    "SNOMEDCT": oids.SNOMED_CT,
}
# Systems that HL7 registers in its arc 6, and which others may have registered elsewhere.
_ARC = "2.16.840.1.113883.6"
_IN_ARC = {
    "CIM10": f"{_ARC}.3",
    "ICD10": f"{_ARC}.3",
    "CIM11": f"{_ARC}.347",
    "ATC": f"{_ARC}.73",
    "MEDDRA": f"{_ARC}.163",
    "UCUM": f"{_ARC}.8",
    "ICF": f"{_ARC}.254",
}
_MARKS = re.compile(r"[\s_:.-]+")


@check("DC-CDA-SYSTEM-NAME")
def code_system_name(cda: Cda) -> Iterator[Fault]:
    for node in cda.coded_unless(_agrees):
        name = node.get("codeSystemName")
        right = _contradicted(name, node.system)
        yield Fault(node.at("codeSystem"), f"{right} ({name})", f"{node.system} ({name})")


def _agrees(coding: Coding) -> bool:
    system, _, name, _ = coding
    return name is None or not _contradicted(name, system)


@lru_cache(maxsize=1024)
def _contradicted(name: str, system: str) -> str:
    """The OID that the name stands for when the system is another one, else empty."""
    plain = _MARKS.sub("", name).upper()
    right = _ONE_OID.get(plain, "")
    if right:
        return right if system and system != right else ""
    right = _IN_ARC.get(plain, "")
    in_arc = system == _ARC or system.startswith(f"{_ARC}.")
    return right if right and in_arc and system != right else ""
