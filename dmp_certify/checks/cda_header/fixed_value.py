"""An element of the header does not have the one value it must have.

What it finds: realmCode, typeId or the signature code of the legal authenticator with another
value than the one the structuration minimale fixes.
Why it matters: these values say that the document is a French CDA R2 document and that it is
signed; official rules are not even applied to a document whose typeId differs.
How to correct: write the expected value as the finding gives it.

Un élément de l'en-tête n'a pas la seule valeur admise.

Ce que le contrôle trouve : realmCode, typeId ou le code de signature du responsable avec une autre
valeur que celle que fixe la structuration minimale.
Pourquoi c'est important : ces valeurs disent que le document est un CDA R2 français et qu'il est
signé ; les règles officielles ne s'appliquent même pas à un document dont le typeId diffère.
Comment corriger : écrire la valeur attendue, telle que le constat la donne.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT, shown
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda

# (row, the element's names, its attribute, the value)
_FIXED = (
    ("DC-CDA-REALM-FR", "realmCode", "code", "FR"),
    ("DC-CDA-TYPE-ID-VALUE", "typeId", "root", "2.16.840.1.113883.1.3"),
    ("DC-CDA-TYPE-ID-VALUE", "typeId", "extension", "POCD_HD000040"),
    ("DC-CDA-SIGNATURE-CODE", "legalAuthenticator.signatureCode", "code", "S"),
)


@check("DC-CDA-REALM-FR", "DC-CDA-TYPE-ID-VALUE", "DC-CDA-SIGNATURE-CODE")
def fixed_value(cda: Cda) -> Iterator[Fault]:
    for row, names, attribute, value in _FIXED:
        for node in cda.node.all(names):
            if node.get(attribute) != value and not node.null:
                yield Fault(node.at(attribute), value, shown(node.get(attribute)), row)
    for signer in cda.node.all("legalAuthenticator"):
        if not signer.all("signatureCode"):
            yield Fault(signer.missing("signatureCode"), "S", ABSENT, "DC-CDA-SIGNATURE-CODE")
