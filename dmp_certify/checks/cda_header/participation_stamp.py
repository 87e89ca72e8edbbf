"""The time of participation is a mere day, month or year.

What it finds: an author, a legal authenticator or an authenticator whose time stops before the
minute, or bears no UTC offset. For an author, whose precision the texts leave open, it is reported
only.
Why it matters: the time says when somebody wrote or took responsibility; a day alone does not put
two versions or two signatures in order.
How to correct: write YYYYMMDDhhmmss±ZZzz, taken from the clock at the moment of the act.

La date de participation n'est qu'un jour, un mois ou une année.

Ce que le contrôle trouve : un auteur, un responsable ou un valideur dont la date s'arrête avant la
minute, ou ne porte pas de décalage horaire. Pour un auteur, dont les textes laissent la précision
ouverte, c'est seulement signalé.
Pourquoi c'est important : cette date dit quand quelqu'un a écrit ou pris la responsabilité ; un
jour seul ne met pas en ordre deux versions ou deux signatures.
Comment corriger : écrire AAAAMMJJhhmmss±ZZzz, pris à l'horloge au moment de l'acte.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_AUTHOR = "DC-CDA-AUTHOR-STAMP"
_SIGNER = "DC-CDA-SIGNER-STAMP"
_STAMPED = (
    (_AUTHOR, "author.time"),
    (_SIGNER, "legalAuthenticator.time"),
    (_SIGNER, "authenticator.time"),
)


@check(_AUTHOR, _SIGNER, when=lambda cda: any(_stamps(cda)))
def participation_stamp(cda: Cda) -> Iterator[Fault]:
    for row, node in _stamps(cda):
        moment = node.time
        if moment is not None and (not moment.at_least("minute") or moment.offset is None):
            expected = Text("AAAAMMJJhhmmss±ZZzz", "YYYYMMDDhhmmss±ZZzz")
            yield Fault(node.at("value"), expected, node.value, row)


def _stamps(cda: Cda) -> Iterator[tuple[str, Node]]:
    for row, names in _STAMPED:
        yield from ((row, one) for one in cda.node.all(names) if one.time is not None)
