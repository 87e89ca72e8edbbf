"""An event of the body has not happened yet.

What it finds: an observation, a procedure, an act or an encounter that has happened (moodCode EVN)
and begins after the document was received.
Why it matters: what is planned bears another mood; a result dated years ahead is sorted before all
others and is shown as the latest for ever.
How to correct: correct the date, or write the mood of what is planned (INT, RQO, APT…).

Un évènement du corps n'a pas encore eu lieu.

Ce que le contrôle trouve : une observation, un acte, une procédure ou une rencontre qui a eu lieu
(moodCode EVN) et commence après la réception du document.
Pourquoi c'est important : ce qui est prévu porte un autre moodCode ; un résultat daté des années
plus tard passe devant tous les autres et reste le dernier pour toujours.
Comment corriger : corriger la date, ou écrire le moodCode de ce qui est prévu (INT, RQO, APT…).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node
from dmp_certify.wire.cda_time import point_in_time

_EVENTS = ("observation", "procedure", "act", "encounter")
# Clocks differ, and a stay that begins today may be entered the day before.
_CLOCKS = timedelta(days=1)


@check("DC-CDA-EVENT-PAST", when=lambda cda: cda.structured and cda.received_at is not None)
def event_future(cda: Cda) -> Iterator[Fault]:
    received = cda.received_at
    if received is None:
        return
    latest = received + _CLOCKS
    for node in cda.times_unless(lambda value: not _after(value, latest)):
        if _begins_event(node):
            day = f"{received:%Y-%m-%d}"
            expected = Text(f"au plus tard {day}, la réception", f"at most {day}, the reception")
            yield Fault(node.at("value"), expected, node.value)


def _after(value: str, latest: datetime) -> bool:
    moment = point_in_time(value)
    return moment is not None and moment.after(latest)


def _begins_event(node: Node) -> bool:
    """Whether the time is the beginning of an act that has happened."""
    act = node.parent
    if node.name == "low" and act is not None and act.name == "effectiveTime":
        act = act.parent
    elif node.name != "effectiveTime":
        return False
    return act is not None and act.name in _EVENTS and act.get("moodCode") == "EVN"
