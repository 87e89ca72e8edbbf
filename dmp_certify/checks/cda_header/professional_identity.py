"""A professional of the header is not identified as one.

What it finds: an author, legal authenticator or other assigned role whose code is a health
profession (G15_…) and that has no identifier under 1.2.250.1.71.4.2.1; such a role, or an author or
legal authenticator with an RPPS or ADELI number, that has no assignedPerson.
Why it matters: the register of professionals is the key by which the DMP knows who wrote and who
answers; without a name the reader sees nobody.
How to correct: write id root="1.2.250.1.71.4.2.1" with the PS_IdNat, and assignedPerson with the
name. A device or a structure bears no profession code.

Un professionnel de l'en-tête n'est pas identifié comme tel.

Ce que le contrôle trouve : un auteur, un responsable ou un autre rôle dont le code est une
profession de santé (G15_…) et qui n'a pas d'identifiant sous 1.2.250.1.71.4.2.1 ; un tel rôle, ou
un auteur ou responsable qui a un numéro RPPS ou ADELI, sans assignedPerson.
Pourquoi c'est important : le répertoire des professionnels est la clé par laquelle le DMP sait qui
a écrit et qui répond ; sans nom, le lecteur ne voit personne.
Comment corriger : écrire id root="1.2.250.1.71.4.2.1" avec le PS_IdNat, et assignedPerson avec le
nom. Un dispositif ou une structure ne porte pas de code de profession.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT, shown
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_ROOT = "DC-CDA-PROFESSIONAL-ROOT"
_PERSON = "DC-CDA-PROFESSIONAL-PERSON"
_PROFESSION = "G15_"
# The registers of natural persons: 8 and an RPPS number, 0 and an ADELI number.
_NATURAL = re.compile(r"8[0-9A-Z]{11}|0[0-9A-Z]{9}")
_ANSWERABLE = ("author", "legalAuthenticator")


@check(_ROOT, _PERSON, when=lambda cda: any(_professionals(cda)))
def professional_identity(cda: Cda) -> Iterator[Fault]:
    for role in _professionals(cda):
        ids = [one for one in role.all("id") if one.root]
        if ids and _profession(role) and all(one.root != oids.PS_IDNAT for one in ids):
            expected = Text(f"{oids.PS_IDNAT} et un PS_IdNat", f"{oids.PS_IDNAT} and a PS_IdNat")
            yield Fault(ids[0].at("root"), expected, shown(ids[0].root), _ROOT)
        if role.first("assignedPerson") is None and role.first("assignedAuthoringDevice") is None:
            expected = Text("la personne et son nom", "the person and the name")
            yield Fault(role.missing("assignedPerson"), expected, ABSENT, _PERSON)


def _professionals(cda: Cda) -> Iterator[Node]:
    return (one for one in cda.answerable if _profession(one) or _registered(one))


def _profession(role: Node) -> bool:
    code = role.first("code")
    return code is not None and code.code.startswith(_PROFESSION)


def _registered(role: Node) -> bool:
    holder = role.parent
    if holder is None or holder.name not in _ANSWERABLE:
        return False
    found = (one for one in role.all("id") if one.root == oids.PS_IDNAT)
    return any(_NATURAL.fullmatch(one.extension) for one in found)
