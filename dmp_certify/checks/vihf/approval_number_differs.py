"""The approval number in the VIHF is not that of the product.

What it finds: an LPS_ID_HOMOLOGATION_DMP that differs from the number in the product's
declaration. The numbers are secret and are not shown.
Why it matters: the DMP admits a product by this number, which belongs to it alone.
How to correct: configure the number that was issued for this product (the test number on test
platforms).

Le numéro d'homologation du VIHF n'est pas celui du produit.

Ce que le contrôle trouve : un LPS_ID_HOMOLOGATION_DMP différent du numéro de la déclaration du
produit. Les numéros sont secrets et ne sont pas montrés.
Pourquoi c'est important : le DMP admet un produit par ce numéro, qui n'appartient qu'à lui.
Comment corriger : configurer le numéro délivré pour ce produit (le numéro d'essai sur les
plateformes d'essai).
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

NAME = "LPS_ID_HOMOLOGATION_DMP"


def _judged(vihf: Vihf) -> bool:
    return bool(vihf.product.get("approval_id")) and vihf.value(NAME) is not None


@check("DC-VIHF-APPROVAL-NUMBER", when=_judged)
def approval_number_differs(vihf: Vihf) -> Iterator[Fault]:
    found = vihf.value(NAME)
    if found is not None and found.value != vihf.product["approval_id"].strip():
        length = len(found.value)
        yield Fault(
            found.place,
            Text("le numéro déclaré", "the declared number"),
            Text(f"un autre, de {length} caractères", f"another one, of {length} characters"),
        )
