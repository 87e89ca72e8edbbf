"""A display name says something else than its code.

What it finds: a display name that is the one of another code of the same value set, or that has no
word in common with the one of its own code. Case, accents, endings and word order are left aside.
Why it matters: the reader sees the display name, the software reads the code; when they disagree
each acts on something else.
How to correct: take code and display name together from the value set that the finding names.

Un libellé dit autre chose que son code.

Ce que le contrôle trouve : un libellé qui est celui d'un autre code du même jeu de valeurs, ou qui
n'a aucun mot en commun avec celui de son code. Casse, accents, terminaisons et ordre des mots sont
laissés de côté.
Pourquoi c'est important : le lecteur voit le libellé, le logiciel lit le code ; s'ils diffèrent,
chacun agit d'après autre chose.
Comment corriger : prendre ensemble le code et le libellé dans le jeu de valeurs que nomme le
constat.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown, titled
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.terminology.labels import alike, other_holder
from dmp_certify.terminology.valuesets import value_set
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node
from dmp_certify.wire.cda_walk import Coding

_OTHER = "DC-CDA-DISPLAY-OTHER"
_UNRELATED = "DC-CDA-DISPLAY-UNRELATED"
_ENCOUNTER = "componentOf.encompassingEncounter"
# (the element's names in the header, its value set)
_BOUND = (
    ("code", "J07"),
    ("confidentialityCode", "HL7-Confidentiality"),
    ("recordTarget.patientRole.patient.administrativeGenderCode", "J143"),
    (f"{_ENCOUNTER}.code", "J142"),
)
# Code systems of one value set: professions, practice settings and types of facility, anywhere.
_OWN = {"1.2.250.1.213.1.1.4.5": "J01", "1.2.250.1.213.1.1.4.9": "J04", oids.ACTIVITY_SECTOR: "J02"}


@check(_OTHER, _UNRELATED)
def display_name(cda: Cda) -> Iterator[Fault]:
    for names, set_name in _BOUND:
        for node in cda.node.all(names):
            yield from _judge(node, set_name)
    for node in cda.coded_unless(_without_own_set):
        yield from _judge(node, _OWN[node.system])


def _without_own_set(coding: Coding) -> bool:
    system, _, _, display = coding
    return display is None or system not in _OWN


def _judge(node: Node, set_name: str) -> Iterator[Fault]:
    values, seen = value_set(set_name), node.display.strip()
    right = values.display(node.code, node.system)
    if right is None or not seen or alike(seen, right):
        return
    expected = f"{titled(values)}: {node.code} = {right}"
    holder = other_holder(values, seen)
    if holder is None:
        yield Fault(node.at("displayName"), expected, shown(seen), _UNRELATED)
    else:
        observed = Text(
            f"{shown(seen)}, libellé de {holder}", f"{shown(seen)}, the display name of {holder}"
        )
        yield Fault(node.at("displayName"), expected, observed, _OTHER)
