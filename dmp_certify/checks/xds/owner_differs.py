"""A classification or identifier points at another object than the one that bears it

What it finds: a classifiedObject or registryObject that is present and is not the id of the
enclosing object.
Why it matters: the registry attaches the value to the object that is pointed at: the code of one
document goes to another.
How to correct: write the id of the enclosing ExtrinsicObject or RegistryPackage.

Une classification ou un identifiant désigne un autre objet que celui qui le porte

Ce que le contrôle trouve : un classifiedObject ou un registryObject présent qui n'est pas l'id de
l'objet englobant.
Pourquoi c'est important : le registre attache la valeur à l'objet désigné : le code d'un document
passe à un autre.
Comment corriger : écrire l'id de l'ExtrinsicObject ou du RegistryPackage englobant.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.xds import Submission


@check("DC-XDS-OWNER")
def owner_differs(submission: Submission) -> Iterator[Fault]:
    objects = [entry.rim for entry in submission.entries]
    for holder in (*objects, *submission.packages):
        owners = [one.owner for one in holder.classifications]
        owners += [one.owner for one in holder.identifiers]
        for owner in owners:
            if owner is not None and owner.value != holder.id.value:
                yield Fault(owner.place, holder.id.value, owner.value[:200])
