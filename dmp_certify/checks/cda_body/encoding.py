"""The document is not encoded in UTF-8.

What it finds: bytes in another encoding than UTF-8, or declared so.
Why it matters: the French profile of CDA imposes UTF-8; accents are lost, or the document
is refused.
How to correct: write the bytes in UTF-8 and declare encoding="UTF-8".

Le document n'est pas codé en UTF-8.

Ce que le contrôle trouve : des octets dans un autre codage qu'UTF-8, ou déclarés tels.
Pourquoi c'est important : le profil français du CDA impose UTF-8 ; les accents se perdent ou le
document est refusé.
Comment corriger : écrire les octets en UTF-8 et déclarer encoding="UTF-8".
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place
from dmp_certify.wire.cda import Cda


@check("DC-CDA-UTF8")
def encoding(cda: Cda) -> Iterator[Fault]:
    declared = cda.presentation.encoding
    if declared.upper().replace("_", "-") not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
        yield Fault(Place(cda.place.artifact, "/", 1), "UTF-8", declared)
