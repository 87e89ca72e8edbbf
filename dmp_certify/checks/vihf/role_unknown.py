"""The roles of the VIHF are not the profession and, for doctors and pharmacists, the know-how.

What it finds: a know-how in place of the profession, an unknown profession code, or a doctor (10)
or pharmacist (21) without second role.
Why it matters: the DMP applies the rights of the profession and the know-how; it refuses a doctor
without speciality.
How to correct: write the profession first (TRE_G15), then the know-how (TRE_R01 for doctors) for
doctors and pharmacists.

Les rôles du VIHF ne sont pas la profession puis, pour médecins et pharmaciens, le savoir-faire.

Ce que le contrôle trouve : un savoir-faire à la place de la profession, un code de profession
inconnu, ou un médecin (10) ou un pharmacien (21) sans second rôle.
Pourquoi c'est important : le DMP applique les droits de la profession et du savoir-faire ; il
refuse un médecin sans spécialité.
Comment corriger : écrire d'abord la profession (TRE_G15), puis le savoir-faire (TRE_R01 pour les
médecins) des médecins et pharmaciens.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.vihf import CodedValue, Vihf

PROFESSIONS, KNOW_HOW = "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5"
WITH_SECOND = {"10": Text("médecin", "doctor"), "21": Text("pharmacien", "pharmacist")}


@cache
def _known() -> frozenset[str]:
    """The professions of TRE_G15, from the author specialties `G15_10/SM26` of JDV_J01."""
    codes = (code for code, _ in value_set("J01") if code.startswith("G15_"))
    return frozenset(code[4:].partition("/")[0] for code in codes)


def _complete(roles: tuple[CodedValue, ...]) -> bool:
    return bool(roles) and all(role.code and role.code_system for role in roles)


def _judged(vihf: Vihf) -> bool:
    return _complete(vihf.roles)


@check("VIHF-ROLE", "DC-VIHF-PROFESSION", "DC-VIHF-ROLE-SECOND", when=_judged)
def role_unknown(vihf: Vihf) -> Iterator[Fault]:
    first, *others = vihf.roles
    code, system = first.code, first.code_system
    if code is None or system is None:
        return
    if system.value == KNOW_HOW:
        expected = Text("la profession en premier", "the profession first")
        yield Fault(first.place, expected, f"{code.value} ({system.value})", "VIHF-ROLE")
    elif system.value == PROFESSIONS and code.value not in _known():
        yield Fault(code.place, "TRE_G15", code.value[:200], "DC-VIHF-PROFESSION")
    elif system.value == PROFESSIONS and code.value in WITH_SECOND and not others:
        name = WITH_SECOND[code.value]
        yield Fault(
            first.place,
            Text("un second rôle : le savoir-faire", "a second role: the know-how"),
            Text(f"un seul rôle, {name.fr} ({code.value})", f"one role, {name.en} ({code.value})"),
            "VIHF-ROLE",
        )
    elif system.value == PROFESSIONS and others:
        yield from _judge_second(code.value, others[0])


def _judge_second(profession: str, second: CodedValue) -> Iterator[Fault]:
    if second.code is None or second.code_system is None:
        return
    seen = f"{second.code.value} ({second.code_system.value})"[:200]
    if profession == "10" and second.code_system.value != KNOW_HOW:
        yield Fault(second.code_system.place, KNOW_HOW, seen, "VIHF-ROLE")
    elif profession not in WITH_SECOND and second.code_system.value == KNOW_HOW:
        expected = Text(f"aucun savoir-faire avec {profession}", f"no know-how with {profession}")
        yield Fault(second.place, expected, seen, "DC-VIHF-ROLE-SECOND")
