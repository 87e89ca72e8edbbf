"""The VIHF of an indirect access is not signed.

What it finds: an assertion without signature when the user is authenticated by the structure.
Why it matters: anybody who holds the TLS certificate could then pretend to be any user.
How to correct: sign the assertion with the structure's ORG_SIGN certificate, right after the
Issuer.

Le VIHF d'un accès indirect n'est pas signé.

Ce que le contrôle trouve : une assertion sans signature alors que l'utilisateur est authentifié
par la structure.
Pourquoi c'est important : quiconque détient le certificat TLS pourrait alors se faire passer pour
n'importe quel utilisateur.
Comment corriger : signer l'assertion avec le certificat ORG_SIGN de la structure, juste après
l'Issuer.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import DIRECT, Vihf


def _judged(vihf: Vihf) -> bool:
    """In direct mode the TLS certificate authenticates the user; an official sample is unsigned."""
    if vihf.mode is not None:
        return vihf.mode.value != DIRECT
    declared = vihf.conformance.get("auth_modes")
    return isinstance(declared, list | tuple) and DIRECT not in declared


@check("DC-VIHF-SIGNED", when=_judged)
def unsigned(vihf: Vihf) -> Iterator[Fault]:
    if vihf.signature is None:
        expected = Text("ds:Signature après Issuer", "ds:Signature after Issuer")
        yield Fault(vihf.place, expected, Text("aucune signature", "no signature"))
