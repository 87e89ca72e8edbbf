"""The document identifier is not an OID.

What it finds: an id of the ClinicalDocument whose @root is not an OID of at most 64 characters.
Why it matters: the identifier becomes the uniqueId of the document in the DMP, which is an OID.
How to correct: build the identifier on a root of the installation or on 2.25 followed by a UUID
written as an integer, and check its length.

L'identifiant du document n'est pas un OID.

Ce que le contrôle trouve : un id du ClinicalDocument dont @root n'est pas un OID d'au plus 64
caractères.
Pourquoi c'est important : cet identifiant devient le uniqueId du document dans le DMP, qui est un
OID.
Comment corriger : construire l'identifiant sur une racine propre à l'installation, ou sur 2.25
suivi d'un UUID écrit comme un entier, et vérifier sa longueur.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.cda import Cda


@check("EX_2.1-1130", when=lambda cda: cda.id is not None and not cda.id.null)
def id_not_oid(cda: Cda) -> Iterator[Fault]:
    node = cda.id
    reason = oids.fault_of(node.root) if node is not None else None
    if node is not None and reason is not None:
        value = shown(node.root)
        observed = Text(f"{value} : {reason.fr}", f"{value}: {reason.en}")
        yield Fault(node.at("root"), Text("un OID", "an OID"), observed)
