"""The OIDs that the DMP's texts name, and the syntax of an OID.

Sources: CI-SIS Volet Structuration minimale V1.16.8 (annex on identifiers), ANS referential of the
INS OIDs, ITU-T X.660 for the syntax, HL7 and IHE ITI TF-3 table 4.2.3.1.7-2 for the length of 64.
"""

from __future__ import annotations

import re

from dmp_certify.finding import Text

INS_NIR = "1.2.250.1.213.1.4.8"
INS_NIA = "1.2.250.1.213.1.4.9"
INS_NIR_TEST = "1.2.250.1.213.1.4.10"
INS_NIR_DEMO = "1.2.250.1.213.1.4.11"
INS_C = "1.2.250.1.213.1.4.2"
PS_IDNAT = "1.2.250.1.71.4.2.1"
STRUCT_IDNAT = "1.2.250.1.71.4.2.2"
ACTIVITY_SECTOR = "1.2.250.1.71.4.2.4"
DMP = "1.2.250.1.213.4.1"
DMP_RECEIVER = "1.2.250.1.213.4.1.1.1"
DMP_REPOSITORY = "1.2.250.1.213.4.1.1.1.2"
SIREN = "1.3.2"
HL7_INTERACTION = "2.16.840.1.113883.1.6"
LOINC = "2.16.840.1.113883.6.1"
SNOMED_CT = "2.16.840.1.113883.6.96"
HL7_CONFIDENTIALITY = "2.16.840.1.113883.5.25"
DMP_VISIBILITY = "1.2.250.1.213.1.1.4.13"
REQUEST_TYPE = "1.2.250.1.213.1.1.4.11"
CLASS_CODE = "1.2.250.1.213.1.1.4.1"

MAX_LENGTH = 64
_UUID_ARC = "2.25."
_SHAPE = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")


def fault_of(value: str) -> Text | None:
    """Why `value` is not an OID of at most 64 characters, or None when it is one.

    Sub-arcs below `2.25.<uuid>` are left alone: no text of the norm rules them out.
    """
    if not value:
        return Text("valeur vide", "empty value")
    if not _SHAPE.fullmatch(value):
        return Text(
            "pas un OID (entiers séparés par des points, sans zéro en tête)",
            "not an OID (integers separated by dots, without leading zeros)",
        )
    arcs = value.split(".")
    if arcs[0] in "01" and int(arcs[1]) > 39:
        return Text(
            f"second arc {arcs[1]} impossible sous {arcs[0]} (au plus 39)",
            f"second arc {arcs[1]} impossible under {arcs[0]} (at most 39)",
        )
    if len(value) > MAX_LENGTH:
        return Text(
            f"OID de {len(value)} caractères (au plus {MAX_LENGTH})",
            f"OID of {len(value)} characters (at most {MAX_LENGTH})",
        )
    if value.startswith(_UUID_ARC) and int(arcs[2]) >= 1 << 128:
        return Text(
            "l'arc sous 2.25 dépasse 128 bits : ce n'est pas un UUID",
            "the arc under 2.25 exceeds 128 bits: it is not a UUID",
        )
    return None


def is_oid(value: str) -> bool:
    """Whether `value` is an OID of at most 64 characters."""
    return fault_of(value) is None
