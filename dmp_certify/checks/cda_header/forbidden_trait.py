"""The document states the patient's religion, race or ethnic group.

What it finds: religiousAffiliationCode, raceCode or ethnicGroupCode in the patient's description.
Why it matters: the French profile of CDA forbids them; they are sensitive data that no one may
collect in a shared record.
How to correct: leave the element out.

Le document dit la religion, la race ou l'ethnie du patient.

Ce que le contrôle trouve : religiousAffiliationCode, raceCode ou ethnicGroupCode dans la
description du patient.
Pourquoi c'est important : le profil français du CDA les interdit ; ce sont des données sensibles
que nul ne peut recueillir dans un dossier partagé.
Comment corriger : retirer l'élément.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT, coded
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda

_FORBIDDEN = (
    ("DC-CDA-NO-RELIGION", "religiousAffiliationCode"),
    ("DC-CDA-NO-RACE", "raceCode"),
    ("DC-CDA-NO-ETHNIC-GROUP", "ethnicGroupCode"),
)


@check(*(row for row, _ in _FORBIDDEN), when=lambda cda: cda.patient is not None)
def forbidden_trait(cda: Cda) -> Iterator[Fault]:
    for row, element in _FORBIDDEN:
        for node in cda.node.all(f"recordTarget.patientRole.patient.{element}"):
            yield Fault(node.place, ABSENT, coded(node), row)
