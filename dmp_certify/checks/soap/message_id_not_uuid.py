"""The MessageID is not a UUID in URN form.

What it finds: a wsa:MessageID other than urn:uuid: followed by a UUID.
Why it matters: a UUID makes the identifier unique without a register; the official messages all
have this form.
How to correct: write urn:uuid: and a UUID, e.g. urn:uuid:6f0a7c52-5f0e-4c1d-9a55-2d8a0d1f0a02.

Le MessageID n'est pas un UUID sous forme d'URN.

Ce que le contrôle trouve : un wsa:MessageID autre que urn:uuid: suivi d'un UUID.
Pourquoi c'est important : un UUID rend l'identifiant unique sans registre ; les messages
officiels ont tous cette forme.
Comment corriger : écrire urn:uuid: et un UUID, par exemple
urn:uuid:6f0a7c52-5f0e-4c1d-9a55-2d8a0d1f0a02.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap

UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _judged(soap: Soap) -> bool:
    return soap.message_id is not None and bool(soap.message_id.value)


@check("DC-WSA-MESSAGE-ID-FORM", when=_judged)
def message_id_not_uuid(soap: Soap) -> Iterator[Fault]:
    if soap.message_id is not None and not UUID.fullmatch(soap.message_id.value):
        yield Fault(soap.message_id.place, "urn:uuid:<UUID>", soap.message_id.value[:200])
