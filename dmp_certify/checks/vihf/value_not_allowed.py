"""An attribute of the VIHF has a value that is not allowed.

What it finds: an unknown VIHF version or authentication mode, a Ressource_URN other than urn:dmp,
a structure identifier that is no Struct_IdNat, an activity sector outside its value set.
Why it matters: the DMP compares these values with its own tables and refuses the others.
How to correct: take the values from the tables of the VIHF; the sector is written
code^1.2.250.1.71.4.2.4.

Un attribut du VIHF a une valeur qui n'est pas admise.

Ce que le contrôle trouve : une version de VIHF ou un mode d'authentification inconnu, un
Ressource_URN autre que urn:dmp, un identifiant de structure qui n'est pas un Struct_IdNat, un
secteur d'activité hors de son jeu de valeurs.
Pourquoi c'est important : le DMP compare ces valeurs à ses propres tables et refuse les autres.
Comment corriger : reprendre les valeurs des tableaux du VIHF ; le secteur s'écrit
code^1.2.250.1.71.4.2.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.national_ids import STRUCTURE_FORMS, is_structure
from dmp_certify.wire.vihf import DIRECT, INDIRECT, REINFORCED, Vihf

VERSIONS = ("3.0", "4.0")  # the samples write 3.0, the table 4.0
MODES = (INDIRECT, DIRECT, REINFORCED)


def _is_sector(text: str) -> bool:
    code, caret, system = text.partition("^")
    return bool(caret) and (code, system) in value_set("J02")


RULES: dict[str, tuple[str, Callable[[str], bool], str]] = {
    "DC-VIHF-VERSION": ("VIHF_Version", VERSIONS.__contains__, " / ".join(VERSIONS)),
    "DC-VIHF-STRUCTURE-FORM": ("Identifiant_Structure", is_structure, STRUCTURE_FORMS),
    "DC-VIHF-SECTOR": ("Secteur_Activite", _is_sector, "JDV_J02: <code>^1.2.250.1.71.4.2.4"),
    "DC-VIHF-URN": ("Ressource_URN", "urn:dmp".__eq__, "urn:dmp"),
}


@check("DC-VIHF-MODE", *RULES)
def value_not_allowed(vihf: Vihf) -> Iterator[Fault]:
    mode = vihf.mode
    if mode is not None and mode.value not in MODES:
        yield Fault(mode.place, " / ".join(MODES), mode.value[:200], "DC-VIHF-MODE")
    for row, (name, allowed, expected) in RULES.items():
        found = vihf.value(name)
        if found is not None and not allowed(found.value):
            yield Fault(found.place, expected, found.value[:200], row)
