"""A PDF or an image stands in the document as plain text.

What it finds: an element of a structured body with a text of its own, whose mediaType is PDF or an
image, and whose representation is not B64.
Why it matters: without representation B64 the content is read as characters: the PDF or the image
cannot be opened.
How to correct: encode the bytes in base64 and write representation="B64".

Un PDF ou une image est dans le document comme du texte.

Ce que le contrôle trouve : un élément d'un corps structuré qui a un texte, dont le mediaType est
PDF ou une image, et dont representation n'est pas B64.
Pourquoi c'est important : sans representation B64, le contenu est lu comme des caractères : le PDF
ou l'image ne peut pas être ouvert.
Comment corriger : coder les octets en base64 et écrire representation="B64".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda

_BINARY = re.compile(r"application/pdf|image/(?!svg\b)[\w.+-]+|audio/.+|video/.+", re.IGNORECASE)


@check("DC-CDA-BINARY-B64", when=lambda cda: cda.structured)
def binary_not_base64(cda: Cda) -> Iterator[Fault]:
    for node in cda.typed:
        kind = node.get("mediaType").partition(";")[0].strip()
        if node.get("representation") == "B64" or not _BINARY.fullmatch(kind):
            continue
        if node.element.node.text and node.element.node.text.strip():
            seen = node.get("representation")[:200] or '""'
            yield Fault(node.at("representation"), "B64", seen)
