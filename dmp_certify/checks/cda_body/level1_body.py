"""The unstructured body does not say what it is as it must.

What it finds: a nonXMLBody whose mediaType is none of the five admitted ones, or whose
representation is not B64.
Why it matters: the DMP derives the format of the document from the media type, and readers open it
accordingly.
How to correct: write mediaType (application/pdf, text/rtf, text/plain, image/jpeg or image/tiff)
and representation="B64" on nonXMLBody/text.

Le corps non structuré ne dit pas comme il le doit ce qu'il est.

Ce que le contrôle trouve : un nonXMLBody dont mediaType n'est aucun des cinq admis, ou dont
representation n'est pas B64.
Pourquoi c'est important : le DMP tire le format du document de ce type, et les lecteurs l'ouvrent
en conséquence.
Comment corriger : écrire mediaType (application/pdf, text/rtf, text/plain, image/jpeg ou
image/tiff) et representation="B64" sur nonXMLBody/text.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda

_ADMITTED = ("application/pdf", "text/rtf", "text/plain", "image/jpeg", "image/tiff")


@check("DC-CDA-BODY-MEDIA-TYPE", "DC-CDA-BODY-B64", when=lambda cda: cda.body is not None)
def level1_body(cda: Cda) -> Iterator[Fault]:
    body = cda.body
    if body is None:
        return
    if body.node.get("mediaType") not in _ADMITTED:
        seen = body.node.get("mediaType")[:200] or '""'
        where = body.node.at("mediaType")
        yield Fault(where, ", ".join(_ADMITTED), seen, "DC-CDA-BODY-MEDIA-TYPE")
    if body.representation != "B64":
        seen = body.representation[:200] or '""'
        yield Fault(body.node.at("representation"), "B64", seen, "DC-CDA-BODY-B64")
