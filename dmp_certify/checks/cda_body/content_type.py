"""A content is not of the type it declares.

What it finds: bytes that do not begin as the declared media type begins: PDF, JPEG, TIFF, PNG, GIF
or RTF.
Why it matters: the reader's viewer refuses the content or shows nothing.
How to correct: declare the type of the bytes that are sent, or send bytes of the declared type.

Un contenu n'est pas du type qu'il déclare.

Ce que le contrôle trouve : des octets qui ne commencent pas comme commence le type déclaré : PDF,
JPEG, TIFF, PNG, GIF ou RTF.
Pourquoi c'est important : le lecteur refuse le contenu ou ne montre rien.
Comment corriger : déclarer le type des octets envoyés, ou envoyer des octets du type déclaré.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_body import Attachment
from dmp_certify.wire.pdf import HEADER_WINDOW

_BEGINNINGS = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "text/rtf": (b"{\\rtf",),
    "application/rtf": (b"{\\rtf",),
}


@check("DC-CDA-CONTENT-TYPE", when=lambda cda: any(_judged(one) for one in cda.attachments))
def content_type(cda: Cda) -> Iterator[Fault]:
    for one in cda.attachments:
        if _judged(one) and not _begins(one.media_type, one.data or b""):
            data = one.data or b""
            yield Fault(one.place, one.media_type, repr(data[:16])[2:-1])


def _judged(one: Attachment) -> bool:
    known = one.media_type == "application/pdf" or one.media_type in _BEGINNINGS
    return known and one.encoded and bool(one.data) and not one.compression


def _begins(media_type: str, data: bytes) -> bool:
    if media_type == "application/pdf":
        return b"%PDF-" in data[:HEADER_WINDOW]
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_BEGINNINGS[media_type]) or (
        data.startswith(_BEGINNINGS[media_type])
    )
