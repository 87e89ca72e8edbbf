"""The document does not claim the templates it must claim.

What it finds: no templateId of HL7 France, of the CI-SIS or of the document's model, or these in
another order than the one the text gives.
Why it matters: the DMP and its readers choose rules and style sheets from the templateIds.
How to correct: write 2.16.840.1.113883.2.8.2.1, then 1.2.250.1.213.1.1.1.1, then the model's own
templateIds; for an unstructured document the third is 1.3.6.1.4.1.19376.1.2.20.

Le document ne déclare pas les modèles qu'il doit déclarer.

Ce que le contrôle trouve : l'absence du templateId d'HL7 France, du CI-SIS ou du modèle du
document, ou un autre ordre que celui du texte.
Pourquoi c'est important : le DMP et ses lecteurs choisissent règles et feuilles de style d'après
les templateId.
Comment corriger : écrire 2.16.840.1.113883.2.8.2.1, puis 1.2.250.1.213.1.1.1.1, puis les templateId
du modèle ; pour un document non structuré, le troisième est 1.3.6.1.4.1.19376.1.2.20.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import UNSTRUCTURED, Cda

_FRANCE = "2.16.840.1.113883.2.8.2.1"
_CISIS = "1.2.250.1.213.1.1.1.1"
_ORDER = "DC-CDA-TEMPLATE-ORDER"
_MODEL = "DC-CDA-TEMPLATE-MODEL"
_CLAIMS = (("DC-CDA-TEMPLATE-FRANCE", _FRANCE), ("DC-CDA-TEMPLATE-CISIS", _CISIS))


@check("DC-CDA-TEMPLATE-FRANCE", "DC-CDA-TEMPLATE-CISIS", _MODEL, _ORDER)
def template_claimed(cda: Cda) -> Iterator[Fault]:
    roots = [one.root for one in cda.template_ids]
    seen = ", ".join(roots) or Text("aucun templateId", "no templateId")
    where = cda.template_ids[0].place if roots else cda.node.missing("templateId")
    for row, wanted in _CLAIMS:
        if roots.count(wanted) != 1:
            yield Fault(where, Text(f"{wanted} une fois", f"{wanted} once"), seen, row)
    models = [one for one in roots if one not in (_FRANCE, _CISIS)]
    if not models:
        expected = Text("le templateId du modèle", "the templateId of the model")
        yield Fault(where, expected, seen, _MODEL)
    elif cda.body is not None and UNSTRUCTURED not in models:
        yield Fault(where, UNSTRUCTURED, seen, _MODEL)
    elif cda.body is None and cda.structured and UNSTRUCTURED in models:
        expected = Text(
            f"le modèle du corps structuré, non {UNSTRUCTURED} (corps non structuré)",
            f"the model of the structured body, not {UNSTRUCTURED} (unstructured body)",
        )
        yield Fault(where, expected, seen, _MODEL)
    if {_FRANCE, _CISIS} <= set(roots) and roots[:2] != [_FRANCE, _CISIS]:
        yield Fault(where, f"{_FRANCE}, {_CISIS}, …", seen, _ORDER)
