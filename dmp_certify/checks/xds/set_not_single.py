"""The submission does not hold exactly one submission set marked as such

What it finds: a submission where the classification node of submission sets is missing, is on
several packages, or points at no package.
Why it matters: the registry recognises the lot by this node; without it there is no lot.
How to correct: add one Classification with classificationNode urn:uuid:a54d6aa5-… on the
RegistryPackage of the lot.

La soumission ne contient pas un lot et un seul, marqué comme tel

Ce que le contrôle trouve : une soumission où le nœud de classification des lots manque, est sur
plusieurs paquets, ou ne désigne aucun paquet.
Pourquoi c'est important : le registre reconnaît le lot à ce nœud ; sans lui, il n'y a pas de lot.
Comment corriger : ajouter une Classification de classificationNode urn:uuid:a54d6aa5-… sur le
RegistryPackage du lot.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission
from dmp_certify.wire.xds_attributes import SUBMISSION_SET_NODE


@check("DC-XDS-NODE")
def set_not_single(submission: Submission) -> Iterator[Fault]:
    count = len(submission.marked_sets)
    if count != 1:
        yield Fault(
            submission.packages[0].place if submission.packages else submission.place,
            Text(
                f"un RegistryPackage, et un seul, classé {SUBMISSION_SET_NODE}",
                f"one RegistryPackage, and only one, classified {SUBMISSION_SET_NODE}",
            ),
            Text(f"{count} paquet(s) classé(s)", f"{count} package(s) so classified"),
        )
