"""The product did not send what it was asked for

What it finds: a step of a scenario that was answered by the product, but whose expected transaction
never came, or came otherwise than asked.
Why it matters: what the product says it did is worth nothing if the DMP did not receive it.
How to correct: make the intent of the step reach the transaction: right patient, right number of
documents, right visibility.

Le produit n'a pas envoyé ce qui lui était demandé

Ce que le contrôle trouve : une étape de scénario à laquelle le produit a répondu, mais dont la
transaction attendue n'est jamais arrivée, ou est arrivée autrement que demandé.
Pourquoi c'est important : ce que le produit dit avoir fait ne vaut rien si le DMP ne l'a pas reçu.
Comment corriger : faire aboutir l'intention de l'étape à la transaction : bon patient, bon nombre
de documents, bonne visibilité.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.play import ExpectedExchange, StepPlay, seen
from dmp_certify.wire.xds import RPLC, RPLC_2010, Submission


def _exercised(play: StepPlay) -> bool:
    return play.answered and bool(play.exchanges)


@check("DC-FLOW-ARRIVED", when=_exercised)
def exchange_missing(play: StepPlay) -> Iterator[Fault]:
    for number, exchange in enumerate(play.exchanges, 1):
        if exchange.missing and not _replaces_another(exchange):
            yield Fault(
                play.at(f"expect/exchanges[{number}]"),
                _expected(exchange),
                exchange.why or Text("rien de tel n'est arrivé", "nothing of the kind came"),
            )


def _replaces_another(exchange: ExpectedExchange) -> bool:
    """A replacement that came with a wrong target is for workflow.replacement-of-another."""
    if "replaces" not in exchange.wanted or exchange.nearest is None:
        return False
    submission = seen(exchange.nearest, Submission)
    return submission is not None and bool(submission.typed(RPLC, RPLC_2010))


def _expected(exchange: ExpectedExchange) -> Text:
    patient = exchange.wanted.get("patient")
    name = patient.get("ins", "") if isinstance(patient, Mapping) else str(patient or "")
    return Text(
        f"{exchange.transaction} pour le patient {name} ({exchange.missing} manquant)",
        f"{exchange.transaction} for patient {name} ({exchange.missing} missing)",
    )
