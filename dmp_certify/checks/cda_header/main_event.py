"""The main act does not say when, by whom or in which setting it was done.

What it finds: no serviceEvent with an effectiveTime and a performer, or no performer whose
organisation states its practice setting (standardIndustryClassCode).
Why it matters: the DMP takes the date of the act and the practice setting of the document from it;
without them the document cannot be filed.
How to correct: in the main serviceEvent write effectiveTime/low, a performer, and in its
representedOrganization a standardIndustryClassCode of JDV_J04.

L'acte principal ne dit pas quand, par qui ou dans quel cadre il a été fait.

Ce que le contrôle trouve : aucun serviceEvent avec un effectiveTime et un exécutant, ou aucun
exécutant dont la structure dise son cadre d'exercice (standardIndustryClassCode).
Pourquoi c'est important : le DMP y prend la date de l'acte et le cadre d'exercice du document ;
sans eux, le document ne peut pas être rangé.
Comment corriger : dans le serviceEvent principal, écrire effectiveTime/low, un performer, et dans
sa representedOrganization un standardIndustryClassCode de JDV_J04.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import ServiceEvent

_TIME = "DC-CDA-MAIN-EVENT-TIME"
_PERFORMER = "DC-CDA-MAIN-EVENT-PERFORMER"
_SETTING = "DC-CDA-PRACTICE-SETTING"
_PRESENT = Text("présent, sans nullFlavor", "present, without nullFlavor")


@check(_TIME, _PERFORMER, _SETTING, when=lambda cda: bool(cda.service_events))
def main_event(cda: Cda) -> Iterator[Fault]:
    event = cda.main_event or cda.service_events[0]
    times = event.node.all("effectiveTime")
    if not _dated(event):
        where = times[0].place if times else event.node.missing("effectiveTime")
        observed = f'nullFlavor="{times[0].null}"' if times and times[0].null else ABSENT
        yield Fault(where, _PRESENT, observed, _TIME)
    performers = [one for one in event.node.all("performer") if not one.null]
    if not performers:
        yield Fault(event.node.missing("performer"), _PRESENT, ABSENT, _PERFORMER)
    elif cda.practice_setting is None:
        names = "assignedEntity.representedOrganization.standardIndustryClassCode"
        yield Fault(performers[0].missing(names), _PRESENT, ABSENT, _SETTING)


def _dated(event: ServiceEvent) -> bool:
    low = event.low
    return low is not None and not low.null and bool(low.value)
