"""The root of an identifier is neither an OID nor a UUID.

What it finds: a root of an id, setId or templateId that is none of the three forms of HL7, or that
has the form of a reserved word, which only HL7 may assign.
Why it matters: such an identifier is unique nowhere, so two different things may bear it.
How to correct: write an OID of your own arc, or a UUID of 32 hexadecimal digits.

La racine d'un identifiant n'est ni un OID ni un UUID.

Ce que le contrôle trouve : une racine d'id, de setId ou de templateId qui n'est aucune des trois
formes d'HL7, ou qui a la forme d'un mot réservé, qu'HL7 seul peut attribuer.
Pourquoi c'est important : un tel identifiant n'est unique nulle part, et deux choses différentes
peuvent le porter.
Comment corriger : écrire un OID de votre branche, ou un UUID de 32 chiffres hexadécimaux.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))*")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_RESERVED = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@lru_cache(maxsize=4096)
def _sound(root: str) -> bool:
    return bool(_OID.fullmatch(root) or _UUID.fullmatch(root))


@check("DC-CDA-ROOT-FORM", "DC-CDA-ROOT-RESERVED")
def root_malformed(cda: Cda) -> Iterator[Fault]:
    own = cda.id
    for node in cda.roots_unless(_sound):
        root = node.root
        if own is not None and node.place == own.place:
            continue  # the document's own id has its own, stricter rule
        reserved = _RESERVED.fullmatch(root) is not None
        row = "DC-CDA-ROOT-RESERVED" if reserved else "DC-CDA-ROOT-FORM"
        yield Fault(node.at("root"), Text("un OID ou un UUID", "an OID or a UUID"), root[:200], row)
