"""No author of a document belongs to the structure of the VIHF

What it finds: in indirect mode, a document none of whose authorInstitution identifiers is the
Identifiant_Structure of the VIHF.
Why it matters: the DMP refuses the lot: a structure may only feed what its own people wrote.
How to correct: put the structure's national identifier both in the VIHF and in the institution of
one author.

Aucun auteur d'un document n'appartient à la structure du VIHF

Ce que le contrôle trouve : en mode indirect, un document dont aucun authorInstitution n'a pour
identifiant l'Identifiant_Structure du VIHF.
Pourquoi c'est important : le DMP refuse le lot : une structure n'alimente que ce que les siens ont
écrit.
Comment corriger : mettre l'identifiant national de la structure dans le VIHF et dans la structure
d'un auteur.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology.identifiers import Malformed, parse_xon
from dmp_certify.wire.call import Call
from dmp_certify.wire.vihf import INDIRECT
from dmp_certify.wire.xds import DocumentEntry


def _applies(call: Call) -> bool:
    mode = call.vihf.mode
    return (
        call.submission is not None
        and bool(call.submission.clinical)
        and mode is not None
        and mode.value == INDIRECT
        and call.vihf.value("Identifiant_Structure") is not None
    )


@check("EX_2.1-1140", when=_applies)
def author_not_of_structure(call: Call) -> Iterator[Fault]:
    structure = call.vihf.value("Identifiant_Structure")
    wanted = structure.value if structure else ""
    for entry in call.submission.clinical if call.submission else ():
        found = _institutions(entry)
        # Without a readable institution other checks speak: the author or its XON is at fault.
        if found is not None and entry.authors and wanted not in found:
            yield Fault(
                entry.authors[0].at("authorInstitution"),
                Text(f"{wanted}, la structure du VIHF", f"{wanted}, the structure of the VIHF"),
                ", ".join(found) or Text("aucune structure", "no institution"),
            )


def _institutions(entry: DocumentEntry) -> list[str] | None:
    """The identifiers of the authors' institutions; None when one of them is malformed."""
    try:
        return [
            parse_xon(stated.value).id
            for author in entry.authors
            for stated in author.values("authorInstitution")
        ]
    except Malformed:
        return None
