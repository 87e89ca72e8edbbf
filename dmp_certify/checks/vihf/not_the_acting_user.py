"""The VIHF does not name the user and the sector that the step stated.

What it finds: a VIHF whose national user identifier or activity sector differs from those of the
user and the structure for whom the product was asked to act.
Why it matters: the access would be traced to somebody else, and rights would be judged for
another kind of structure.
How to correct: take the user from the open session and the sector from the structure's settings;
check [user] and [structure] in sut.toml.

Le VIHF ne nomme pas l'utilisateur et le secteur énoncés par l'étape.

Ce que le contrôle trouve : un VIHF dont l'identifiant national d'utilisateur ou le secteur
d'activité diffère de ceux de l'utilisateur et de la structure pour qui le produit devait agir.
Pourquoi c'est important : l'accès serait imputé à quelqu'un d'autre, et les droits jugés pour une
autre sorte de structure.
Comment corriger : prendre l'utilisateur dans la session ouverte et le secteur dans les réglages
de la structure ; vérifier [user] et [structure] dans sut.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.national_ids import is_person
from dmp_certify.wire.play import StepPlay, seen
from dmp_certify.wire.vihf import Vihf

SECTOR = "Secteur_Activite"


def _stated(play: StepPlay, *path: str) -> str:
    found: Any = play.order.get("as")
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _assertions(play: StepPlay) -> Iterator[Vihf]:
    for exchange in play.exchanges:
        for message in exchange.messages:
            vihf = seen(message, Vihf)
            if vihf is not None:
                yield vihf


def _judged(play: StepPlay) -> bool:
    return bool(_stated(play, "user", "id")) and any(_assertions(play))


@check("EX_GEN-1320", "EX_GEN-1375", when=_judged)
def not_the_acting_user(play: StepPlay) -> Iterator[Fault]:
    user = _stated(play, "user", "id")
    code, system = (_stated(play, "structure", "sector", key) for key in ("code", "code_system"))
    for vihf in _assertions(play):
        name = vihf.name_id
        # The internal identifier of a structure's user is not the suite's to know.
        national = name is not None and "/" not in name.value and is_person(name.value)
        if name is not None and national and name.value != user:
            yield Fault(name.place, user, name.value, "EX_GEN-1320")
        sector = vihf.value(SECTOR)
        if sector is None or not code:
            continue
        known = tuple(sector.value.split("^")) in value_set("J02")
        if known and sector.value != f"{code}^{system}":
            yield Fault(sector.place, f"{code}^{system}", sector.value, "EX_GEN-1375")
