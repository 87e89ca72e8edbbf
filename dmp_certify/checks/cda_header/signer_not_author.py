"""The legal authenticator is none of the authors.

What it finds: a legal authenticator none of whose identifiers is that of an author.
Why it matters: the header tells author and legal authenticator apart on purpose, so this may be
meant; it may also be a document filed under the account of somebody else. It is reported only.
How to correct: when the author answers for the document, write the same identifier in author and
legalAuthenticator; leave it when somebody else answers for it.

Le responsable du document n'est aucun des auteurs.

Ce que le contrôle trouve : un responsable dont aucun identifiant n'est celui d'un auteur.
Pourquoi c'est important : l'en-tête distingue à dessein l'auteur et le responsable, ce peut donc
être voulu ; ce peut être aussi un document classé sous le compte d'un autre. C'est seulement
signalé.
Comment corriger : quand l'auteur répond du document, écrire le même identifiant dans author et
legalAuthenticator ; ne rien changer quand un autre en répond.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Actor


def _keys(actor: Actor) -> set[tuple[str, str]]:
    return {(one.root, one.extension) for one in actor.ids if one.root}


def _signer_keys(cda: Cda) -> set[tuple[str, str]]:
    return _keys(cda.legal_authenticator) if cda.legal_authenticator else set()


@check(
    "DC-CDA-SIGNER-AUTHOR",
    when=lambda cda: bool(_signer_keys(cda)) and any(map(_keys, cda.authors)),
)
def signer_not_author(cda: Cda) -> Iterator[Fault]:
    signer = cda.legal_authenticator
    authors = [key for one in cda.authors for key in sorted(_keys(one))]
    if signer is None or signer.id is None or _keys(signer) & set(authors):
        return
    listed = ", ".join(f"{extension} ({root})" for root, extension in authors[:3])
    expected = Text(f"un des auteurs : {listed}", f"one of the authors: {listed}")
    observed = f"{shown(signer.id.extension)} ({shown(signer.id.root)})"
    yield Fault(signer.id.place, expected, observed)
