"""The call is not sent with the POST method.

What it finds: a request with a body whose HTTP method is another one than POST.
Why it matters: SOAP over HTTP carries calls by POST; the DMP answers 405 to anything else.
How to correct: send the envelope with POST.

L'appel n'est pas envoyé par la méthode POST.

Ce que le contrôle trouve : une requête avec un corps dont la méthode HTTP n'est pas POST.
Pourquoi c'est important : SOAP sur HTTP porte les appels par POST ; le DMP répond 405 à toute
autre méthode.
Comment corriger : envoyer l'enveloppe par POST.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.http import HttpRequest


def _judged(request: HttpRequest) -> bool:
    return request.problem is None and bool(request.body.data)


@check("DC-HTTP-METHOD", when=_judged)
def method_not_post(request: HttpRequest) -> Iterator[Fault]:
    if request.method.value != "POST":
        yield Fault(request.method.place, "POST", request.method.value)
