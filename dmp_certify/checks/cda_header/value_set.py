"""A coded element of the header is not in its value set.

What it finds: a code and code system that the value set bound to the element does not hold.
Why it matters: the code becomes metadata of the document; the DMP refuses a code it does not know
and searches would miss the document.
How to correct: take code and code system together from the value set the finding names; the
nearest codes are given.

Un élément codé de l'en-tête n'est pas dans son jeu de valeurs.

Ce que le contrôle trouve : un code et un système de codage que le jeu de valeurs lié à l'élément ne
contient pas.
Pourquoi c'est important : le code devient métadonnée du document ; le DMP refuse un code qu'il ne
connaît pas, et les recherches manqueraient le document.
Comment corriger : prendre ensemble le code et son système dans le jeu que nomme le constat ; les
codes les plus proches sont donnés.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import coded, shown, titled
from dmp_certify.finding import Fault
from dmp_certify.terminology.valuesets import ValueSet, association
from dmp_certify.terminology.valuesets import value_set as named
from dmp_certify.wire.cda import Cda

_ENCOUNTER = "componentOf.encompassingEncounter"
_SETTING = "assignedEntity.representedOrganization.standardIndustryClassCode"
# (row, the element's names, its value set)
_BOUND = (
    ("DC-CDA-JDV-CODE", "code", "J07"),
    ("DC-CDA-JDV-CONFIDENTIALITY", "confidentialityCode", "HL7-Confidentiality"),
    ("DC-CDA-JDV-GENDER", "recordTarget.patientRole.patient.administrativeGenderCode", "J143"),
    ("DC-CDA-JDV-AUTHOR", "author.assignedAuthor.code", "J01"),
    ("DC-CDA-JDV-PRACTICE-SETTING", f"documentationOf.serviceEvent.performer.{_SETTING}", "J04"),
    ("DC-CDA-JDV-FACILITY", f"{_ENCOUNTER}.location.healthCareFacility.code", "J02"),
    ("DC-CDA-JDV-ENCOUNTER", f"{_ENCOUNTER}.code", "J142"),
)
_PARTICIPATION = "DC-CDA-JDV-PARTICIPATION"


@check(*(row for row, *_ in _BOUND), _PARTICIPATION)
def value_set(cda: Cda) -> Iterator[Fault]:
    for row, names, name in _BOUND:
        values = named(name)
        for node in cda.node.all(names):
            pair = (node.code, node.system)
            # The DMP's own list of types is that of ASS_X16, not wholly in the CI-SIS list.
            if names == "code" and pair in association("ASS_X16"):
                continue
            if not node.null and pair not in values:
                yield Fault(node.place, _near(values, node.code), coded(node), row)
    parts = named("J140")
    for node in cda.node.all(f"{_ENCOUNTER}.encounterParticipant"):
        part = node.get("typeCode")
        if not parts.has_code(part):
            yield Fault(node.at("typeCode"), _near(parts, part), shown(part), _PARTICIPATION)


def _near(values: ValueSet, code: str) -> str:
    """What to write instead: the nearest codes with their systems, and the set's name."""
    codes = [code, *(one for one in values.nearest(code) if one != code)]
    pairs = [f"{one} ({system})" for one in codes for system in values.systems_of(one)]
    return f"{titled(values)}: {', '.join(pairs)}" if pairs else titled(values)
