"""An author takes part after the document was created.

What it finds: a time of an author more than a day after the effectiveTime of the document. The
legal authenticator may sign later and is not concerned.
Why it matters: effectiveTime is when the document came into being; what an author adds later is
another version. One of the two dates is wrong, and the reader sorts by it.
How to correct: write the moment of creation in effectiveTime once the authors are done, or make a
new version (relatedDocument RPLC).

Un auteur intervient après la création du document.

Ce que le contrôle trouve : une date d'auteur postérieure de plus d'un jour à l'effectiveTime du
document. Le responsable peut signer plus tard et n'est pas concerné.
Pourquoi c'est important : effectiveTime dit quand le document est né ; ce qu'un auteur ajoute
ensuite est une autre version. L'une des deux dates est fausse, et le lecteur trie d'après elle.
Comment corriger : écrire dans effectiveTime l'instant de création une fois les auteurs finis, ou
faire une nouvelle version (relatedDocument RPLC).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_time import PointInTime

# A document may be begun in the morning and finished in the evening.
_WRITING = timedelta(days=1)
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


@check("DC-CDA-AUTHOR-BEFORE-DOCUMENT", when=lambda cda: _created(cda) is not None)
def author_after_creation(cda: Cda) -> Iterator[Fault]:
    created = _created(cda)
    if created is None:
        return
    latest = min(created.latest, _LAST) + _WRITING
    for node in cda.node.all("author.time"):
        if node.time is not None and node.time.earliest >= latest:
            expected = Text(
                f"au plus tard {created.text}, la création", f"at most {created.text}, the creation"
            )
            yield Fault(node.at("value"), expected, node.value)


def _created(cda: Cda) -> PointInTime | None:
    return cda.effective_time.time if cda.effective_time is not None else None
