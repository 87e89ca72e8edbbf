"""The replaced document is of another series, or is no earlier version.

What it finds: a relatedDocument RPLC whose parentDocument states another setId than the document's,
or a versionNumber that is not below the document's.
Why it matters: setId is what binds the versions of one document together; a reader that follows it
shows the wrong version, or two documents for one.
How to correct: keep setId through all versions and add 1 to versionNumber; in parentDocument write
the id, setId and versionNumber of the version that is replaced.

Le document remplacé est d'une autre série, ou n'est pas une version antérieure.

Ce que le contrôle trouve : un relatedDocument RPLC dont le parentDocument dit un autre setId que
celui du document, ou un versionNumber qui n'est pas inférieur à celui du document.
Pourquoi c'est important : setId est ce qui lie les versions d'un même document ; un lecteur qui le
suit montre la mauvaise version, ou deux documents pour un.
Comment corriger : garder setId d'une version à l'autre et ajouter 1 à versionNumber ; dans
parentDocument, écrire l'id, le setId et le versionNumber de la version remplacée.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_SET = "DC-CDA-SERIES-SET"
_ORDER = "DC-CDA-SERIES-ORDER"


@check(_SET, _ORDER, when=lambda cda: cda.replaces is not None)
def version_series(cda: Cda) -> Iterator[Fault]:
    own_set, own_version = cda.set_id, _number(cda.version)
    for related in cda.related_documents:
        if related.get("typeCode") != "RPLC":
            continue
        for stated in related.all("parentDocument.setId"):
            if own_set is not None and own_set.root and stated.root and not _same(stated, own_set):
                expected = f"{own_set.root} {own_set.extension}".strip()
                seen = f"{stated.root} {stated.extension}".strip()
                yield Fault(stated.at("root"), shown(expected), shown(seen), _SET)
        for node in related.all("parentDocument.versionNumber"):
            number = _number(node)
            if number is not None and own_version is not None and number >= own_version:
                below = Text(f"moins de {own_version}", f"less than {own_version}")
                yield Fault(node.at("value"), below, node.value, _ORDER)


def _same(one: Node, other: Node) -> bool:
    # The hexadecimal digits of a UUID are the same in either case.
    return (one.root.upper(), one.extension) == (other.root.upper(), other.extension)


def _number(node: Node | None) -> int | None:
    text = node.value.strip() if node is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
