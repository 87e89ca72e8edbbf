"""The Action names another transaction than the body.

What it finds: a known wsa:Action over the request of another transaction.
Why it matters: the DMP routes by the Action and finds a body that the service does not accept.
How to correct: set the Action for each call from the transaction it carries.

L'Action nomme une autre transaction que le corps.

Ce que le contrôle trouve : un wsa:Action connu, au-dessus de la requête d'une autre transaction.
Pourquoi c'est important : le DMP aiguille par l'Action et trouve un corps que le service
n'accepte pas.
Comment corriger : fixer l'Action de chaque appel d'après la transaction qu'il porte.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import BY_ACTION, BY_BODY


def _judged(soap: Soap) -> bool:
    known = soap.action is not None and soap.action.value in BY_ACTION
    return known and soap.body_name in BY_BODY


@check("DC-WSA-ACTION-BODY", when=_judged)
def action_contradicts_body(soap: Soap) -> Iterator[Fault]:
    expected = BY_BODY[soap.body_name].actions
    if soap.action is not None and soap.action.value not in expected:
        yield Fault(soap.action.place, " / ".join(expected), soap.action.value)
