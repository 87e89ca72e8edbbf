"""An attribute of the VIHF appears several times or has several values.

What it finds: two attributes of the same name, or two values in one that takes one; the role
alone takes two.
Why it matters: the DMP may read either value: which structure or patient is meant is left to
chance.
How to correct: write each attribute once, with one AttributeValue; put both roles in the same
attribute.

Un attribut du VIHF figure plusieurs fois ou a plusieurs valeurs.

Ce que le contrôle trouve : deux attributs de même nom, ou deux valeurs dans un attribut qui en
prend une ; le rôle seul en prend deux.
Pourquoi c'est important : le DMP peut lire l'une ou l'autre valeur : la structure ou le patient
visé est laissé au hasard.
Comment corriger : écrire chaque attribut une fois, avec un AttributeValue ; mettre les deux rôles
dans le même attribut.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import (
    MODE_NAMES,
    PURPOSE,
    RESOURCE_ID,
    ROLE,
    SUBJECT_ID,
    Vihf,
)

SINGLE = (
    "VIHF_Version",
    "Identifiant_Structure",
    "Secteur_Activite",
    SUBJECT_ID,
    RESOURCE_ID,
    "Ressource_URN",
    PURPOSE,
    "LPS_ID",
    "LPS_Nom",
    "LPS_Version",
    "LPS_ID_HOMOLOGATION_DMP",
)


@check("DC-VIHF-ONCE")
def attribute_repeated(vihf: Vihf) -> Iterator[Fault]:
    for names, most in ((MODE_NAMES, 1), (((ROLE,), 2)), *(((name,), 1) for name in SINGLE)):
        found = [one for name in names for one in vihf.named(name)]
        count = sum(len(one.values) for one in found)
        if len(found) > 1:
            expected = Text("l'attribut une seule fois", "the attribute once")
            seen = Text(f"{len(found)} attributs {names[0]}", f"{len(found)} attributes {names[0]}")
            yield Fault(found[1].place, expected, seen)
        elif count > most:
            expected = Text(f"{most} valeur(s) au plus", f"at most {most} value(s)")
            seen = Text(f"{count} valeurs de {names[0]}", f"{count} values of {names[0]}")
            yield Fault(found[0].values[most].place, expected, seen)
