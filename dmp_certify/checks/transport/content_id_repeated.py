"""Two parts of the message have the same Content-ID.

What it finds: a Content-ID that a previous part of the same multipart already has.
Why it matters: an xop:Include by that identifier designates two documents: one of them is filed
twice or lost.
How to correct: give each part an identifier of its own, for instance a UUID.

Deux parties du message ont le même Content-ID.

Ce que le contrôle trouve : un Content-ID que porte déjà une partie précédente du même multipart.
Pourquoi c'est important : un xop:Include par cet identifiant désigne deux documents : l'un est
rangé deux fois ou perdu.
Comment corriger : donner à chaque partie son propre identifiant, par exemple un UUID.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.mime import Multipart


@check("DC-MIME-CID")
def content_id_repeated(multipart: Multipart) -> Iterator[Fault]:
    seen: set[str] = set()
    for part in multipart.parts:
        if part.cid is None or not part.cid.value:
            continue
        if part.cid.value in seen:
            yield Fault(
                part.cid.place,
                Text("un Content-ID propre à la partie", "a Content-ID of the part's own"),
                part.cid.value[:200],
            )
        seen.add(part.cid.value)
