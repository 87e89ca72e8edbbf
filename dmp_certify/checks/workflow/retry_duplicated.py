"""What was already sent is sent again

What it finds: a feeding that comes beyond the count that the step asks for, or after a retry that
had succeeded.
Why it matters: each duplicate is one more document that the reader must compare with the others.
How to correct: mark a document as sent when the DMP accepts it, and take it out of the queue of
retries.

Ce qui était déjà envoyé est envoyé de nouveau

Ce que le contrôle trouve : une alimentation qui arrive au-delà du nombre que demande l'étape, ou
après une reprise déjà réussie.
Pourquoi c'est important : chaque doublon est un document de plus que le lecteur doit comparer aux
autres.
Comment corriger : marquer un document comme envoyé quand le DMP l'accepte, et le retirer de la file
de reprise.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.message import Message
from dmp_certify.wire.play import StepPlay, seen
from dmp_certify.wire.xds import Submission


def _bounded(play: StepPlay) -> bool:
    """Whether the step shows that nothing came, or what came too much. After a retry that the
    DMP refused there is still something to send."""
    ruled_out = play.led and "TD2.1" in (play.expect.get("none") or ())
    counted = any(one.transaction == "TD2.1" and "count" in one.wanted for one in play.exchanges)
    shown = play.bounded or bool(_extra(play))
    return play.answered and shown and (ruled_out or (counted and play.arrived))


def _extra(play: StepPlay) -> list[Message]:
    """The feedings that should not have come, in the order they came."""
    beyond = [
        message for one in play.exchanges if one.transaction == "TD2.1" for message in one.surplus
    ]
    return [*beyond, *(one for one in play.forbidden if seen(one, Submission) is not None)]


@check("DC-FLOW-RETRY", when=_bounded)
def retry_duplicated(play: StepPlay) -> Iterator[Fault]:
    for message in _extra(play):
        yield Fault(
            message.place(),
            Text("aucune alimentation de plus", "no further feeding"),
            Text(f"un TD2.1 : {_titles(message)}", f"a TD2.1: {_titles(message)}"),
        )


def _titles(message: Message) -> str:
    submission = seen(message, Submission)
    entries = submission.clinical if submission else ()
    return ", ".join(entry.text("title")[:80] for entry in entries)
