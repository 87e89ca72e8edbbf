"""The formatCode is not that of the document's body or model

What it finds: a formatCode other than the one that the media type of an unstructured body, or the
model claimed by a structured one, calls for. Only the published part of the association is used;
years of edition are not compared.
Why it matters: the format tells consulting software whether and how it can display the document.
How to correct: deduce the formatCode from the body's media type, or from the model's templateId.

Le formatCode n'est pas celui du corps ou du modèle du document

Ce que le contrôle trouve : un formatCode autre que celui qu'appelle le type de média d'un corps non
structuré, ou le modèle que déclare un corps structuré. Seule la part publiée de l'association sert
; les millésimes ne sont pas comparés.
Pourquoi c'est important : le format dit au logiciel consultant s'il peut afficher le document, et
comment.
Comment corriger : déduire le formatCode du type de média du corps, ou du templateId du modèle.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology.valuesets import association, value_set
from dmp_certify.wire.coherence import FedDocument


def _formats(fed: FedDocument) -> list[str]:
    """The formats that the document calls for; empty when the association says nothing."""
    if not value_set("J60").has_code(fed.entry.text("formatCode")):
        return []
    if fed.cda.body is not None:
        found = association("ASS_A12").get((fed.cda.body.media_type, "media type"))
        return [found] if found else []
    if not fed.cda.structured:
        return []
    models = association("ASS_A11")
    claimed = (models.get((one.root, "templateId")) for one in fed.cda.template_ids)
    return [one for one in claimed if one]


@check("DC-COH-FORMAT", when=lambda fed: bool(_formats(fed)))
def format_differs(fed: FedDocument) -> Iterator[Fault]:
    wanted, stated = _formats(fed), fed.entry.value("formatCode")
    if stated is None or stated.value in wanted:
        return
    same_model = any(_without_year(stated.value) == _without_year(one) for one in wanted)
    if fed.cda.body is not None or not same_model:
        yield Fault(stated.place, " | ".join(wanted), stated.value[:200])


def _without_year(code: str) -> str:
    """`urn:asip:ci-sis:dlu:2015` without its year: editions of one model replace each other."""
    return code.rpartition(":")[0]
