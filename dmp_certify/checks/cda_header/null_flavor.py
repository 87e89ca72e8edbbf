"""A nullFlavor is not admitted, or goes with a value.

What it finds: in the header, a nullFlavor other than UNK, NASK, ASKU, NAV and MSK; anywhere, an
element that bears a nullFlavor and a value (code, value or extension) at the same time.
Why it matters: an element is either known or not; a receiver cannot tell which of the two to
believe.
How to correct: remove the nullFlavor where a value is known, the value where it is not, and choose
the reason among the admitted ones.

Un nullFlavor n'est pas admis, ou accompagne une valeur.

Ce que le contrôle trouve : dans l'en-tête, un nullFlavor autre que UNK, NASK, ASKU, NAV et MSK ;
partout, un élément qui porte à la fois un nullFlavor et une valeur (code, value ou extension).
Pourquoi c'est important : un élément est connu ou ne l'est pas ; le destinataire ne sait lequel
croire.
Comment corriger : retirer le nullFlavor là où la valeur est connue, la valeur là où elle ne l'est
pas, et choisir la raison parmi celles qui sont admises.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_ADMITTED = ("UNK", "NASK", "ASKU", "NAV", "MSK")
_VALUES = ("code", "value", "extension")


@check("DC-CDA-NULL-FLAVOR-SET", "DC-CDA-NULL-FLAVOR-ALONE")
def null_flavor(cda: Cda) -> Iterator[Fault]:
    for node in cda.null_header(_ADMITTED):
        expected = ", ".join(_ADMITTED)
        yield Fault(node.at("nullFlavor"), expected, node.null, "DC-CDA-NULL-FLAVOR-SET")
    for node in cda.null_valued():
        beside = [name for name in _VALUES if node.has(name)]
        if beside:
            expected_alone = Text("pas de valeur avec un nullFlavor", "no value with a nullFlavor")
            seen = f'nullFlavor="{node.null}" {beside[0]}="{node.get(beside[0])}"'
            yield Fault(node.at(beside[0]), expected_alone, seen, "DC-CDA-NULL-FLAVOR-ALONE")
