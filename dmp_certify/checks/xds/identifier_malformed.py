"""A patient identifier of the metadata is not a well-formed CX

What it finds: a patientId or sourcePatientId that does not read id^^^&OID&ISO^type.
Why it matters: the DMP finds the record by this identifier; a malformed one is unknown or, worse,
another patient's.
How to correct: write the identifier, three carets, the OID between ampersands with ISO, a caret,
the type.

Un identifiant de patient des métadonnées n'est pas un CX bien formé

Ce que le contrôle trouve : un patientId ou un sourcePatientId qui ne se lit pas id^^^&OID&ISO^type.
Pourquoi c'est important : le DMP retrouve le dossier par cet identifiant ; mal formé, il est
inconnu ou, pire, celui d'un autre patient.
Comment corriger : écrire l'identifiant, trois accents circonflexes, l'OID entre esperluettes avec
ISO, un accent circonflexe, le type.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_cx
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission

_FORM = Text("id^^^&OID&ISO^type, bien formé", "id^^^&OID&ISO^type, well-formed")


@check("DC-XDS-CX-PATIENT", "DC-XDS-CX-SOURCE")
def identifier_malformed(submission: Submission) -> Iterator[Fault]:
    for owner in (*submission.sets, *submission.entries):
        for stated in owner.values("patientId"):
            yield from _read(stated, "DC-XDS-CX-PATIENT")
    for entry in submission.entries:
        for stated in entry.values("sourcePatientId"):
            yield from _read(stated, "DC-XDS-CX-SOURCE")


def _read(stated: Located[str], row: str) -> Iterator[Fault]:
    try:
        parse_cx(stated.value)
    except Malformed as wrong:
        text = stated.value[:200]
        yield Fault(
            stated.place,
            _FORM,
            Text(f"{text} ({wrong.reason.fr})", f"{text} ({wrong.reason.en})"),
            row,
        )
