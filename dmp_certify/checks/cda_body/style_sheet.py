"""The document points at a separate style sheet.

What it finds: an xml-stylesheet instruction whose href is not `#`.
Why it matters: the DMP shows documents by its own means and refuses separate style sheets; the
instruction alone is reported, since official examples carry it.
How to correct: leave the instruction out, or make the document self-presentable (href="#").

Le document renvoie à une feuille de style séparée.

Ce que le contrôle trouve : une instruction xml-stylesheet dont href n'est pas `#`.
Pourquoi c'est important : le DMP montre les documents par ses propres moyens et refuse les feuilles
de style séparées ; l'instruction seule est signalée, car des exemples officiels la portent.
Comment corriger : omettre l'instruction, ou rendre le document auto-présentable (href="#").
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-STYLE-SHEET")
def style_sheet(cda: Cda) -> Iterator[Fault]:
    for sheet in cda.presentation.sheets:
        if not sheet.value.startswith("#"):
            expected = Text("`#`, ou pas d'instruction", "`#`, or no instruction")
            yield Fault(sheet.place, expected, sheet.value[:200] or '""')
