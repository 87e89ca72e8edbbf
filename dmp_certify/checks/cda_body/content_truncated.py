"""A content is cut off before its end.

What it finds: a PDF without the mark of its end (%%EOF) in its last bytes, a JPEG without its end
marker, or a PNG without its last chunk.
Why it matters: the end of a PDF holds the table by which a reader finds the pages: a cut PDF does
not open, a cut image shows its upper part.
How to correct: send all the bytes; look for a limit of size between the file and the document.

Un contenu est coupé avant sa fin.

Ce que le contrôle trouve : un PDF sans la marque de sa fin (%%EOF) dans ses derniers octets, un
JPEG sans son marqueur de fin, ou un PNG sans son dernier bloc.
Pourquoi c'est important : la fin d'un PDF porte la table par laquelle un lecteur trouve les pages :
un PDF coupé ne s'ouvre pas, une image coupée ne montre que son haut.
Comment corriger : envoyer tous les octets ; chercher une limite de taille entre le fichier et le
document.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_body import Attachment
from dmp_certify.wire.pdf import is_pdf

_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
_PDF_END = b"%%EOF"
# Readers look for the end of a PDF in its last 1024 bytes (PDF Reference 1.7, appendix H).
_WINDOW = 1024


@check("DC-CDA-CONTENT-WHOLE", when=lambda cda: any(map(_end_of, cda.attachments)))
def content_truncated(cda: Cda) -> Iterator[Fault]:
    for one in cda.attachments:
        end = _end_of(one)
        data = one.data or b""
        if not end:
            continue
        # After the end of an image other bytes may follow; in a PDF a few only.
        window = data[-_WINDOW:] if end == _PDF_END else data
        if end not in window:
            expected = Text(f"{_named(end)} à la fin", f"{_named(end)} at the end")
            observed = Text(f"absent des {len(data)} octets", f"absent from the {len(data)} bytes")
            yield Fault(one.place, expected, observed)


def _end_of(one: Attachment) -> bytes:
    """The mark at the end of this kind of content, empty for a kind without one."""
    data = one.data if one.encoded and not one.compression else None
    if not data:
        return b""
    if data.startswith(_JPEG):
        return _JPEG_END
    if data.startswith(_PNG):
        return _PNG_END
    return _PDF_END if is_pdf(data) else b""


def _named(end: bytes) -> str:
    return "FFD9" if end == _JPEG_END else end.decode("ascii")
