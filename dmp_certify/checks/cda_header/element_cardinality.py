"""A mandatory element of the header is missing, repeated or null.

What it finds: an element of the header that is absent, empty of value through a nullFlavor, or
present more often than the structuration minimale allows.
Why it matters: the DMP derives the document's metadata from the header and refuses a document
whose header is incomplete.
How to correct: write the element the finding names, as often as it says, with a real value.

Un élément obligatoire de l'en-tête manque, est répété ou est nul.

Ce que le contrôle trouve : un élément de l'en-tête absent, privé de valeur par un nullFlavor, ou
présent plus souvent que ne l'admet la structuration minimale.
Pourquoi c'est important : le DMP tire les métadonnées du document de son en-tête et refuse un
document dont l'en-tête est incomplet.
Comment corriger : écrire l'élément que nomme le constat, le nombre de fois qu'il dit, avec une
vraie valeur.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

# (row, the parent's names, the child's names, at most). Every parent of that path is looked at.
_EXPECTED = (
    ("REALM-CODE", "", "realmCode", 1),
    ("TYPE-ID", "", "typeId", 1),
    ("ID", "", "id", 1),
    ("CODE", "", "code", 1),
    ("TITLE", "", "title", 1),
    ("EFFECTIVE-TIME", "", "effectiveTime", 1),
    ("CONFIDENTIALITY", "", "confidentialityCode", 1),
    ("LANGUAGE", "", "languageCode", 1),
    ("SET-ID", "", "setId", 1),
    ("VERSION-NUMBER", "", "versionNumber", 1),
    ("RECORD-TARGET", "", "recordTarget.patientRole.patient", 1),
    ("PATIENT-ID", "recordTarget.patientRole", "id", 0),
    ("PATIENT-NAME", "recordTarget.patientRole.patient", "name", 1),
    ("PATIENT-GENDER", "recordTarget.patientRole.patient", "administrativeGenderCode", 1),
    ("PATIENT-BIRTH", "recordTarget.patientRole.patient", "birthTime", 1),
    ("AUTHOR", "", "author.assignedAuthor", 0),
    ("AUTHOR-TIME", "author", "time", 1),
    ("AUTHOR-ID", "author.assignedAuthor", "id", 0),
    ("CUSTODIAN", "", "custodian.assignedCustodian.representedCustodianOrganization", 1),
    ("CUSTODIAN-ID", "custodian.assignedCustodian.representedCustodianOrganization", "id", 0),
    ("LEGAL-AUTHENTICATOR", "", "legalAuthenticator.assignedEntity", 1),
    ("SIGNER-ID", "legalAuthenticator.assignedEntity", "id", 0),
    ("DOCUMENTATION-OF", "", "documentationOf.serviceEvent", 0),
    ("COMPONENT-OF", "", "componentOf.encompassingEncounter", 1),
    ("FACILITY", "componentOf.encompassingEncounter", "location.healthCareFacility.code", 1),
)
_ROWS = tuple(f"DC-CDA-{row}" for row, *_ in _EXPECTED)


@check(*_ROWS)
def element_cardinality(cda: Cda) -> Iterator[Fault]:
    for row, path, child, most in _EXPECTED:
        parents = cda.node.all(path) if path else (cda.node,)
        for parent in parents:
            fault = _judge(f"DC-CDA-{row}", parent, child, most)
            if fault is not None:
                yield fault


def _judge(row: str, parent: Node, child: str, most: int) -> Fault | None:
    found = parent.all(child)
    valued = [one for one in found if not one.null]
    if most and len(valued) > most:
        once = Text("une seule fois", "once only")
        seen = Text(f"{len(valued)} fois", f"{len(valued)} times")
        return Fault(valued[most].place, once, seen, row)
    if valued:
        return None
    expected = Text("présent, sans nullFlavor", "present, without nullFlavor")
    if not found:
        return Fault(parent.missing(child), expected, ABSENT, row)
    return Fault(found[0].place, expected, f'nullFlavor="{found[0].null}"', row)
