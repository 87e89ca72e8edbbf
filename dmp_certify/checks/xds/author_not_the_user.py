"""In direct mode, no author or legal authenticator of a document is the user of the VIHF

What it finds: a document sent in direct mode (the user's own card) none of whose authorPerson and
legalAuthenticator identifiers is the NameID of the VIHF.
Why it matters: the DMP refuses the lot: with a card, one feeds only what one wrote or answers for.
How to correct: put the user's national identifier both in the VIHF and in one author or the legal
authenticator.

En mode direct, aucun auteur ni responsable d'un document n'est l'utilisateur du VIHF

Ce que le contrôle trouve : un document envoyé en mode direct (la carte de l'utilisateur) dont aucun
authorPerson ni legalAuthenticator n'a pour identifiant le NameID du VIHF.
Pourquoi c'est important : le DMP refuse le lot : avec une carte, on n'alimente que ce qu'on a écrit
ou dont on répond.
Comment corriger : mettre l'identifiant national de l'utilisateur dans le VIHF et dans un auteur ou
le responsable légal.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_xcn
from dmp_certify.wire.call import Call
from dmp_certify.wire.vihf import DIRECT
from dmp_certify.wire.xds import DocumentEntry


def _applies(call: Call) -> bool:
    mode = call.vihf.mode
    return (
        call.submission is not None
        and bool(call.submission.clinical)
        and mode is not None
        and mode.value == DIRECT
        and call.vihf.name_id is not None
    )


@check("EX_2.1-1140", when=_applies)
def author_not_the_user(call: Call) -> Iterator[Fault]:
    wanted = call.vihf.name_id.value if call.vihf.name_id else ""
    for entry in call.submission.clinical if call.submission else ():
        found = _people(entry)
        # A malformed person is for other checks; without an author there is nothing to compare.
        if found is not None and entry.authors and wanted not in found:
            yield Fault(
                entry.authors[0].at("authorPerson"),
                Text(f"{wanted}, l'utilisateur du VIHF", f"{wanted}, the user of the VIHF"),
                ", ".join(found)[:200] or Text("aucune personne", "no person"),
            )


def _people(entry: DocumentEntry) -> list[str] | None:
    """The identifiers of authors and legal authenticator; None when one of them is malformed."""
    stated = [one for author in entry.authors for one in author.values("authorPerson")]
    try:
        return [parse_xcn(one.value).id for one in (*stated, *entry.values("legalAuthenticator"))]
    except Malformed:
        return None
