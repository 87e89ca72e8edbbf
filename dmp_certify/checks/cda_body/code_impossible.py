"""A code cannot be one of the code system that it names.

What it finds: a code of LOINC without the form of LOINC, or whose check digit is wrong; a code of
SNOMED CT that is not a number of 6 to 18 digits, or whose check digit is wrong. Placeholders of
IHE (xx-…), parts and answers of LOINC, and SNOMED CT expressions are left alone.
Why it matters: no software finds the meaning of such a code, and a mistyped digit may give the code
of something else.
How to correct: copy the code from the terminology itself; local codes go under a code system of
their own.

Un code ne peut pas être du système de codage qu'il nomme.

Ce que le contrôle trouve : un code LOINC qui n'en a pas la forme ou dont la clé est fausse ; un
code SNOMED CT qui n'est pas un nombre de 6 à 18 chiffres ou dont la clé est fausse. Les codes
provisoires d'IHE (xx-…), les parties et réponses de LOINC et les expressions SNOMED CT sont laissés
de côté.
Pourquoi c'est important : aucun logiciel ne trouve le sens d'un tel code, et un chiffre mal saisi
peut donner le code d'autre chose.
Comment corriger : copier le code depuis la terminologie elle-même ; un code local va sous un
système de codage qui lui est propre.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import check_digits, oids
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_walk import Coding

_LOINC = "DC-CDA-LOINC-CODE"
_SNOMED = "DC-CDA-SNOMED-CODE"


@check(_LOINC, _SNOMED)
def code_impossible(cda: Cda) -> Iterator[Fault]:
    for node in cda.coded_unless(_possible):
        reason = _reason(node.system, node.code)
        if reason is not None:
            loinc = node.system == oids.LOINC
            name = "LOINC" if loinc else "SNOMED CT"
            expected = Text(f"un code {name}", f"a code of {name}")
            value = node.code[:200] or '""'
            observed = Text(f"{value} : {reason.fr}", f"{value}: {reason.en}")
            yield Fault(node.at("code"), expected, observed, _LOINC if loinc else _SNOMED)


def _possible(coding: Coding) -> bool:
    system, code, _, _ = coding
    return code is None or _reason(system, code) is None


def _reason(system: str, code: str) -> Text | None:
    if system == oids.LOINC:
        return check_digits.loinc_fault(code)
    return check_digits.snomed_fault(code) if system == oids.SNOMED_CT else None
