"""A message or query identifier comes twice

What it finds: over the run, an existence test whose message id or queryId was already that of an
earlier one.
Why it matters: answers are matched with questions, and exchanges traced, by these identifiers.
How to correct: generate a new UUID for each message and each query.

Un identifiant de message ou de recherche revient

Ce que le contrôle trouve : au fil du passage, un test d'existence dont l'id de message ou le
queryId était déjà celui d'un précédent.
Pourquoi c'est important : c'est par ces identifiants que les réponses sont rapprochées des
questions et les échanges tracés.
Comment corriger : produire un nouvel UUID pour chaque message et chaque recherche.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.hl7v3 import ExistenceRequest, Identifier
from dmp_certify.wire.run import RunView


def _asks(run: RunView) -> bool:
    return any(True for _ in run.each(ExistenceRequest))


@check("EX_GEN-1350", when=_asks)
def identifier_reused(run: RunView) -> Iterator[Fault]:
    seen: dict[tuple[str, str], str] = {}
    for message, request in run.each(ExistenceRequest):
        for kind, found in (("id", request.id), ("queryId", request.query_id)):
            if found is None or not _whole(found):
                continue
            first = seen.setdefault((kind, found.text), message.artifact)
            if first != message.artifact:
                yield Fault(
                    found.place,
                    Text(f"un {kind} nouveau, déjà employé par {first}", f"new; used by {first}"),
                    found.text[:200],
                )


def _whole(found: Identifier) -> bool:
    return found.root is not None and bool(found.root.value)
