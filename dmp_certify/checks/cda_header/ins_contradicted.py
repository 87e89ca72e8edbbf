"""The patient's sex or birth contradicts the INS.

What it finds: a sex, a year, a month or a place of birth other than those the digits of a
well-formed INS state. A month that the registry writes 13 or more (unknown) contradicts nothing,
nor does an unknown sex, a birth date without month, or a department whose codes have changed.
Why it matters: the INS and the traits come together from the INSi teleservice; when they disagree
the document mixes two people.
How to correct: take identifier and traits from the same INSi answer.

Le sexe ou la naissance du patient contredisent l'INS.

Ce que le contrôle trouve : un sexe, une année, un mois ou un lieu de naissance autres que ceux que
disent les chiffres d'un INS bien formé. Un mois que le registre écrit 13 ou plus (inconnu) ne
contredit rien, non plus qu'un sexe inconnu, une date sans mois ou un département dont les codes ont
changé.
Pourquoi c'est important : l'INS et les traits viennent ensemble du téléservice INSi ; quand ils se
contredisent, le document mêle deux personnes.
Comment corriger : prendre l'identifiant et les traits dans la même réponse d'INSi.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins
from dmp_certify.terminology.ins import Ins
from dmp_certify.wire.cda import Cda

_COG = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")
# Corsica, the Paris area, and the overseas and foreign parts were coded otherwise in the past: an
# old INS keeps the code of its time.
_REDRAWN = frozenset(("20", "2A", "2B", "75", "78", *map(str, range(91, 100))))
_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13))


@check(
    "DC-CDA-INS-SEX", "DC-CDA-INS-BIRTH", "DC-CDA-INS-PLACE", when=lambda cda: _ins(cda) is not None
)
def ins_contradicted(cda: Cda) -> Iterator[Fault]:
    known, patient = _ins(cda), cda.patient
    if known is None or patient is None:
        return
    gender, birth = patient.gender, patient.birth
    if gender is not None and gender.code in ("M", "F") and known.sex not in (None, gender.code):
        expected = Text(f"{known.sex}, comme l'INS", f"{known.sex}, as the INS says")
        yield Fault(gender.at("code"), expected, gender.code, "DC-CDA-INS-SEX")
    place = patient.birth_place
    if place is not None and _moved(place.text, known):
        wanted = known.birth_place
        expected = Text(f"{wanted}, comme l'INS", f"{wanted}, as the INS says")
        yield Fault(place.place, expected, place.text[:200], "DC-CDA-INS-PLACE")
    if birth is None or birth.time is None:
        return
    stated = f"{birth.time.start:%Y}"[2:]
    wanted = known.year
    if birth.time.at_least("month") and known.month in _MONTHS:
        stated, wanted = f"{stated}-{birth.time.start:%m}", f"{wanted}-{known.month}"
    if stated != wanted:
        expected = Text(f"{wanted}, comme l'INS", f"{wanted}, as the INS says")
        observed = f"{stated} ({birth.value})"
        yield Fault(birth.at("value"), expected, observed, "DC-CDA-INS-BIRTH")


def _moved(place: str, known: Ins) -> bool:
    """Whether the place is another than the INS's, where department borders leave no doubt."""
    if not _COG.fullmatch(place) or not _COG.fullmatch(known.birth_place):
        return False
    redrawn = place[:2] in _REDRAWN or known.birth_place[:2] in _REDRAWN
    return place != known.birth_place and not redrawn


def _ins(cda: Cda) -> Ins | None:
    node = cda.ins_id
    return ins.parse(node.extension) if node is not None else None
