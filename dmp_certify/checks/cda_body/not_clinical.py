"""What was handed over as a clinical document is none.

What it finds: bytes that are not well-formed XML, or whose root is neither a ClinicalDocument nor a
self-presentable style sheet that carries one.
Why it matters: the DMP takes CDA R2 documents only; nothing of the document can be judged.
How to correct: send the CDA document itself, in UTF-8, without a wrapper and without truncation.

Ce qui a été remis comme document clinique n'en est pas un.

Ce que le contrôle trouve : des octets qui ne sont pas du XML bien formé, ou dont la racine n'est ni
un ClinicalDocument ni une feuille de style auto-présentable qui en porte un.
Pourquoi c'est important : le DMP ne reçoit que des documents CDA R2 ; rien du document ne peut être
jugé.
Comment corriger : envoyer le document CDA lui-même, en UTF-8, sans enveloppe ni troncature.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda_delivery import Delivery


@check("DC-CDA-CLINICAL")
def not_clinical(delivery: Delivery) -> Iterator[Fault]:
    if delivery.problem is not None:
        expected = Text("un document CDA R2", "a CDA R2 document")
        yield Fault(delivery.problem.place, expected, delivery.problem.reason)
