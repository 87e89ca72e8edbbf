"""An error returned by the DMP is not understood or not shown

What it finds: a step where the DMP refused or answered with a fault, and where the product reports
a success, or shows a text without the random word that the DMP's message held.
Why it matters: a refusal that is swallowed leaves a document outside the record with nobody
knowing.
How to correct: read the registry's errors and SOAP faults, tell the user that nothing was stored,
and show the DMP's own message.

Une erreur rendue par le DMP n'est pas comprise ou pas montrée

Ce que le contrôle trouve : une étape où le DMP a refusé ou répondu par une erreur, et où le produit
annonce un succès, ou montre un texte sans le mot aléatoire que portait le message du DMP.
Pourquoi c'est important : un refus passé sous silence laisse un document hors du dossier sans que
personne le sache.
Comment corriger : lire les erreurs du registre et les erreurs SOAP, dire à l'utilisateur que rien
n'a été enregistré, et montrer le message même du DMP.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.play import StepPlay


def _refused(play: StepPlay) -> bool:
    refused = any(one.wanted.get("answered") in ("refused", "fault") for one in play.exchanges)
    return play.answered and play.arrived and refused


@check("EX_GEN-1140", "EX_GEN-1145", when=_refused)
def error_not_understood(play: StepPlay) -> Iterator[Fault]:
    wanted = play.expect.get("outcome") or ("refused", "failed")
    if play.outcome not in wanted:
        yield Fault(
            play.at("answer/outcome"),
            " | ".join(wanted),
            Text(
                f"{play.outcome}, alors que le DMP a refusé",
                f"{play.outcome}, though the DMP refused",
            ),
            "EX_GEN-1140",
        )
        # A product that believes in its success has no message to show.
        return
    for word in play.expect.get("shown") or ():
        if word.casefold() not in play.shown.casefold():
            yield Fault(
                play.at("answer/shown"),
                Text(
                    f"le message du DMP, qui contient « {word} »",
                    f'the DMP\'s message, which holds "{word}"',
                ),
                play.shown[:200] or Text("rien", "nothing"),
                "EX_GEN-1145",
            )
