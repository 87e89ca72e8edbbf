"""A replacement does not target the document that is to be replaced

What it finds: a step where a given document is to be replaced, and where the RPLC association
targets another entry.
Why it matters: the old version stays visible beside the new one, and another document disappears.
How to correct: find the entryUUID of the document by its uniqueId (TD3.1 GetDocuments), and target
it.

Un remplacement ne vise pas le document qui est à remplacer

Ce que le contrôle trouve : une étape où un document donné est à remplacer, et où l'association RPLC
vise une autre entrée.
Pourquoi c'est important : l'ancienne version reste visible à côté de la nouvelle, et un autre
document disparaît.
Comment corriger : trouver l'entryUUID du document par son uniqueId (TD3.1 GetDocuments), et le
viser.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.play import ExpectedExchange, StepPlay, seen
from dmp_certify.wire.rim import Association
from dmp_certify.wire.xds import RPLC, RPLC_2010, Submission


def _links(exchange: ExpectedExchange) -> tuple[Association, ...]:
    """The replacements of the requests that were credited or came closest."""
    nearest = (exchange.nearest,) if exchange.nearest is not None else ()
    found = (seen(one, Submission) for one in exchange.messages or nearest)
    return tuple(link for one in found if one for link in one.typed(RPLC, RPLC_2010))


def _exercised(play: StepPlay) -> bool:
    return play.answered and any(
        "replaces" in one.wanted and bool(_links(one)) for one in play.exchanges
    )


@check("DC-FLOW-RPLC", when=_exercised)
def replacement_of_another(play: StepPlay) -> Iterator[Fault]:
    for exchange in play.exchanges:
        wanted = exchange.wanted.get("replaces")
        if wanted is None:
            continue
        links = _links(exchange)
        if links and all(link.target.value != wanted for link in links):
            first = links[0]
            yield Fault(first.target.place, str(wanted), first.target.value[:200])
