"""A national identifier of a person or structure lacks its register's prefix or shape

What it finds: an authorPerson, legalAuthenticator or authorInstitution under the national authority
whose identifier is not a PS_IdNat or a Struct_IdNat.
Why it matters: the prefix names the register: without it the DMP cannot match the author with the
user or the structure of the VIHF.
How to correct: put the register's digit before the identifier: 8 before an RPPS number, 1 before a
FINESS number.

Un identifiant national de personne ou de structure n'a pas le préfixe ou la forme de son registre

Ce que le contrôle trouve : un authorPerson, un legalAuthenticator ou un authorInstitution sous
l'autorité nationale dont l'identifiant n'est pas un PS_IdNat ou un Struct_IdNat.
Pourquoi c'est important : le préfixe nomme le registre : sans lui, le DMP ne peut rapprocher
l'auteur de l'utilisateur ou de la structure du VIHF.
Comment corriger : mettre le chiffre du registre devant l'identifiant : 8 devant un numéro RPPS, 1
devant un numéro FINESS.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology import oids
from dmp_certify.terminology.identifiers import Malformed, parse_xcn, parse_xon
from dmp_certify.wire.message import Located
from dmp_certify.wire.national_ids import PERSON_FORMS, STRUCTURE_FORMS, is_person, is_structure
from dmp_certify.wire.xds import Submission


def _stated(submission: Submission) -> Iterator[tuple[str, Located[str]]]:
    """(requirement row, XCN or XON) of everybody that the metadata name."""
    for owner in (*submission.sets, *submission.entries):
        for author in owner.authors:
            yield from (("DC-XDS-PS-IDNAT", one) for one in author.values("authorPerson"))
            yield from (("DC-XDS-STRUCT-IDNAT", one) for one in author.values("authorInstitution"))
    for entry in submission.entries:
        yield from (("DC-XDS-PS-IDNAT", one) for one in entry.values("legalAuthenticator"))


@check(
    "DC-XDS-PS-IDNAT",
    "DC-XDS-STRUCT-IDNAT",
    when=lambda submission: any(True for _ in _stated(submission)),
)
def national_id_malformed(submission: Submission) -> Iterator[Fault]:
    for row, stated in _stated(submission):
        try:
            found = parse_xcn(stated.value) if row == "DC-XDS-PS-IDNAT" else parse_xon(stated.value)
        except Malformed:
            continue
        if found.authority == oids.PS_IDNAT and not is_person(found.id):
            yield Fault(stated.place, PERSON_FORMS, found.id[:200], row)
        elif found.authority == oids.STRUCT_IDNAT and found.id and not is_structure(found.id):
            yield Fault(stated.place, STRUCTURE_FORMS, found.id[:200], row)
