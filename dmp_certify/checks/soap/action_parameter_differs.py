"""The action parameter of the content type differs from the Action.

What it finds: an action parameter, on the HTTP content type or on the root part, that is not the
wsa:Action.
Why it matters: intermediaries and servers route by either; WS-Addressing asks for a fault when
they differ.
How to correct: write the same value in both, or leave the parameter out.

Le paramètre action du type de contenu diffère de l'Action.

Ce que le contrôle trouve : un paramètre action, sur le type de contenu HTTP ou sur la partie
racine, qui n'est pas le wsa:Action.
Pourquoi c'est important : les intermédiaires et les serveurs aiguillent par l'un ou l'autre ;
WS-Addressing demande une faute s'ils diffèrent.
Comment corriger : écrire la même valeur des deux côtés, ou omettre le paramètre.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap


def _judged(soap: Soap) -> bool:
    return soap.action is not None and bool(soap.action.value)


@check("DC-WSA-ACTION-TYPE", when=_judged)
def action_parameter_differs(soap: Soap) -> Iterator[Fault]:
    if soap.action is None:
        return
    for hint in soap.action_hints:
        if hint.value and hint.value.strip() != soap.action.value:
            yield Fault(hint.place, soap.action.value[:200], hint.value[:200])
