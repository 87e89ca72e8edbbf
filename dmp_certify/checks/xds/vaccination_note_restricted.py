"""A vaccination note bears another confidentiality than N

What it finds: a vaccination note (type 87273-9) whose confidentialityCode values are not N alone.
Why it matters: vaccination data must reach every professional and the patient; the DMP forbids any
restriction on them.
How to correct: send vaccination notes with the single code N.

Une note de vaccination porte une autre confidentialité que N

Ce que le contrôle trouve : une note de vaccination (type 87273-9) dont les confidentialityCode ne
sont pas N seul.
Pourquoi c'est important : les données de vaccination doivent parvenir à tout professionnel et au
patient ; le DMP n'y admet aucune restriction.
Comment corriger : envoyer les notes de vaccination avec le seul code N.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.xds import DocumentEntry

_NOTE = "87273-9"


@check(
    "EX_2.1-2005",
    when=lambda entry: entry.text("typeCode") == _NOTE and bool(entry.value("confidentialityCode")),
)
def vaccination_note_restricted(entry: DocumentEntry) -> Iterator[Fault]:
    for stated in entry.values("confidentialityCode"):
        if stated.value != "N":
            yield Fault(stated.place, "N", stated.value[:200])
