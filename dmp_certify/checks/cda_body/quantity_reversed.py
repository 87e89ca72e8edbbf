"""An interval of quantities has its bounds reversed.

What it finds: an interval whose low exceeds its high, both being numbers of the same unit, such as
a reference range from 5 to 3.
Why it matters: no value lies within the interval: every result is shown as abnormal, and a dose
cannot be given.
How to correct: write the smaller bound in low and the greater one in high.

Un intervalle de quantités a ses bornes inversées.

Ce que le contrôle trouve : un intervalle dont low dépasse high, tous deux étant des nombres de même
unité, comme un intervalle de référence de 5 à 3.
Pourquoi c'est important : aucune valeur n'est dans l'intervalle : chaque résultat est montré comme
anormal, et une dose ne peut être donnée.
Comment corriger : écrire la plus petite borne dans low et la plus grande dans high.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node
from dmp_certify.wire.cda_sections import value_pairs

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_QUANTITIES = ("IVL_PQ", "IVL_INT", "IVL_REAL", "IVL_MO")


@check("DC-CDA-INTERVAL-QUANTITY", when=lambda cda: cda.structured)
def quantity_reversed(cda: Cda) -> Iterator[Fault]:
    for low, high in value_pairs(cda):
        least, most = _number(low), _number(high)
        if least is None or most is None or least <= most or low.get("unit") != high.get("unit"):
            continue
        if _quantities(low):
            unit = f" {high.get('unit')}" if high.get("unit") else ""
            expected = Text(f"au plus {high.value}{unit}", f"at most {high.value}{unit}")
            yield Fault(low.at("value"), expected, f"{low.value[:100]}{unit}")


def _quantities(low: Node) -> bool:
    """Whether the bounds are quantities: they have a unit, or their parent says so."""
    holder = low.parent
    return bool(low.get("unit")) or (holder is not None and holder.type in _QUANTITIES)


def _number(node: Node) -> Decimal | None:
    text = node.value.strip()
    return Decimal(text) if len(text) < 100 and _NUMBER.fullmatch(text) else None
