"""The call carries no VIHF.

What it finds: a call without a SAML 2.0 assertion directly in a wsse:Security header block.
Why it matters: without it the DMP knows neither the user nor the patient, and refuses the call.
How to correct: put the saml:Assertion as a child of wsse:Security in the SOAP header of each
call.

L'appel ne porte pas de VIHF.

Ce que le contrôle trouve : un appel sans assertion SAML 2.0 placée directement dans un bloc
d'en-tête wsse:Security.
Pourquoi c'est important : sans lui, le DMP ne connaît ni l'utilisateur ni le patient, et refuse
l'appel.
Comment corriger : placer le saml:Assertion comme enfant de wsse:Security dans l'en-tête SOAP de
chaque appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap


@check("DC-VIHF-PRESENT")
def absent(soap: Soap) -> Iterator[Fault]:
    if soap.assertions:
        return
    security = soap.blocks_named("wsse", "Security")
    seen = (
        Text("wsse:Security sans assertion SAML 2.0", "wsse:Security without SAML 2.0 assertion")
        if security
        else Text("pas de wsse:Security", "no wsse:Security")
    )
    place = security[0].element.place if security else soap.place
    yield Fault(place, "soap:Header/wsse:Security/saml:Assertion", seen)
