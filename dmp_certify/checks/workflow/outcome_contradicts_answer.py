"""The product reports something else than what the DMP answered

What it finds: a step whose exchanges all came and were answered, where the product reports an
outcome that the answer does not allow: a success called a failure.
Why it matters: the user acts on what the product says: a document believed lost is sent twice or
faxed.
How to correct: derive the outcome from the DMP's answer, not from the progress of the call.

Le produit annonce autre chose que ce que le DMP a répondu

Ce que le contrôle trouve : une étape dont tous les échanges sont arrivés et ont reçu leur réponse,
où le produit annonce une issue que cette réponse ne permet pas : un succès donné pour un échec.
Pourquoi c'est important : l'utilisateur agit d'après ce que dit le produit : un document cru perdu
est envoyé deux fois ou faxé.
Comment corriger : déduire l'issue de la réponse du DMP, et non du déroulement de l'appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.play import StepPlay


def _succeeded(play: StepPlay) -> bool:
    """Whether every exchange came and none was refused: a refusal is for error-not-understood."""
    refused = any(one.wanted.get("answered") in ("refused", "fault") for one in play.exchanges)
    return play.answered and bool(play.exchanges) and play.arrived and not refused


@check("DC-FLOW-OUTCOME", when=lambda play: _succeeded(play) and bool(play.expect.get("outcome")))
def outcome_contradicts_answer(play: StepPlay) -> Iterator[Fault]:
    wanted = play.expect["outcome"]
    if play.outcome not in wanted:
        yield Fault(
            play.at("answer/outcome"),
            " | ".join(wanted),
            Text(
                f"{play.outcome} (affiché : {play.shown[:150]})",
                f"{play.outcome} (shown: {play.shown[:150]})",
            ),
        )
