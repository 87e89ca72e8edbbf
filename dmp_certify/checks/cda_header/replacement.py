"""Version and replaced document do not fit together.

What it finds: a version beyond 1 that names no document it replaces, a version 1 that replaces one,
a document that replaces itself, a relatedDocument that is neither RPLC nor XFRM, or several.
Why it matters: the DMP sets the replaced document aside by this link; without it two versions stand
side by side.
How to correct: at each replacement, give a new id, keep setId, add 1 to versionNumber and write
relatedDocument typeCode="RPLC" with the id of the replaced document.

La version et le document remplacé ne s'accordent pas.

Ce que le contrôle trouve : une version au-delà de 1 qui ne nomme pas le document qu'elle remplace,
une version 1 qui en remplace un, un document qui se remplace lui-même, un relatedDocument ni RPLC
ni XFRM, ou plusieurs.
Pourquoi c'est important : c'est par ce lien que le DMP écarte le document remplacé ; sans lui, deux
versions restent côte à côte.
Comment corriger : à chaque remplacement, donner un nouvel id, garder setId, ajouter 1 à
versionNumber et écrire relatedDocument typeCode="RPLC" avec l'id du document remplacé.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_VERSION = "DC-CDA-VERSION-REPLACES"
_TYPE = "DC-CDA-RELATED-TYPE"


@check(_VERSION, _TYPE, "DC-CDA-REPLACES-OTHER")
def replacement(cda: Cda) -> Iterator[Fault]:
    related = cda.related_documents
    for number, node in enumerate(related):
        if number or node.get("typeCode") not in ("RPLC", "XFRM"):
            expected = Text("un seul, RPLC ou XFRM", "one only, RPLC or XFRM")
            seen = shown(node.get("typeCode"))
            observed = f"{seen} ({number + 1})" if number else seen
            yield Fault(node.at("typeCode"), expected, observed, _TYPE)
    replaced = cda.replaces
    if replaced is not None and cda.id is not None and _same(replaced, cda.id):
        expected = Text("l'id d'un autre document", "the id of another document")
        yield Fault(replaced.at("root"), expected, replaced.root, "DC-CDA-REPLACES-OTHER")
    yield from _version(cda, replaced)


def _version(cda: Cda, replaced: Node | None) -> Iterator[Fault]:
    version = cda.version
    if version is None or not version.value.isdecimal() or len(version.value) > 9:
        return
    number = int(version.value)
    if number > 1 and not cda.related_documents:
        expected = Text(
            f"relatedDocument RPLC, car la version est {number}",
            f"relatedDocument RPLC, for the version is {number}",
        )
        absent = Text("aucun relatedDocument", "no relatedDocument")
        yield Fault(cda.node.missing("relatedDocument"), expected, absent, _VERSION)
    elif number == 1 and replaced is not None:
        expected = Text("2 ou plus, car un document est remplacé", "2 or more: one is replaced")
        yield Fault(version.at("value"), expected, version.value, _VERSION)


def _same(one: Node, other: Node) -> bool:
    return (one.root, one.extension) == (other.root, other.extension) and bool(one.root)
