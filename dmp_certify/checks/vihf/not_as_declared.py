"""The VIHF departs from what the product declares of itself.

What it finds: an authentication mode or a profession that the conformance statement does not
list.
Why it matters: a certificate covers what was declared and shown; another mode or profession would
escape it.
How to correct: complete the conformance statement in sut.toml, or correct the mode or the
profession sent.

Le VIHF s'écarte de ce que le produit déclare de lui-même.

Ce que le contrôle trouve : un mode d'authentification ou une profession absents de la déclaration
de conformité.
Pourquoi c'est important : un certificat couvre ce qui a été déclaré et montré ; un autre mode ou
une autre profession lui échapperait.
Comment corriger : compléter la déclaration de conformité dans sut.toml, ou corriger le mode ou la
profession envoyés.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import DIRECT, INDIRECT, REINFORCED, Vihf

PROFESSIONS = "1.2.250.1.71.1.2.7"


def _declared(vihf: Vihf, key: str) -> list[str]:
    stated = vihf.conformance.get(key)
    return [str(one) for one in stated] if isinstance(stated, list | tuple) else []


def _judged(vihf: Vihf) -> bool:
    return bool(_declared(vihf, "auth_modes") or _declared(vihf, "professions"))


@check("DC-VIHF-MODE-DECLARED", "DC-VIHF-PROFESSION-DECLARED", when=_judged)
def not_as_declared(vihf: Vihf) -> Iterator[Fault]:
    modes, mode = _declared(vihf, "auth_modes"), vihf.mode
    if modes and mode and mode.value in (DIRECT, INDIRECT, REINFORCED) and mode.value not in modes:
        yield Fault(mode.place, ", ".join(modes), mode.value, "DC-VIHF-MODE-DECLARED")
    professions = _declared(vihf, "professions")
    role = vihf.roles[0] if vihf.roles else None
    if professions and role and role.code and role.code_system:
        known = role.code_system.value == PROFESSIONS
        if known and role.code.value not in professions:
            expected = ", ".join(professions)
            yield Fault(role.code.place, expected, role.code.value, "DC-VIHF-PROFESSION-DECLARED")
