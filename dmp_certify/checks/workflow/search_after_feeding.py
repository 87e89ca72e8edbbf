"""The product searches the record on its own after feeding it

What it finds: a document search (TD3.1) that nobody asked for, right after a feeding.
Why it matters: searches without a user's demand load the DMP and read a record without need.
How to correct: search only when the user asks for it.

Le produit cherche de lui-même dans le dossier après l'avoir alimenté

Ce que le contrôle trouve : une recherche de documents (TD3.1) que personne n'a demandée, juste
après une alimentation.
Pourquoi c'est important : des recherches sans demande de l'utilisateur chargent le DMP et lisent un
dossier sans nécessité.
Comment corriger : ne chercher que lorsque l'utilisateur le demande.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.message import Message
from dmp_certify.wire.play import StepPlay, seen
from dmp_certify.wire.soap import Soap


def _searches(play: StepPlay) -> list[Message]:
    return [one for one in play.forbidden if _body(one) == "AdhocQueryRequest"]


def _body(message: Message) -> str:
    soap = seen(message, Soap)
    return soap.body_name[1] if soap else ""


@check(
    "EX_3.1-2030",
    when=lambda play: (
        play.intent == "feed"
        and "TD3.1" in (play.expect.get("none") or ())
        and play.answered
        and (play.bounded or bool(_searches(play)))
    ),
)
def search_after_feeding(play: StepPlay) -> Iterator[Fault]:
    for message in _searches(play):
        yield Fault(
            message.place(),
            Text("aucune recherche sans demande", "no search without a demand"),
            Text("une recherche TD3.1", "a TD3.1 search"),
        )
