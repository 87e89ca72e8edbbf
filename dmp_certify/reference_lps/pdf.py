"""A minimal PDF/A-1b (ISO 19005-1) page that shows a few lines of capitals.

The letters are drawn as strokes, in a calibrated grey: with no font and no device colour, nothing
has to be embedded and no output intent is needed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from dmp_certify.reference_lps.markup import text
from dmp_certify.reference_lps.moments import instant

# Each letter as strokes on a grid 3 wide and 5 high: "xy" points, "|" lifts the pen.
_STROKES = {
    "A": "00 03 14 23 20|02 22", "B": "00 04 14 23 12 02|12 21 10 00", "C": "24 04 00 20",
    "D": "00 04 14 23 21 10 00", "E": "24 04 00 20|02 12", "F": "24 04 00|02 12",
    "G": "24 04 00 20 22 12", "H": "00 04|20 24|02 22", "I": "10 14", "J": "24 20 00 01",
    "K": "00 04|24 02 20", "L": "04 00 20", "M": "00 04 12 24 20", "N": "00 04 20 24",
    "O": "00 04 24 20 00", "P": "00 04 24 22 02", "Q": "00 04 24 20 00|11 20",
    "R": "00 04 24 22 02 20", "S": "24 04 02 22 20 00", "T": "04 24|14 10",
    "U": "04 00 20 24", "V": "04 10 24", "W": "04 00 12 20 24", "X": "00 24|04 20",
    "Y": "04 12 24|12 10", "Z": "04 24 00 20", "0": "00 04 24 20 00 24", "1": "03 14 10",
    "2": "04 24 22 02 00 20", "3": "04 24 20 00|02 22", "4": "04 02 22|24 20",
    "5": "24 04 02 22 20 00", "6": "24 04 00 20 22 02", "7": "04 24 10",
    "8": "00 04 24 20 00|02 22", "9": "22 02 04 24 20 00", "-": "02 22", ".": "10 11",
    "'": "14 13", "/": "00 24", ":": "11 12|13 14",
}  # fmt: skip
_UNIT = 2.6
_MARGIN = 56.0
_TOP = 780.0
_PER_LINE = 46


def page(title: str, lines: list[str], moment: datetime) -> bytes:
    """One A4 page with `title` and `lines`; the same arguments give the same bytes."""
    content = _content([title, "", *lines])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /ColorSpace << /Grey [/CalGray << /WhitePoint [0.9505 1.0 1.089] >>] >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        _metadata(title, moment),
    ]
    return _assemble(objects)


def _content(lines: list[str]) -> bytes:
    drawn = ["/Grey CS 0 SC 0.9 w 1 J 1 j"]
    y = _TOP
    for line in lines:
        plain = _plain(line)
        for start in range(0, max(len(plain), 1), _PER_LINE):
            for column, letter in enumerate(plain[start : start + _PER_LINE]):
                drawn += _draw(letter, _MARGIN + column * 4 * _UNIT, y)
            y -= 8 * _UNIT
    return "\n".join(drawn).encode("ascii")


def _plain(line: str) -> str:
    decomposed = unicodedata.normalize("NFD", line)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper()


def _draw(letter: str, x: float, y: float) -> list[str]:
    drawn = []
    for stroke in _STROKES.get(letter, "").split("|"):
        for number, point in enumerate(stroke.split()):
            px, py = x + int(point[0]) * _UNIT, y + int(point[1]) * _UNIT
            drawn.append(f"{px:.1f} {py:.1f} {'l' if number else 'm'}")
        if stroke:
            drawn.append("S")
    return drawn


def _metadata(title: str, moment: datetime) -> bytes:
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        "</rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{text(title)}</rdf:li></rdf:Alt>'
        "</dc:title></rdf:Description>"
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<xmp:CreateDate>{instant(moment)}</xmp:CreateDate></rdf:Description>"
        '</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
    head = f"<< /Type /Metadata /Subtype /XML /Length {len(packet)} >>".encode()
    return head + b"\nstream\n" + packet + b"\nendstream"


def _assemble(objects: list[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    identity = hashlib.sha256(data).hexdigest()[:32].upper().encode()
    xref = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        data += b"%010d 00000 n \n" % offset
    data += b"trailer\n<< /Size %d /Root 1 0 R /ID [<%s> <%s>] >>\n" % (
        len(objects) + 1, identity, identity,
    )  # fmt: skip
    data += b"startxref\n%d\n%%%%EOF\n" % xref
    return bytes(data)
