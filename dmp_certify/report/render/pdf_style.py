"""The looks of the PDF: sober, black on white, colour for verdicts only."""

from __future__ import annotations

from typing import Any

from reportlab.lib.styles import ParagraphStyle

INK, SOFT, RULE, WASH = "#1c2126", "#59636e", "#d4d9de", "#f5f6f7"
GOOD, BAD, DOUBT, VOID = "#1d6a3d", "#a02420", "#8a5a00", "#4b3b73"
TONE = {
    "CONFORMING": GOOD,
    "NON_CONFORMING": BAD,
    "INCOMPLETE": DOUBT,
    "MET": GOOD,
    "ATTESTED": GOOD,
    "NOT_MET": BAD,
    "DEVIATION": DOUBT,
    "NOTED": DOUBT,
    "NOT_DEMONSTRATED": DOUBT,
    "NOT_APPLICABLE": SOFT,
    "VOID": VOID,
}


def _style(name: str, size: float, **options: Any) -> ParagraphStyle:
    known: dict[str, Any] = {
        "fontName": "Helvetica",
        "fontSize": size,
        "leading": size * 1.38,
        "textColor": INK,
        "splitLongWords": 1,
    }
    return ParagraphStyle(name, **{**known, **options})


KIND = _style("kind", 9, textColor=SOFT, spaceAfter=2)
TITLE = _style("title", 22, fontName="Helvetica-Bold", leading=27)
UNDER = _style("under", 11, textColor=SOFT, spaceAfter=10)
RULING = _style("ruling", 18, fontName="Helvetica-Bold", leading=24)
BODY = _style("body", 9.5)
NOTE = _style("note", 8.5, textColor=SOFT, spaceAfter=4)
SMALL = _style("small", 8, textColor=SOFT)
FACT = _style("fact", 9, leftIndent=12, firstLineIndent=-12)
HEADING = _style(
    "heading", 12.5, fontName="Helvetica-Bold", spaceBefore=14, spaceAfter=1, keepWithNext=1
)  # fmt: skip
ITEM = _style("item", 11, fontName="Helvetica-Bold", spaceBefore=10, keepWithNext=1)
FAULT = _style("fault", 9.5, spaceBefore=5, spaceAfter=1, keepWithNext=1)
ROW = _style("row", 9, leftIndent=12, firstLineIndent=-12, spaceAfter=2)
CODE = _style("code", 7, fontName="Courier", leading=9)

COUNTS = [
    ("FONT", (0, 0), (-1, -1), "Helvetica", 8.5),
    ("FONT", (0, 1), (0, -1), "Helvetica-Bold", 8.5),
    ("TEXTCOLOR", (0, 0), (-1, 0), SOFT),
    ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("LINEBELOW", (0, 0), (-1, -2), 0.4, RULE),
    ("LINEABOVE", (0, -1), (-1, -1), 0.8, INK),
]
BLOCKS = [
    ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9.5),
    ("FONT", (0, 1), (-1, -1), "Helvetica", 8),
    ("TEXTCOLOR", (0, 1), (-1, -1), SOFT),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("BOX", (0, 0), (0, -1), 0.8, INK),
    ("BOX", (1, 0), (1, -1), 0.8, INK),
    ("LINEBELOW", (0, 0), (-1, -2), 0.3, RULE),
]


def excerpt(marked: int) -> list[tuple[Any, ...]]:
    """The looks of an excerpt whose row `marked` is at fault; -1 when none is."""
    looks: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (0, -1), "Courier", 7),
        ("TEXTCOLOR", (0, 0), (0, -1), SOFT),
        ("ALIGN", (0, 0), (0, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 0.6),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4),
        ("BACKGROUND", (0, 0), (-1, -1), WASH),
        ("BOX", (0, 0), (-1, -1), 0.4, RULE),
    ]
    if marked >= 0:
        looks += [
            ("BACKGROUND", (0, marked), (-1, marked), "#fbe9e7"),
            ("FONT", (0, marked), (0, marked), "Courier-Bold", 7),
            ("TEXTCOLOR", (0, marked), (0, marked), BAD),
        ]
    return looks
