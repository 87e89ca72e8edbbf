"""An association has an unknown type or links an object that is not there

What it finds: an associationType that XDS does not define, or an end of a HasMember or signs
association that is no object of the submission nor a urn:uuid.
Why it matters: the registry cannot rebuild the links between lot, documents and signature.
How to correct: use the XDS association types, and the ids of the objects as they are written,
letter case included.

Une association a un type inconnu ou relie un objet absent

Ce que le contrôle trouve : un associationType qu'XDS ne définit pas, ou une extrémité d'association
HasMember ou signs qui n'est ni un objet de la soumission ni un urn:uuid.
Pourquoi c'est important : le registre ne peut reconstruire les liens entre lot, documents et
signature.
Comment corriger : employer les types d'association d'XDS, et les id des objets tels qu'ils sont
écrits, casse comprise.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.rim import Association
from dmp_certify.wire.xds import HAS_MEMBER, RPLC_2010, SIGNS, Submission

_IHE = "urn:ihe:iti:2007:AssociationType:"
_TYPES = (
    HAS_MEMBER,
    SIGNS,
    RPLC_2010,
    *(f"{_IHE}{kind}" for kind in ("RPLC", "XFRM", "APND", "XFRM_RPLC")),
    "urn:ihe:iti:2010:AssociationType:IsSnapshotOf",
)


@check(
    "DC-XDS-ASSOCIATION-TYPE",
    "DC-XDS-ASSOCIATION-ENDS",
    when=lambda submission: bool(submission.associations),
)
def association_broken(submission: Submission) -> Iterator[Fault]:
    known = {entry.id.value for entry in submission.entries}
    known |= {package.id.value for package in submission.packages}
    for one in submission.associations:
        if one.type.value not in _TYPES:
            yield Fault(
                one.type.place,
                Text("un type d'association XDS", "an XDS association type"),
                one.type.value[:200] or Text("absent", "missing"),
                "DC-XDS-ASSOCIATION-TYPE",
            )
        elif one.type.value in (HAS_MEMBER, SIGNS):
            yield from _ends(one, known)


def _ends(one: Association, known: set[str]) -> Iterator[Fault]:
    for end in (one.source, one.target):
        if end.value not in known and not end.value.startswith("urn:uuid:"):
            yield Fault(
                end.place,
                Text("l'id d'un objet de la soumission", "the id of an object of the submission"),
                end.value[:200] or Text("absent", "missing"),
                "DC-XDS-ASSOCIATION-ENDS",
            )
