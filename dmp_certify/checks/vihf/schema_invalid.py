"""The VIHF does not have the structure of a SAML 2.0 assertion.

What it finds: an element or attribute of the assertion that SAML 2.0 does not know, or that is
misplaced: the order is Issuer, Signature, Subject, Conditions, then the statements.
Why it matters: receivers read assertions with SAML libraries, which refuse another structure.
How to correct: generate the assertion with a SAML library, or keep the order of the SAML 2.0
schema.

Le VIHF n'a pas la structure d'une assertion SAML 2.0.

Ce que le contrôle trouve : un élément ou un attribut de l'assertion que SAML 2.0 ne connaît pas,
ou mal placé : l'ordre est Issuer, Signature, Subject, Conditions, puis les déclarations.
Pourquoi c'est important : les destinataires lisent les assertions avec des bibliothèques SAML,
qui refusent une autre structure.
Comment corriger : produire l'assertion avec une bibliothèque SAML, ou respecter l'ordre du schéma
SAML 2.0.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.schemas import violations
from dmp_certify.wire.vihf import Vihf

EXPECTED = Text("la structure d'une assertion SAML 2.0", "the structure of a SAML 2.0 assertion")


@check("DC-VIHF-SCHEMA")
def schema_invalid(vihf: Vihf) -> Iterator[Fault]:
    for found in violations(vihf.element, "vihf"):
        yield Fault(found.place, EXPECTED, found.reason[:200])
