"""The VIHF names another product than the one declared.

What it finds: an LPS_Nom or LPS_Version that differs from the name or the version in the
product's declaration.
Why it matters: the approval covers a product and a version: the DMP and the report must speak of
the same one.
How to correct: write in the VIHF the name and version shown in the about box, and the same in
sut.toml.

Le VIHF nomme un autre produit que celui qui est déclaré.

Ce que le contrôle trouve : un LPS_Nom ou un LPS_Version différents du nom ou de la version de la
déclaration du produit.
Pourquoi c'est important : l'homologation couvre un produit et une version : le DMP et le rapport
doivent parler du même.
Comment corriger : écrire dans le VIHF le nom et la version de la boîte « à propos », et les mêmes
dans sut.toml.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import Vihf

DECLARED = {"LPS_Nom": "name", "LPS_Version": "version"}


def _judged(vihf: Vihf) -> bool:
    return any(vihf.product.get(key) and vihf.value(name) for name, key in DECLARED.items())


@check("EX_GEN-1180", when=_judged)
def product_differs(vihf: Vihf) -> Iterator[Fault]:
    for name, key in DECLARED.items():
        declared, found = vihf.product.get(key, "").strip(), vihf.value(name)
        if declared and found is not None and found.value != declared:
            yield Fault(found.place, declared, found.value[:200])
