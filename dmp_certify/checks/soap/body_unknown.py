"""The body does not hold one request of a DMP transaction.

What it finds: an empty body, several elements, or an element that is the request of no
transaction.
Why it matters: the DMP does not know what it is asked for.
How to correct: put the request element of the transaction, in its namespace, alone in soap:Body.

Le corps ne contient pas une requête de transaction du DMP.

Ce que le contrôle trouve : un corps vide, plusieurs éléments, ou un élément qui n'est la requête
d'aucune transaction.
Pourquoi c'est important : le DMP ne sait pas ce qui lui est demandé.
Comment corriger : placer l'élément de requête de la transaction, dans son espace de noms, seul
dans soap:Body.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import BY_BODY

EXPECTED = Text("la requête d'une transaction du DMP", "the request of a DMP transaction")


@check("DC-SOAP-BODY")
def body_unknown(soap: Soap) -> Iterator[Fault]:
    if len(soap.payloads) != 1:
        count = len(soap.payloads)
        yield Fault(soap.body.place, EXPECTED, Text(f"{count} élément(s)", f"{count} element(s)"))
    elif soap.body_name not in BY_BODY:
        uri, local = soap.body_name
        yield Fault(soap.payloads[0].place, EXPECTED, f"{{{uri}}}{local}"[:200])
