"""A content is not of the type it declares.

What it finds: bytes that do not begin as the declared media type begins (PDF, JPEG, TIFF, PNG, GIF,
RTF), or that begin as one of these while another type is declared.
Why it matters: the reader's viewer refuses the content or shows nothing.
How to correct: declare the type of the bytes that are sent, or send bytes of the declared type.

Un contenu n'est pas du type qu'il déclare.

Ce que le contrôle trouve : des octets qui ne commencent pas comme commence le type déclaré (PDF,
JPEG, TIFF, PNG, GIF, RTF), ou qui commencent comme l'un d'eux alors qu'un autre type est déclaré.
Pourquoi c'est important : le lecteur refuse le contenu ou ne montre rien.
Comment corriger : déclarer le type des octets envoyés, ou envoyer des octets du type déclaré.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_body import Attachment
from dmp_certify.wire.pdf import is_pdf

_BEGINNINGS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "text/rtf": (b"{\\rtf",),
}
_KNOWN = frozenset({"application/pdf", *_BEGINNINGS})
# Other names in use for the same types; application/octet-stream says nothing of the bytes.
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "image/x-png": "image/png",
    "application/rtf": "text/rtf",
    "application/x-pdf": "application/pdf",
}
_ANYTHING = "application/octet-stream"
# What a content is when nothing is said (HL7 V3 Data Types R1, ED.mediaType).
_DEFAULT = "text/plain"


@check("DC-CDA-CONTENT-TYPE", when=lambda cda: any(_judged(one) for one in _typed(cda)))
def content_type(cda: Cda) -> Iterator[Fault]:
    for one in filter(_judged, _typed(cda)):
        data = one.data or b""
        declared = _ALIASES.get(one.media_type, one.media_type)
        seen = _recognised(data)
        if seen != declared and (seen or declared in _KNOWN):
            expected = Text.same(one.media_type)
            if not one.media_type:
                expected = Text(f"{_DEFAULT} (par défaut)", f"{_DEFAULT} (by default)")
            yield Fault(one.place, expected, seen or repr(data[:16])[2:-1])


def _typed(cda: Cda) -> Iterator[Attachment]:
    # A level-1 body without mediaType breaks a rule of its own.
    return (one for one in cda.attachments if one.media_type or cda.body is None)


def _judged(one: Attachment) -> bool:
    if not one.encoded or not one.data or one.compression or one.media_type == _ANYTHING:
        return False
    return _ALIASES.get(one.media_type, one.media_type) in _KNOWN or bool(_recognised(one.data))


def _recognised(data: bytes) -> str:
    """The type whose beginning the bytes have, empty for any other."""
    bare = data[:64].lstrip(b"\xef\xbb\xbf \r\n\t")
    for media_type, beginnings in _BEGINNINGS.items():
        if data.startswith(beginnings) or bare.startswith(beginnings):
            return media_type
    return "application/pdf" if is_pdf(data) else ""
