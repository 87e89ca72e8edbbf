"""Two objects of the submission bear the same id

What it finds: two document entries, packages or associations with the same id.
Why it matters: a reference to that id is ambiguous, and ebXML registries refuse it.
How to correct: give each object of the submission an id of its own.

Deux objets de la soumission portent le même id

Ce que le contrôle trouve : deux entrées, paquets ou associations de même id.
Pourquoi c'est important : une référence à cet id est ambiguë, et les registres ebXML la refusent.
Comment corriger : donner à chaque objet de la soumission un id qui lui soit propre.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.xds import Submission


@check("DC-XDS-OBJECT-IDS")
def object_id_repeated(submission: Submission) -> Iterator[Fault]:
    objects = [(one.id.value, one.id.place) for one in submission.packages]
    objects += [(entry.id.value, entry.id.place) for entry in submission.entries]
    objects += [(one.id, one.place) for one in submission.associations]
    seen: set[str] = set()
    for name, place in objects:
        if name and name in seen:
            yield Fault(place, Text("un id unique dans la soumission", "a unique id"), name[:200])
        seen.add(name)
