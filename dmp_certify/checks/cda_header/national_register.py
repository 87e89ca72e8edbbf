"""An identifier stands under a register that does not exist, or has not its form.

What it finds: in the header, an id in the arc 1.2.250.1.71 of the national registers that is
neither that of professionals (.4.2.1) nor that of structures (.4.2.2), an organisation under the
register of professionals, an identifier of a person that has not the form of a PS_IdNat, or one of
an organisation that has not the form of a Struct_IdNat.
Why it matters: the receiver finds nobody under such an identifier, and the author or the
organisation of the document is unknown.
How to correct: write 1.2.250.1.71.4.2.1 with prefix and number of the professional (8 then the
RPPS), 1.2.250.1.71.4.2.2 with prefix and number of the structure (1 then the FINESS).

Un identifiant est sous un répertoire qui n'existe pas, ou n'en a pas la forme.

Ce que le contrôle trouve : dans l'en-tête, un id de la branche 1.2.250.1.71 des répertoires
nationaux qui n'est ni celui des professionnels (.4.2.1) ni celui des structures (.4.2.2), une
organisation sous le répertoire des professionnels, un identifiant de personne qui n'a pas la forme
d'un PS_IdNat, ou un identifiant d'organisation qui n'a pas celle d'un Struct_IdNat.
Pourquoi c'est important : le destinataire ne trouve personne sous un tel identifiant, et l'auteur
ou l'organisation du document est inconnu.
Comment corriger : écrire 1.2.250.1.71.4.2.1 avec le préfixe et le numéro du professionnel (8 puis
le RPPS), 1.2.250.1.71.4.2.2 avec le préfixe et le numéro de la structure (1 puis le FINESS).
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import oids
from dmp_certify.wire import national_ids
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_REGISTER = "DC-CDA-NATIONAL-REGISTER"
_FORM = "DC-CDA-PROFESSIONAL-FORM"
_STRUCTURE = "DC-CDA-STRUCTURE-FORM"
_ARC = "1.2.250.1.71"
_CUSTODIAN = "representedCustodianOrganization"
_ORGANIZATIONS = (
    "representedOrganization",
    _CUSTODIAN,
    "receivedOrganization",
    "scopingOrganization",
)
_FORMS = Text(
    "8 et les 11 chiffres du RPPS, 0 et les 9 de l'ADELI, 3<FINESS>/<id> ou 5<SIRET>/<id>",
    "8 and the 11 digits of the RPPS, 0 and the 9 of the ADELI, 3<FINESS>/<id> or 5<SIRET>/<id>",
)
_PERSONS = ("assignedPerson", "associatedPerson", "informationRecipient")


@check(_REGISTER, _FORM, _STRUCTURE, when=lambda cda: any(_national(cda)))
def national_register(cda: Cda) -> Iterator[Fault]:
    for node in _national(cda):
        holder = node.parent
        held_by = holder.name if holder is not None else ""
        organization = held_by in _ORGANIZATIONS
        if node.root == oids.STRUCT_IDNAT:
            if organization and _shapeless(node.extension, held_by):
                forms, seen = national_ids.STRUCTURE_FORMS, shown(node.extension)
                yield Fault(node.at("extension"), forms, seen, _STRUCTURE)
        elif node.root != oids.PS_IDNAT:
            right = oids.STRUCT_IDNAT if organization else oids.PS_IDNAT
            if not organization:
                right += f" / {oids.STRUCT_IDNAT}"
            yield Fault(node.at("root"), right, shown(node.root), _REGISTER)
        elif organization:
            yield Fault(node.at("root"), oids.STRUCT_IDNAT, shown(node.root), _REGISTER)
        elif holder is not None and _formless(node, holder):
            yield Fault(node.at("extension"), _FORMS, shown(node.extension), _FORM)


def _national(cda: Cda) -> Iterator[Node]:
    return (node for node in cda.header_ids_where(_in_arc) if not node.null)


def _in_arc(root: str) -> bool:
    return root.startswith(_ARC) and (root == _ARC or root[len(_ARC)] == ".")


def _formless(node: Node, holder: Node) -> bool:
    if national_ids.is_person(node.extension):
        return False
    return any(holder.first(name) is not None for name in _PERSONS)


def _shapeless(number: str, held_by: str) -> bool:
    if not number and held_by == _CUSTODIAN:
        return False  # `custodian_id` says it
    return not national_ids.is_structure(number)
