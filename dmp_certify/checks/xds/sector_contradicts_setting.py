"""The activity sector and the practice setting contradict each other

What it finds: a document from an individual practice (SA07) whose practice setting is a hospital
(ETABLISSEMENT), the pair that the requirement itself names.
Why it matters: the setting tells the reader where the care took place; a contradiction makes both
values useless.
How to correct: set sector and setting together in the software's configuration of the structure.

Le secteur d'activité et le cadre d'exercice se contredisent

Ce que le contrôle trouve : un document d'un cabinet individuel (SA07) dont le cadre d'exercice est
un établissement (ETABLISSEMENT), le couple que l'exigence nomme elle-même.
Pourquoi c'est important : le cadre dit au lecteur où le soin a eu lieu ; une contradiction rend les
deux valeurs inutiles.
Comment corriger : régler ensemble secteur et cadre dans le paramétrage de la structure.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import DocumentEntry

_INDIVIDUAL_PRACTICE, _HOSPITAL = "SA07", "ETABLISSEMENT"


@check(
    "EX_GEN-1377",
    when=lambda entry: (
        not entry.signature
        and bool(entry.value("healthcareFacilityTypeCode"))
        and bool(entry.value("practiceSettingCode"))
    ),
)
def sector_contradicts_setting(entry: DocumentEntry) -> Iterator[Fault]:
    sector, setting = entry.text("healthcareFacilityTypeCode"), entry.value("practiceSettingCode")
    if sector == _INDIVIDUAL_PRACTICE and setting is not None and setting.value == _HOSPITAL:
        yield Fault(
            setting.place,
            Text("un cadre d'exercice de cabinet, p. ex. AMBULATOIRE", "a setting of a practice"),
            Text(f"{setting.value} avec {sector}", f"{setting.value} with {sector}"),
        )
