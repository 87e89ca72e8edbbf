"""The VIHF lacks an attribute.

What it finds: an attribute of the VIHF that is absent or without a value.
Why it matters: the DMP decides on access from these attributes, and refuses a call that lacks
one.
How to correct: write each attribute of the table; an attribute without value counts as absent.

Il manque un attribut au VIHF.

Ce que le contrôle trouve : un attribut du VIHF absent ou sans valeur.
Pourquoi c'est important : le DMP décide de l'accès d'après ces attributs, et refuse un appel où
il en manque un.
Comment corriger : écrire chaque attribut du tableau ; un attribut sans valeur compte comme
absent.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import (
    DIRECT,
    MODE_NAMES,
    PURPOSE,
    ROLE,
    SUBJECT_ID,
    Vihf,
)

# Row by attribute; the first name is the one to write.
ROWS: dict[str, tuple[str, ...]] = {
    "DC-VIHF-A-VERSION": ("VIHF_Version",),
    "DC-VIHF-A-MODE": MODE_NAMES,
    "DC-VIHF-A-STRUCTURE": ("Identifiant_Structure",),
    "DC-VIHF-A-SECTOR": ("Secteur_Activite",),
    "DC-VIHF-A-SUBJECT": (SUBJECT_ID,),
    "DC-VIHF-A-ROLE": (ROLE,),
    "DC-VIHF-A-URN": ("Ressource_URN",),
    "DC-VIHF-A-PURPOSE": (PURPOSE,),
    "DC-VIHF-A-NAME": ("LPS_Nom",),
    "DC-VIHF-A-LPS-VERSION": ("LPS_Version",),
    "DC-VIHF-A-APPROVAL": ("LPS_ID_HOMOLOGATION_DMP",),
}


@check(*ROWS)
def attribute_missing(vihf: Vihf) -> Iterator[Fault]:
    for row, names in ROWS.items():
        if row == "DC-VIHF-A-SUBJECT" and vihf.mode is not None and vihf.mode.value == DIRECT:
            continue
        found = [one for name in names for one in vihf.named(name)]
        if any(one.coded or any(value.value for value in one.values) for one in found):
            continue
        yield Fault(
            found[0].place if found else vihf.place,
            Text(f"l'attribut {names[0]}", f"the attribute {names[0]}"),
            Text("sans valeur", "without value") if found else Text("absent", "missing"),
            row,
        )
