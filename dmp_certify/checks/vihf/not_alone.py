"""The message holds several assertions.

What it finds: more than one saml:Assertion in the message, wherever they stand.
Why it matters: with two assertions one may be signed and the other read: that is how a signature
is abused.
How to correct: send one assertion per call.

Le message contient plusieurs assertions.

Ce que le contrôle trouve : plus d'un saml:Assertion dans le message, où qu'ils se trouvent.
Pourquoi c'est important : avec deux assertions, l'une peut être signée et l'autre lue : c'est
ainsi qu'une signature est détournée.
Comment corriger : envoyer une assertion par appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf


@check("DC-VIHF-ALONE")
def not_alone(vihf: Vihf) -> Iterator[Fault]:
    if not vihf.alone:
        yield Fault(
            vihf.place,
            Text("une seule assertion", "one assertion"),
            Text("plusieurs saml:Assertion", "several saml:Assertion"),
        )
