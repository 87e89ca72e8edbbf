"""An author's institution is not a well-formed XON

What it finds: an authorInstitution that does not read name^^^^^&OID&ISO^type^^^id.
Why it matters: the DMP compares the institution of the author with the structure of the VIHF.
How to correct: build the XON from the structure's name, its national identifier and the OID of the
authority.

La structure d'un auteur n'est pas un XON bien formé

Ce que le contrôle trouve : un authorInstitution qui ne se lit pas nom^^^^^&OID&ISO^type^^^id.
Pourquoi c'est important : le DMP compare la structure de l'auteur à celle du VIHF.
Comment corriger : construire le XON avec le nom de la structure, son identifiant national et l'OID
de l'autorité.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_xon
from dmp_certify.wire.xds import Submission

_FORM = Text("nom^^^^^&OID&ISO^type^^^id, bien formé", "name^^^^^&OID&ISO^type^^^id, well-formed")


def _exercised(submission: Submission) -> bool:
    owners = (*submission.sets, *submission.entries)
    return any(author.values("authorInstitution") for owner in owners for author in owner.authors)


@check("DC-XDS-XON", when=_exercised)
def organisation_malformed(submission: Submission) -> Iterator[Fault]:
    for owner in (*submission.sets, *submission.entries):
        for author in owner.authors:
            for stated in author.values("authorInstitution"):
                try:
                    parse_xon(stated.value)
                except Malformed as wrong:
                    text = stated.value[:200]
                    yield Fault(
                        stated.place,
                        _FORM,
                        Text(f"{text} ({wrong.reason.fr})", f"{text} ({wrong.reason.en})"),
                    )
