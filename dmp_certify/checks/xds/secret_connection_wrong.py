"""A document fed in a secret connection is visible to the legal representatives

What it finds: a submission whose VIHF asks for a secret connection, and a document of which lacks
INVISIBLE_REPRESENTANTS_LEGAUX or is a vaccination note.
Why it matters: the minor asked that the parents should not see it: they would read it in the DMP.
How to correct: during a secret connection, add INVISIBLE_REPRESENTANTS_LEGAUX to each document, and
send no vaccination note.

Un document envoyé en connexion secrète est visible des représentants légaux

Ce que le contrôle trouve : une soumission dont le VIHF demande une connexion secrète, et dont un
document n'a pas INVISIBLE_REPRESENTANTS_LEGAUX ou est une note de vaccination.
Pourquoi c'est important : le mineur a demandé que ses parents ne le voient pas : ils le liraient
dans le DMP.
Comment corriger : pendant une connexion secrète, ajouter INVISIBLE_REPRESENTANTS_LEGAUX à chaque
document, et n'envoyer aucune note de vaccination.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.call import Call
from dmp_certify.wire.vihf import CONFIDENTIALITY

_HIDDEN = "INVISIBLE_REPRESENTANTS_LEGAUX"
_VACCINATION_NOTE = "87273-9"


def _secret(call: Call) -> bool:
    """Whether the VIHF asks for a secret connection, as a text or as a coded value."""
    asked = [
        text
        for one in call.vihf.named(CONFIDENTIALITY)
        for text in (
            *(value.value for value in one.values),
            *(coded.code.value for coded in one.coded if coded.code),
        )
    ]
    return any(_HIDDEN in text for text in asked)


@check(
    "EX_2.1-1050",
    "EX_2.1-2005",
    when=lambda call: (
        call.submission is not None and bool(call.submission.clinical) and _secret(call)
    ),
)
def secret_connection_wrong(call: Call) -> Iterator[Fault]:
    for entry in call.submission.clinical if call.submission else ():
        stated = entry.values("confidentialityCode")
        codes = [one.value for one in stated]
        if stated and _HIDDEN not in codes:
            yield Fault(
                stated[0].place,
                Text(f"{_HIDDEN} en connexion secrète", f"{_HIDDEN} in a secret connection"),
                ", ".join(codes)[:200],
                "EX_2.1-1050",
            )
        kind = entry.value("typeCode")
        if kind is not None and kind.value == _VACCINATION_NOTE:
            yield Fault(
                kind.place,
                Text("aucune note de vaccination en connexion secrète", "no vaccination note"),
                kind.value,
                "EX_2.1-2005",
            )
