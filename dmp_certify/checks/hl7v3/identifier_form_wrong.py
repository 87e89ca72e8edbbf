"""An HL7 identifier has no OID or UUID as root

What it finds: an id, interactionId, queryId or device identifier whose root is neither an OID nor a
UUID.
Why it matters: an identifier without a universal root is not unique: answers cannot be matched with
questions.
How to correct: use the OID root of the installation, with a UUID as extension, or a UUID as root.

Un identifiant HL7 n'a ni OID ni UUID pour racine

Ce que le contrôle trouve : un id, interactionId, queryId ou identifiant d'équipement dont root
n'est ni un OID ni un UUID.
Pourquoi c'est important : un identifiant sans racine universelle n'est pas unique : les réponses ne
peuvent être rapprochées des questions.
Comment corriger : employer la racine OID de l'installation avec un UUID en extension, ou un UUID
pour racine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.hl7v3 import ExistenceRequest

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@check("DC-HL7-ID-FORM")
def identifier_form_wrong(request: ExistenceRequest) -> Iterator[Fault]:
    found = (request.id, request.query_id, *request.senders)
    for one in found:
        if one is None or one.root is None or not one.root.value:
            continue
        reason = oids.fault_of(one.root.value)
        if reason is not None and not _UUID.fullmatch(one.root.value):
            text = one.root.value[:200]
            yield Fault(
                one.root.place,
                Text("un OID ou un UUID", "an OID or a UUID"),
                Text(f"{text} ({reason.fr})", f"{text} ({reason.en})"),
            )
