"""A uniqueId or sourceId is not an OID

What it finds: a uniqueId of a document or of the lot, or a sourceId, that is not an OID of at most
64 characters.
Why it matters: these identifiers are shared across France: only an OID makes them unique, and the
DMP does not support OID^extension.
How to correct: build the identifier under the OID root of the installation, or under 2.25 from a
UUID.

Un uniqueId ou un sourceId n'est pas un OID

Ce que le contrôle trouve : un uniqueId de document ou de lot, ou un sourceId, qui n'est pas un OID
d'au plus 64 caractères.
Pourquoi c'est important : ces identifiants sont partagés dans toute la France : seul un OID les
rend uniques, et le DMP ne connaît pas la forme OID^extension.
Comment corriger : construire l'identifiant sous la racine OID de l'installation, ou sous 2.25 à
partir d'un UUID.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission

_FORM = Text("un OID d'au plus 64 caractères", "an OID of at most 64 characters")


@check("EX_2.1-1130", "DC-XDS-SOURCE-ID")
def unique_id_wrong(submission: Submission) -> Iterator[Fault]:
    for owner in (*submission.sets, *submission.entries):
        for stated in owner.values("uniqueId"):
            yield from _judge(stated, "EX_2.1-1130")
    for lot in submission.sets:
        for stated in lot.values("sourceId"):
            yield from _judge(stated, "DC-XDS-SOURCE-ID")


def _judge(stated: Located[str], row: str) -> Iterator[Fault]:
    reason = oids.fault_of(stated.value)
    if reason is not None:
        text = stated.value[:200]
        yield Fault(
            stated.place, _FORM, Text(f"{text} ({reason.fr})", f"{text} ({reason.en})"), row
        )
