"""An author's specialty is malformed or in no value set

What it finds: an authorSpecialty that does not read code^display name^OID, or whose code is not in
JDV_J01.
Why it matters: the specialty tells the reader, and the DMP's rights, who wrote the document.
How to correct: take code, display name and code system from the value set of author specialties.

La spécialité d'un auteur est mal formée ou hors jeu de valeurs

Ce que le contrôle trouve : un authorSpecialty qui ne se lit pas code^libellé^OID, ou dont le code
n'est pas dans JDV_J01.
Pourquoi c'est important : la spécialité dit au lecteur, et aux droits du DMP, qui a écrit le
document.
Comment corriger : prendre code, libellé et nomenclature dans le jeu de valeurs des spécialités
d'auteur.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_coded
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission


def _exercised(submission: Submission) -> bool:
    owners = (*submission.sets, *submission.entries)
    return any(author.values("authorSpecialty") for owner in owners for author in owner.authors)


@check("DC-XDS-SPECIALTY", "DC-XDS-V-SPECIALTY", when=_exercised)
def specialty_wrong(submission: Submission) -> Iterator[Fault]:
    for owner in (*submission.sets, *submission.entries):
        for author in owner.authors:
            for stated in author.values("authorSpecialty"):
                yield from _judge(stated)


def _judge(stated: Located[str]) -> Iterator[Fault]:
    text, known = stated.value[:200], value_set("J01")
    try:
        coded = parse_coded(stated.value)
    except Malformed as wrong:
        yield Fault(
            stated.place,
            Text("code^libellé^OID", "code^display name^OID"),
            Text(f"{text} ({wrong.reason.fr})", f"{text} ({wrong.reason.en})"),
            "DC-XDS-SPECIALTY",
        )
        return
    if (coded.code, coded.code_system) not in known:
        hint = known.hint(coded.code)
        yield Fault(
            stated.place,
            Text(f"un code de JDV_J01 (proches : {hint})", f"a code of JDV_J01 (near: {hint})"),
            f"{coded.code} ({coded.code_system})",
            "DC-XDS-V-SPECIALTY",
        )
