"""Two objects of the submission bear the same uniqueId

What it finds: the same uniqueId on two documents of the lot, or on a document and the lot.
Why it matters: the DMP cannot tell the two apart, and refuses the lot.
How to correct: generate a new OID for each document and for the lot.

Deux objets de la soumission portent le même uniqueId

Ce que le contrôle trouve : le même uniqueId sur deux documents du lot, ou sur un document et sur le
lot.
Pourquoi c'est important : le DMP ne peut distinguer les deux, et refuse le lot.
Comment corriger : produire un nouvel OID pour chaque document et pour le lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check("DC-XDS-UNIQUE-IN-LOT", when=lambda submission: bool(submission.entries))
def unique_id_repeated(submission: Submission) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for owner in (*submission.sets, *submission.entries):
        stated = owner.value("uniqueId")
        if stated is None:
            continue
        if stated.value in seen:
            first = seen[stated.value]
            yield Fault(
                stated.place,
                Text(
                    f"un uniqueId différent de celui de {first}",
                    f"a uniqueId other than that of {first}",
                ),
                stated.value[:200],
            )
        seen.setdefault(stated.value, owner.id.value)
