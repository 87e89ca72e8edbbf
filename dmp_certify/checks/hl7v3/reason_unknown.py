"""The reason of the query is not an existence test or a reading of the record

What it finds: a reasonCode other than TEST_EXST or CNSLT_DATA, or given under another code system
than that of the DMP's requests.
Why it matters: the DMP decides by this reason what it answers and which rights it checks.
How to correct: send TEST_EXST under 1.2.250.1.213.1.1.4.11 for the existence test.

Le motif de la requête n'est ni un test d'existence ni une consultation du dossier

Ce que le contrôle trouve : un reasonCode autre que TEST_EXST ou CNSLT_DATA, ou donné sous une autre
nomenclature que celle des requêtes du DMP.
Pourquoi c'est important : le DMP décide d'après ce motif de ce qu'il répond et des droits qu'il
vérifie.
Comment corriger : envoyer TEST_EXST sous 1.2.250.1.213.1.1.4.11 pour le test d'existence.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.hl7v3 import ExistenceRequest

_REASONS = ("TEST_EXST", "CNSLT_DATA")


@check(
    "DC-HL7-V-REASON",
    when=lambda request: (
        request.reason is not None
        and request.reason.code is not None
        and bool(request.reason.code.value)
    ),
)
def reason_unknown(request: ExistenceRequest) -> Iterator[Fault]:
    reason = request.reason
    if reason is None or reason.code is None:
        return
    if reason.code.value not in _REASONS:
        yield Fault(reason.code.place, " | ".join(_REASONS), reason.code.value[:200])
    elif reason.system is None or reason.system.value != oids.REQUEST_TYPE:
        yield Fault(
            reason.system.place if reason.system else reason.place,
            oids.REQUEST_TYPE,
            reason.system.value[:200]
            if reason.system
            else Text("codeSystem absent", "codeSystem missing"),
        )
