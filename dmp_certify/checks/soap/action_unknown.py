"""The Action is that of no DMP transaction.

What it finds: a wsa:Action that is not in the table of the DMP's services.
Why it matters: the DMP refuses an Action that it does not know (ActionNotSupported).
How to correct: take the Action from the WSDL of the service; some published sample code holds
wrong ones.

L'Action n'est celle d'aucune transaction du DMP.

Ce que le contrôle trouve : un wsa:Action absent de la table des services du DMP.
Pourquoi c'est important : le DMP refuse une Action qu'il ne connaît pas (ActionNotSupported).
Comment corriger : reprendre l'Action du WSDL du service ; des exemples de code publiés en
contiennent de fausses.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import BY_ACTION, BY_BODY


def _judged(soap: Soap) -> bool:
    return soap.action is not None and bool(soap.action.value)


@check("DC-WSA-ACTION-VALUE", when=_judged)
def action_unknown(soap: Soap) -> Iterator[Fault]:
    if soap.action is None or soap.action.value in BY_ACTION:
        return
    known = BY_BODY.get(soap.body_name)
    expected = Text("l'Action d'une transaction du DMP", "the Action of a DMP transaction")
    yield Fault(
        soap.action.place, " / ".join(known.actions) if known else expected, soap.action.value[:200]
    )
