"""A field of the existence test does not bear the value fixed for it

What it finds: an interaction, version, processing, acknowledgement, receiver, act, status or
semantics value other than the one that the interaction or the DMP fixes.
Why it matters: these values tell the DMP what the message is and for whom; another value makes it
another message.
How to correct: send the fixed values, and take processingCode from the environment: D for tests, P
in production.

Un champ du test d'existence ne porte pas la valeur qui lui est fixée

Ce que le contrôle trouve : une valeur d'interaction, de version, de traitement, d'accusé, de
destinataire, d'acte, d'état ou de sémantique autre que celle que fixent l'interaction ou le DMP.
Pourquoi c'est important : ces valeurs disent au DMP quel est le message et pour qui ; une autre
valeur en fait un autre message.
Comment corriger : envoyer les valeurs fixées, et prendre processingCode selon l'environnement : D
en test, P en production.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.terminology import oids
from dmp_certify.wire.hl7v3 import QUERY, Code, ExistenceRequest
from dmp_certify.wire.message import Located

_Stated = tuple[str, Located[str] | None, tuple[str, ...]]
_ROWS = (
    "DC-HL7-V-INTERACTION",
    "DC-HL7-V-ITS",
    "DC-HL7-V-PROCESSING",
    "DC-HL7-V-MODE",
    "DC-HL7-V-ACK",
    "DC-HL7-V-RECEIVER",
    "DC-HL7-V-ACT",
    "DC-HL7-V-STATUS",
    "DC-HL7-V-SEMANTICS",
)


@check(*_ROWS)
def fixed_value_wrong(request: ExistenceRequest) -> Iterator[Fault]:
    for row, stated, wanted in _stated(request):
        if stated is not None and stated.value not in wanted:
            yield Fault(stated.place, " | ".join(wanted), stated.value[:200] or '""', row)
    receivers = [one.root for one in request.receivers if one.root is not None and one.root.value]
    if receivers and all(root.value != oids.DMP_RECEIVER for root in receivers):
        first = receivers[0]
        yield Fault(first.place, oids.DMP_RECEIVER, first.value[:200], "DC-HL7-V-RECEIVER")


def _stated(request: ExistenceRequest) -> Iterator[_Stated]:
    """(row, what is stated, what may be stated); an absent field is for another check."""
    interaction = request.interaction
    if interaction is not None and interaction.root is not None and interaction.root.value:
        yield "DC-HL7-V-INTERACTION", interaction.root, (oids.HL7_INTERACTION,)
        yield "DC-HL7-V-INTERACTION", interaction.extension, (QUERY,)
    yield "DC-HL7-V-ITS", request.its_version, ("XML_1.0",)
    yield "DC-HL7-V-PROCESSING", _code(request.processing), ("D", "P", "T")
    yield "DC-HL7-V-MODE", _code(request.mode), ("T",)
    yield "DC-HL7-V-ACK", _code(request.accept_ack), ("AL",)
    yield "DC-HL7-V-ACT", request.act_class, ("CACT",)
    yield "DC-HL7-V-ACT", request.act_mood, ("EVN",)
    yield "DC-HL7-V-STATUS", _code(request.status), ("new",)
    for patient in request.patients:
        yield "DC-HL7-V-SEMANTICS", patient.semantics, ("Patient.id",)


def _code(found: Code | None) -> Located[str] | None:
    code = found.code if found else None
    return code if code and code.value else None
