"""The shapes of PS_IdNat and Struct_IdNat: a prefix digit that names the register, then the
identifier (CI-SIS Volet Structuration minimale V1.16.8, annex on identifiers).

Test identifiers hold letters where real ones hold digits, so both are read.
"""

from __future__ import annotations

import re

# 0 ADELI · 8 RPPS · with an internal identifier of the structure after `/`: 1 ADELI of the
# practice, 3 FINESS, 4 SIREN, 5 SIRET, 6 RPPS of the practice.
_PERSON = re.compile(r"0[0-9A-Z]{9}|8[0-9A-Z]{11}|[13456][0-9A-Z]{9,17}/\S.*")
# 0 ADELI of the practice · 1 FINESS · 2 SIREN · 3 SIRET · 4 RPPS and rank.
_STRUCTURE = re.compile(r"0[0-9A-Z]{9,14}|1[0-9A-Z]{9}|2[0-9A-Z]{9}|3[0-9A-Z]{14}|4[0-9A-Z]{11,17}")
PERSON_FORMS = "8<RPPS> / 0<ADELI> / 3<FINESS>/<id> / 5<SIRET>/<id>"
STRUCTURE_FORMS = "1<FINESS> / 2<SIREN> / 3<SIRET> / 4<RPPS><nn> / 0<ADELI>"


def is_person(text: str) -> bool:
    """Whether the text has the shape of a PS_IdNat."""
    return _PERSON.fullmatch(text) is not None


def is_structure(text: str) -> bool:
    """Whether the text has the shape of a Struct_IdNat."""
    return _STRUCTURE.fullmatch(text) is not None


def is_internal_user(text: str) -> bool:
    """Whether the text is `<Struct_IdNat>/<internal id>`, which indirect authentication allows."""
    structure, slash, internal = text.partition("/")
    return bool(slash) and is_structure(structure) and bool(internal.strip())
