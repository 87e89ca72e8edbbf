"""A code does not say of which code system it is.

What it finds: a code element, or a value of type CD or CE, that has a code and no codeSystem.
Why it matters: the same code means different things in different code systems; without one it
means nothing to a software.
How to correct: write the OID of the code system beside each code.

Un code ne dit pas de quel système de codage il est.

Ce que le contrôle trouve : un élément code, ou une valeur de type CD ou CE, qui a un code et pas de
codeSystem.
Pourquoi c'est important : un même code a des sens différents d'un système à l'autre ; sans système,
il ne dit rien à un logiciel.
Comment corriger : écrire l'OID du système de codage à côté de chaque code.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node


@check("DC-CDA-CODE-SYSTEM")
def code_without_system(cda: Cda) -> Iterator[Fault]:
    for node in cda.uncoded():
        if not node.null and _coded(node):
            expected = Text("l'OID du système de codage", "the OID of the code system")
            observed = Text(f"absent, code {node.code[:100]}", f"absent, code {node.code[:100]}")
            yield Fault(node.at("codeSystem"), expected, observed)


def _coded(node: Node) -> bool:
    """Whether the element is of a type that has a code system: the code of a region has none."""
    if node.name == "value":
        return node.type in ("CD", "CE")
    return node.type in ("", "CD", "CE") and (
        node.parent is None or node.parent.name != "regionOfInterest"
    )
