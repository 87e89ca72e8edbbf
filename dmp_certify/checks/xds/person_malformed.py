"""An author or legal authenticator is not a well-formed XCN

What it finds: an authorPerson or legalAuthenticator that does not read
id^family^given^^^^^^&OID&ISO^D^^^type.
Why it matters: the DMP shows this person as the author and grants rights on the document by this
identifier.
How to correct: build the XCN from the national identifier, the names and the OID of the authority.

Un auteur ou un responsable légal n'est pas un XCN bien formé

Ce que le contrôle trouve : un authorPerson ou un legalAuthenticator qui ne se lit pas
id^nom^prénom^^^^^^&OID&ISO^D^^^type.
Pourquoi c'est important : le DMP montre cette personne comme auteur et accorde des droits sur le
document d'après cet identifiant.
Comment corriger : construire le XCN avec l'identifiant national, les noms et l'OID de l'autorité.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_xcn
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission

_FORM = Text(
    "id^nom^prénom^^^^^^&OID&ISO^D^^^type, bien formé",
    "id^family^given^^^^^^&OID&ISO^D^^^type, well-formed",
)


def _people(submission: Submission) -> list[Located[str]]:
    people = [
        person
        for owner in (*submission.sets, *submission.entries)
        for author in owner.authors
        for person in author.values("authorPerson")
    ]
    people += [one for entry in submission.entries for one in entry.values("legalAuthenticator")]
    return people


@check("DC-XDS-XCN", when=lambda submission: bool(_people(submission)))
def person_malformed(submission: Submission) -> Iterator[Fault]:
    for person in _people(submission):
        try:
            parse_xcn(person.value)
        except Malformed as wrong:
            text = person.value[:200]
            yield Fault(
                person.place,
                _FORM,
                Text(f"{text} ({wrong.reason.fr})", f"{text} ({wrong.reason.en})"),
            )
