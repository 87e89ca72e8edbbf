"""A media type cannot be that of what it describes.

What it finds: a mediaType that is not written type/subtype with a registered type, a well-known
format under the wrong type (image/pdf), or another type than text or XML where the content is the
narrative of this very document (reference to `#ID`).
Why it matters: the receiver chooses its viewer by the media type; it opens nothing, or the wrong
thing.
How to correct: write the registered media type of the content; where the content is the narrative
of the document, text/xml, or leave mediaType out.

Un type de média ne peut pas être celui de ce qu'il décrit.

Ce que le contrôle trouve : un mediaType qui n'est pas écrit type/sous-type avec un type enregistré,
un format connu sous le mauvais type (image/pdf), ou un autre type que du texte ou du XML alors que
le contenu est le texte de ce document même (référence à un `#ID`).
Pourquoi c'est important : le destinataire choisit son lecteur d'après ce type ; il n'ouvre rien, ou
autre chose.
Comment corriger : écrire le type enregistré du contenu ; quand le contenu est le texte du document,
text/xml, ou omettre mediaType.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_FORM = "DC-CDA-MEDIA-TYPE-FORM"
_NARRATIVE = "DC-CDA-MEDIA-TYPE-NARRATIVE"
# The registered types (IANA), and a name of RFC 6838 §4.2; a parameter may follow.
_TYPED = re.compile(
    r"(?:application|audio|example|font|haptics|image|message|model|multipart|text|video|x-[\w.-]+)"
    r"/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*\s*(?:;.*)?",
    re.IGNORECASE | re.DOTALL,
)
# Formats that are registered under one type alone.
_MISPLACED = {
    "image/pdf": "application/pdf",
    "text/pdf": "application/pdf",
    "application/jpeg": "image/jpeg",
    "application/png": "image/png",
    "application/tiff": "image/tiff",
    "application/plain": "text/plain",
}
_TEXTUAL = re.compile(r"text/.*|application/(?:.*\+)?xml|application/xhtml", re.IGNORECASE)


@check(_FORM, _NARRATIVE)
def media_type_false(cda: Cda) -> Iterator[Fault]:
    for node in cda.typed:
        written = node.get("mediaType")
        plain = written.partition(";")[0].strip()
        right = _MISPLACED.get(plain.lower(), "")
        if right or not _TYPED.fullmatch(written.strip()):
            registered = Text("un type/sous-type enregistré", "a registered type/subtype")
            expected = Text.same(right) if right else registered
            yield Fault(node.at("mediaType"), expected, written[:200] or '""', _FORM)
        elif not _TEXTUAL.fullmatch(plain) and cda.fragments.narrated(node):
            expected = Text("text/xml, ou rien", "text/xml, or nothing")
            yield Fault(node.at("mediaType"), expected, written[:200], _NARRATIVE)
