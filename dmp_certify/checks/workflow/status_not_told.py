"""The product does not report the state of the record

What it finds: an existence test whose answer arrived, where the product reports another state of
the record than the DMP returned, or none.
Why it matters: a closed or absent record must not be fed; the user has to know before writing.
How to correct: read the patient's status and the query's response code, and hand them on.

Le produit ne restitue pas l'état du dossier

Ce que le contrôle trouve : un test d'existence dont la réponse est arrivée, où le produit annonce
un autre état du dossier que celui rendu par le DMP, ou n'en annonce aucun.
Pourquoi c'est important : un dossier fermé ou absent ne doit pas être alimenté ; l'utilisateur doit
le savoir avant d'écrire.
Comment corriger : lire l'état du patient et le code de réponse de la recherche, et les restituer.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.play import StepPlay


@check(
    "DC-FLOW-STATUS",
    when=lambda play: bool(play.expect.get("told")) and play.answered and play.arrived,
)
def status_not_told(play: StepPlay) -> Iterator[Fault]:
    for name, wanted in play.expect["told"].items():
        told = play.detail.get(name)
        if told != wanted:
            yield Fault(
                play.at(f"answer/detail/{name}"),
                str(wanted),
                Text("rien", "nothing") if told is None else str(told)[:200],
            )
