"""The mode attribute is spelt Authentification_mode.

What it finds: the authentication mode under the name Authentification_mode, with a lower-case m.
Why it matters: the official examples and the official table differ in this letter, and the
reading of the DMP is not public: this is reported and not failed.
How to correct: write Authentification_Mode, as the table does.

L'attribut du mode est écrit Authentification_mode.

Ce que le contrôle trouve : le mode d'authentification sous le nom Authentification_mode, avec un
m minuscule.
Pourquoi c'est important : les exemples officiels et le tableau officiel diffèrent sur cette
lettre, et la lecture du DMP n'est pas publique : le fait est signalé sans être une
non-conformité.
Comment corriger : écrire Authentification_Mode, comme dans le tableau.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import MODE_NAMES, Vihf


def _judged(vihf: Vihf) -> bool:
    return any(vihf.named(name) for name in MODE_NAMES)


@check("DC-VIHF-MODE-CASE", when=_judged)
def mode_spelt_otherwise(vihf: Vihf) -> Iterator[Fault]:
    for attribute in vihf.named("Authentification_mode"):
        yield Fault(attribute.place, "Authentification_Mode", attribute.name)
