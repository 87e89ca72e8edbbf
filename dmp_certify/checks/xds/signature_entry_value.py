"""The signature entry does not bear its fixed values

What it finds: a technical entry whose MIME type, class, type, format, language, title, event or
confidentiality is not the one of a lot signature.
Why it matters: these values tell consulting software that the entry is no document to display, and
let the DMP find the signature.
How to correct: send the fixed values of the signature entry, whatever the documents of the lot.

L'entrée de signature ne porte pas ses valeurs fixes

Ce que le contrôle trouve : une entrée technique dont le type MIME, la classe, le type, le format,
la langue, le titre, l'événement ou la confidentialité n'est pas celui d'une signature de lot.
Pourquoi c'est important : ces valeurs disent au logiciel consultant que l'entrée n'est pas un
document à afficher, et font retrouver la signature au DMP.
Comment corriger : envoyer les valeurs fixes de l'entrée de signature, quels que soient les
documents du lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import (
    SIGNATURE_CLASS,
    SIGNATURE_FORMATS,
    SIGNATURE_TYPE,
    DocumentEntry,
)

# attribute: (requirement row, values one of which is expected)
_FIXED: dict[str, tuple[str, tuple[str, ...]]] = {
    "mimeType": ("DC-XDS-SIG-MIME", ("text/xml",)),
    "classCode": ("DC-XDS-SIG-CLASS", (SIGNATURE_CLASS,)),
    "typeCode": ("DC-XDS-SIG-TYPE", (SIGNATURE_TYPE,)),
    "formatCode": ("DC-XDS-SIG-FORMAT", SIGNATURE_FORMATS),
    "languageCode": ("DC-XDS-SIG-LANGUAGE", ("art",)),
    "title": ("DC-XDS-SIG-TITLE", ("Source",)),
    "eventCodeList": ("DC-XDS-SIG-EVENT", ("1.2.840.10065.1.12.1.14",)),
}
_CONFIDENTIALITY = {"N", "MASQUE_PS", "INVISIBLE_PATIENT"}
_ROWS = (*(row for row, _ in _FIXED.values()), "DC-XDS-SIG-CONFIDENTIALITY")


@check(*_ROWS, when=lambda entry: entry.signature)
def signature_entry_value(entry: DocumentEntry) -> Iterator[Fault]:
    for attribute, (row, wanted) in _FIXED.items():
        stated = entry.value(attribute)
        if stated is None and attribute not in ("title", "eventCodeList"):
            continue
        if stated is None or stated.value not in wanted:
            yield Fault(
                stated.place if stated else entry.missing(attribute),
                " | ".join(wanted),
                stated.value[:200]
                if stated
                else Text(f"{attribute} absent", f"{attribute} missing"),
                row,
            )
    held = entry.values("confidentialityCode")
    if held and {one.value for one in held} != _CONFIDENTIALITY:
        yield Fault(
            held[0].place,
            ", ".join(sorted(_CONFIDENTIALITY)),
            ", ".join(one.value[:60] for one in held),
            "DC-XDS-SIG-CONFIDENTIALITY",
        )
