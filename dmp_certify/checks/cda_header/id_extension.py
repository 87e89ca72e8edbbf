"""The document identifier has an extension.

What it finds: an id of the ClinicalDocument with an @extension.
Why it matters: the DMP does not support the form OID^extension; the identifier of the metadata is
the OID alone, so the document could not be found or replaced.
How to correct: put the whole identifier in @root (an OID) and leave @extension out.

L'identifiant du document porte une extension.

Ce que le contrôle trouve : un id du ClinicalDocument avec @extension.
Pourquoi c'est important : le DMP ne sait pas lire la forme OID^extension ; l'identifiant des
métadonnées est l'OID seul, et le document ne pourrait être ni retrouvé ni remplacé.
Comment corriger : mettre tout l'identifiant dans @root (un OID), sans @extension.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT, shown
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda


@check("DC-CDA-ID-ROOT-ONLY", when=lambda cda: cda.id is not None)
def id_extension(cda: Cda) -> Iterator[Fault]:
    node = cda.id
    if node is not None and node.has("extension"):
        yield Fault(node.at("extension"), ABSENT, shown(node.extension))
