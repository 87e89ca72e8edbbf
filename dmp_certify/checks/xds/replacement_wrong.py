"""A replacement does not target an entryUUID, or uses another URN

What it finds: an RPLC association whose target is not a urn:uuid, whose source is not a document of
the lot, or that uses the URN of 2010.
Why it matters: with the uniqueId in place of the entryUUID the DMP answers
XDSDocumentUniqueIdError, and both versions stay visible.
How to correct: find the entryUUID of the replaced document by a search (TD3.1), and use
urn:ihe:iti:2007:AssociationType:RPLC.

Un remplacement ne vise pas un entryUUID, ou emploie un autre URN

Ce que le contrôle trouve : une association RPLC dont la cible n'est pas un urn:uuid, dont la source
n'est pas un document du lot, ou qui emploie l'URN de 2010.
Pourquoi c'est important : avec l'uniqueId à la place de l'entryUUID, le DMP répond
XDSDocumentUniqueIdError, et les deux versions restent visibles.
Comment corriger : trouver l'entryUUID du document remplacé par une recherche (TD3.1), et employer
urn:ihe:iti:2007:AssociationType:RPLC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import RPLC, RPLC_2010, Submission

_ENTRY_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


@check(
    "DC-XDS-RPLC-TARGET",
    "DC-XDS-RPLC-URN",
    when=lambda submission: bool(submission.typed(RPLC, RPLC_2010)),
)
def replacement_wrong(submission: Submission) -> Iterator[Fault]:
    known = {entry.id.value for entry in submission.entries}
    for one in submission.typed(RPLC, RPLC_2010):
        if not _ENTRY_UUID.fullmatch(one.target.value):
            yield Fault(
                one.target.place,
                Text("l'entryUUID du document remplacé : urn:uuid:…", "an entryUUID: urn:uuid:…"),
                one.target.value[:200] or Text("absent", "missing"),
                "DC-XDS-RPLC-TARGET",
            )
        if one.source.value not in known:
            yield Fault(
                one.source.place,
                Text("l'id d'un document du lot", "the id of a document of the lot"),
                one.source.value[:200] or Text("absent", "missing"),
                "DC-XDS-RPLC-TARGET",
            )
        if one.type.value == RPLC_2010:
            yield Fault(one.type.place, RPLC, one.type.value, "DC-XDS-RPLC-URN")
