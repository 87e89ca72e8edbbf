"""The body of the request does not arrive whole.

What it finds: a body shorter than announced, broken chunks, a connection cut in the middle, or
compressed content that cannot be inflated.
Why it matters: a cut request is a document that the patient's record does not receive.
How to correct: announce the length of the bytes sent, send them all, and start again after a
network failure.

Le corps de la requête n'arrive pas entier.

Ce que le contrôle trouve : un corps plus court qu'annoncé, un découpage rompu, une connexion
coupée au milieu, ou un contenu compressé impossible à décompresser.
Pourquoi c'est important : une requête coupée est un document que le dossier du patient ne reçoit
pas.
Comment corriger : annoncer la longueur des octets envoyés, les envoyer tous, et recommencer après
une panne du réseau.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.http import HttpRequest

EXPECTED = Text("un corps entier et lisible", "a whole and readable body")


def _judged(request: HttpRequest) -> bool:
    return request.problem is None


@check("DC-HTTP-BODY", when=_judged)
def body_incomplete(request: HttpRequest) -> Iterator[Fault]:
    if request.body.problem is not None:
        yield Fault(request.body.problem.place, EXPECTED, request.body.problem.value)
