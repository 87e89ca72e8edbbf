"""A document is sent again though nothing has changed in it

What it finds: over the run, a document with the same content and the same metadata as one that the
DMP had accepted for the same patient: only its identifiers, version and times of creation differ,
if anything.
Why it matters: each useless version hides the last real change, and fills the record.
How to correct: compare content and metadata with what was last sent, and send nothing when they are
the same.

Un document est renvoyé alors que rien n'y a changé

Ce que le contrôle trouve : au fil du passage, un document de même contenu et de mêmes métadonnées
qu'un document que le DMP avait accepté pour le même patient : seuls ses identifiants, sa version et
ses dates de création diffèrent, ou même rien.
Pourquoi c'est important : chaque version inutile cache le dernier vrai changement, et encombre le
dossier.
Comment corriger : comparer contenu et métadonnées à ce qui a été envoyé en dernier, et ne rien
envoyer s'ils sont les mêmes.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.fed_content import FedContent
from dmp_certify.wire.registry_answer import answer_to
from dmp_certify.wire.run import RunView


def _feeds(run: RunView) -> bool:
    return any(True for _ in run.each(FedContent))


@check("EX_GEN-1060", when=_feeds)
def unchanged_document_sent(run: RunView) -> Iterator[Fault]:
    known: dict[str, tuple[str, str]] = {}
    for message, fed in run.each(FedContent):
        if fed.key in known and known[fed.key][0] != message.artifact:
            where, title = known[fed.key]
            yield Fault(
                fed.place,
                Text(
                    f"un contenu ou des métadonnées autres que ceux de {where}",
                    f"other content or metadata than those of {where}",
                ),
                Text(f"« {title[:120]} », inchangé", f'"{title[:120]}", unchanged'),
            )
        answer = answer_to(message)
        if answer is not None and answer.accepted:
            known.setdefault(fed.key, (message.artifact, fed.title))
