"""A uniqueId comes again for another document

What it finds: over the run, the uniqueId of a document or lot that the DMP had accepted, sent again
with other bytes or for another object.
Why it matters: an identifier names one document for ever; reused, it makes the DMP refuse the
document or confuse two of them.
How to correct: generate a new uniqueId for each document, each version and each lot.

Un uniqueId revient pour un autre document

Ce que le contrôle trouve : au fil du passage, l'uniqueId d'un document ou d'un lot que le DMP avait
accepté, renvoyé avec d'autres octets ou pour un autre objet.
Pourquoi c'est important : un identifiant nomme un document pour toujours ; réemployé, il fait
refuser le document ou en confondre deux.
Comment corriger : produire un nouvel uniqueId pour chaque document, chaque version et chaque lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.message import Message
from dmp_certify.wire.registry_answer import answer_to
from dmp_certify.wire.run import RunView
from dmp_certify.wire.xds import Described, DocumentEntry, Submission

_Held = tuple[str, bytes]


def _feeds(run: RunView) -> bool:
    return any(True for _ in run.each(Submission))


@check("EX_GEN-1350", when=_feeds)
def unique_id_reused(run: RunView) -> Iterator[Fault]:
    accepted: dict[str, _Held] = {}
    for message, submission in run.each(Submission):
        objects: list[Described] = [*submission.sets, *submission.entries]
        for owner in objects:
            stated = owner.value("uniqueId")
            held = _bytes(submission, owner)
            if stated is None or stated.value not in accepted:
                continue
            where, before = accepted[stated.value]
            if held != before:
                yield Fault(
                    stated.place,
                    Text(
                        f"un uniqueId nouveau, déjà pris par {where}", f"new; {where} has this one"
                    ),
                    stated.value[:200],
                )
        if _taken(message):
            for owner in objects:
                known = (message.artifact, _bytes(submission, owner))
                accepted.setdefault(owner.text("uniqueId"), known)
        accepted.pop("", None)


def _bytes(submission: Submission, owner: Described) -> bytes:
    """The document of an entry. The lot and its signature stand for all its documents, so that a
    lot sent again as it was is left to workflow.unchanged-document-sent."""
    clinical = isinstance(owner, DocumentEntry) and not owner.signature
    entries = [owner] if clinical else submission.clinical
    documents = [submission.document_of(entry) for entry in entries]  # type: ignore[arg-type]
    return b"".join(one.data for one in documents if one and one.data)


def _taken(message: Message) -> bool:
    answer = answer_to(message)
    return answer is not None and answer.accepted
