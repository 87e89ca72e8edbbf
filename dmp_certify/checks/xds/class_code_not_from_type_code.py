"""The classCode is not the one that the typeCode calls for

What it finds: a classCode other than the one that the association ASS_X16 gives to the typeCode; a
type without a class in it is left alone.
Why it matters: the class drives the DMP's filing plan and the rights; a wrong class hides the
document from those who look for it.
How to correct: deduce the classCode from the typeCode with the published association.

Le classCode n'est pas celui qu'appelle le typeCode

Ce que le contrôle trouve : un classCode autre que celui que l'association ASS_X16 donne au typeCode
; un type qui n'y a pas de classe est laissé de côté.
Pourquoi c'est important : la classe commande le classement et les droits dans le DMP ; une classe
fausse cache le document à qui le cherche.
Comment corriger : déduire le classCode du typeCode par l'association publiée.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.valuesets import association, value_set
from dmp_certify.wire.xds import DocumentEntry


def _expected(entry: DocumentEntry) -> str:
    """The class of the type, empty when either side is out of its value set."""
    if not value_set("J57").has_code(entry.text("classCode")):
        return ""
    stated = entry.text("typeCode")
    return next((to for (code, _), to in association("ASS_X16").items() if code == stated), "")


@check("DC-XDS-ASS-X16", when=lambda entry: not entry.signature and bool(_expected(entry)))
def class_code_not_from_type_code(entry: DocumentEntry) -> Iterator[Fault]:
    stated, wanted = entry.value("classCode"), _expected(entry)
    if stated is not None and stated.value != wanted:
        kind = entry.text("typeCode")
        yield Fault(
            stated.place,
            Text(f"{wanted}, classe du type {kind}", f"{wanted}, the class of type {kind}"),
            stated.value[:200],
        )
