"""The custodian is not identified as a structure.

What it finds: a custodian without identifier under 1.2.250.1.71.4.2.2 with its extension, and that
is not the DMP itself (1.2.250.1.213.4.1 without extension).
Why it matters: the custodian answers for the document; an identifier of another kind names nobody
the DMP knows.
How to correct: write id root="1.2.250.1.71.4.2.2" with the Struct_IdNat of the structure.

La structure conservatrice n'est pas identifiée comme une structure.

Ce que le contrôle trouve : une structure conservatrice sans identifiant sous 1.2.250.1.71.4.2.2
avec son extension, et qui n'est pas le DMP lui-même (1.2.250.1.213.4.1 sans extension).
Pourquoi c'est important : la structure conservatrice répond du document ; un identifiant d'une
autre sorte ne désigne personne que le DMP connaisse.
Comment corriger : écrire id root="1.2.250.1.71.4.2.2" avec le Struct_IdNat de la structure.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node


@check(
    "DC-CDA-CUSTODIAN-STRUCTURE",
    when=lambda cda: cda.custodian is not None and cda.custodian.id is not None,
)
def custodian_id(cda: Cda) -> Iterator[Fault]:
    ids = cda.custodian.node.all("id") if cda.custodian else ()
    if not any(_names_custodian(one) for one in ids):
        expected = Text(
            f"{oids.STRUCT_IDNAT} et un Struct_IdNat, ou {oids.DMP} seul",
            f"{oids.STRUCT_IDNAT} and a Struct_IdNat, or {oids.DMP} alone",
        )
        seen = f"root={shown(ids[0].root)} extension={shown(ids[0].extension)}"
        yield Fault(ids[0].place, expected, seen)


def _names_custodian(node: Node) -> bool:
    if node.root == oids.STRUCT_IDNAT:
        return bool(node.extension.strip())
    return node.root == oids.DMP and not node.has("extension")
