"""The report as PDF: the same content condensed, in French, then in English.

The same report gives the same bytes (reportlab's `invariant`). The fonts are the standard ones of
every reader, which hold the characters of Windows-1252: any other shows as its code.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)

from dmp_certify.finding import Text
from dmp_certify.report import model
from dmp_certify.report.render import pdf_style as style
from dmp_certify.report.render import words
from dmp_certify.report.render.excerpt import Excerpt, Lookup, nothing
from dmp_certify.report.render.facts import moment, product_facts, run_facts
from dmp_certify.report.render.markup import visible
from dmp_certify.report.render.story import Group, Item, Story, tell, text

_MARGIN = 18 * mm
_LONG = 700
_WIDTH = A4[0] - 2 * _MARGIN


def render(report: Mapping[str, Any], excerpt: Lookup = nothing) -> bytes:
    """The PDF of a report; `excerpt` finds the lines of the product's messages."""
    story = tell(report, excerpt, model.digest(report))
    product = report["product"]
    stream = io.BytesIO()
    document = BaseDocTemplate(
        stream,
        pagesize=A4,
        invariant=1,
        title=f"{words.TITLE.fr} - {product['name']} {product['version']}",
        author="dmp-certify",
        lang="fr",
    )
    frame = Frame(_MARGIN, 20 * mm, _WIDTH, A4[1] - 38 * mm, 0, 0, 0, 0)
    footer = _footer(f"{product['name']} {product['version']} - {report['run']['id']}")
    document.addPageTemplates([PageTemplate("page", [frame], onPage=footer)])
    flow: list[Flowable] = [*_Teller(story, 0).flow(), PageBreak(), *_Teller(story, 1).flow()]
    document.build(flow)
    return stream.getvalue()


def _footer(left: str) -> Callable[[Canvas, BaseDocTemplate], None]:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(style.SOFT)
        canvas.drawString(_MARGIN, 11 * mm, _printable(left)[:110])
        canvas.drawRightString(A4[0] - _MARGIN, 11 * mm, str(document.page))

    return draw


def _printable(value: str) -> str:
    """`value` in the characters the fonts hold."""
    return "".join(
        each if each.encode("cp1252", "ignore") else f"<U+{ord(each):04X}>"
        for each in visible(value)
    )


def _safe(value: str, limit: int = _LONG) -> str:
    """`value` as reportlab's markup, shortened."""
    shown = _printable(value)
    cut = shown if len(shown) <= limit else shown[:limit] + "…"
    return "<br/>".join(escape(line) for line in cut.splitlines()[:25])


class _Teller:
    """Tells the story in one language: 0 is French, 1 English."""

    def __init__(self, story: Story, language: int) -> None:
        self.story = story
        self.language = language

    def say(self, value: Text | str) -> str:
        return _safe(value if isinstance(value, str) else value[self.language])

    def named(self, label: Text, value: str) -> Paragraph:
        """`label : value`, the value in reportlab's markup."""
        colon = (" :", ":")[self.language]
        return Paragraph(f"<font color='{style.SOFT}'>{self.say(label)}{colon}</font> {value}",
                         style.FACT)  # fmt: skip

    def plain(self, value: Text) -> str:
        """For the cells of a table, which are no markup."""
        return _printable(value[self.language])

    def heading(self, label: Text) -> list[Flowable]:
        rule = HRFlowable(width="100%", thickness=0.7, color=style.INK, spaceAfter=4)
        rule.keepWithNext = True
        return [Paragraph(self.say(label), style.HEADING), rule]

    def flow(self) -> Iterator[Flowable]:
        report = self.story.report
        product, profile = report["product"], report["profile"]
        yield Paragraph(self.say(words.TITLE), style.KIND)
        yield Paragraph(self.say(f"{product['name']} {product['version']}"), style.TITLE)
        under = f"{self.say(text(profile['title']))} - {self.say(profile['id'])}"
        yield Paragraph(f"{under} {self.say(profile['edition'])}", style.UNDER)
        tone = style.TONE[report["ruling"]]
        word = self.say(words.RULING[report["ruling"]])
        yield Paragraph(f"<font color='{tone}'>{word}</font>", style.RULING)
        yield Paragraph(self.say(self.story.sentence), style.BODY)
        yield self.counts()
        for title, facts in (
            (words.PRODUCT, product_facts(report)),
            (words.RUN, run_facts(report)),
        ):
            lines = [
                self.named(label, ", ".join(self.say(each) for each in values if each) or "-")
                for label, values in facts
            ]
            yield KeepTogether([*self.heading(title), *lines])
        if self.story.items or self.story.loose:
            yield from self.heading(words.TO_CORRECT)
        for item in self.story.items:
            yield from self.item(item)
        for group in self.story.loose:
            yield from self.group(group)
        yield from self.lists()
        yield from self.closing()

    def counts(self) -> Table:
        counts = self.story.report["counts"]
        shown = [verdict for verdict in words.VERDICT if counts[verdict]]
        rows = [["", *(self.plain(words.VERDICT[v]) for v in shown)]]
        lines = [
            (words.OBLIGATION[name], counts["by_obligation"][name]) for name in words.OBLIGATION
        ]
        for label, line in [*lines, (words.TOTAL, counts)]:
            if any(line[v] for v in words.VERDICT):
                rows.append([self.plain(label), *(str(line[v] or "–") for v in shown)])
        return Table(rows, style=style.COUNTS, hAlign="LEFT", spaceBefore=8, spaceAfter=4)

    def item(self, item: Item) -> Iterator[Flowable]:
        row = item.row
        tone = style.TONE[row["verdict"]]
        verdict = self.say(words.VERDICT[row["verdict"]])
        facts = f"{self.say(words.OBLIGATION[row['obligation']])} - {self.say(row['source'])}"
        head = [
            Paragraph(
                f"{self.say(row['id'])} <font color='{tone}' size='9'>{verdict}</font>", style.ITEM
            ),
            Paragraph(self.say(text(row["title"])), style.BODY),
            Paragraph(facts, style.SMALL),
        ]
        first, *others = [list(self.group(group)) for group in item.groups]
        yield KeepTogether([*head, *first[:4]])
        yield from first[4:]
        for group in others:
            yield from group
        if item.more:
            yield Paragraph(self.say(words.more(item.more)), style.SMALL)

    def group(self, group: Group) -> Iterator[Flowable]:
        title = group.texts.get("title") or words.OUTCOME[group.outcome]
        check = f"<font face='Courier' size='7.5' color='{style.SOFT}'>{_safe(group.check)}</font>"
        yield Paragraph(f"<b>{self.say(title)}</b> {check}", style.FAULT)
        for label, value in ((words.EXPECTED, group.expected), (words.OBSERVED, group.observed)):
            yield self.named(label, self.say(value) or self.say(words.NOTHING))
        places = [f"{artifact}:{line}" if line else artifact for artifact, line in group.places]
        more = f" (+{len(places) - 1})" if len(places) > 1 else ""
        where = f"{_safe(places[0])}{more}<br/>{_safe(group.path)}"
        yield self.named(words.WHERE, f"<font face='Courier' size='7.5'>{where}</font>")
        if group.excerpt:
            yield _excerpt(group.excerpt)
        for label, name in ((words.WHY, "why"), (words.CORRECT, "correct")):
            if name in group.texts:
                yield self.named(label, self.say(group.texts[name]))

    def lists(self) -> Iterator[Flowable]:
        story = self.story
        for title, note, rows in (
            (words.MET_LIST, None, story.kept),
            (words.NOT_EXERCISED, None, story.silent),
            (words.APART_LIST, words.APART_NOTE, story.not_applicable),
            (words.OUTSIDE, words.OUTSIDE_NOTE, story.outside),
        ):
            lines: list[Flowable] = [Paragraph(self.say(note), style.NOTE)] if note else []
            for row in rows:
                said = f"<b>{self.say(row['id'])}</b> {self.say(text(row['title']))}"
                if "reason" in row:
                    reason = self.say(text(row["reason"]))
                    said += f"<br/><font size='7.5' color='{style.SOFT}'>{reason}</font>"
                lines.append(Paragraph(said, style.ROW))
            if rows:
                yield KeepTogether([*self.heading(title), *lines[:2]])
                yield from lines[2:]

    def closing(self) -> Iterator[Flowable]:
        yield from self.heading(words.ATTESTATIONS)
        answers = {True: words.YES, False: words.NO, None: words.UNANSWERED}
        for each in self.story.report["attestations"]:
            rows = ", ".join(each["requirement_ids"])
            by = f"{self.say(answers[each['holds']])} - {self.say(each['by'])}"
            said = f"{self.say(text(each['question']))} <b>{by}</b><br/>{self.say(rows)}"
            yield Paragraph(f"{said} - {moment(each['at'])}", style.ROW)
        if not self.story.report["attestations"]:
            yield Paragraph(self.say(words.NO_ATTESTATION), style.BODY)
        digests = (
            (words.REPORT_DIGEST, self.story.digest),
            (words.EVIDENCE_DIGEST, self.story.report["run"]["evidence_root"]),
        )
        named = [
            self.named(label, f"<br/><font face='Courier' size='8'>{value}</font>")
            for label, value in digests
        ]
        note = Paragraph(self.say(words.SIGN_NOTE), style.BODY)
        yield KeepTogether([*self.heading(words.SIGNATURES), note, *named, self.blocks()])

    def blocks(self) -> Table:
        who = [self.plain(words.FOR_VENDOR), self.plain(words.FOR_AUTHORITY)]
        lines = [[self.plain(label)] * 2 for label in words.SIGNATURE_LINES]
        heights = [8 * mm, 13 * mm, 11 * mm, 24 * mm]
        return Table([who, *lines], [_WIDTH / 2] * 2, heights, style=style.BLOCKS, spaceBefore=8)


def _excerpt(excerpt: Excerpt) -> Table:
    rows, marked = [], -1
    for index, line in enumerate(excerpt.lines):
        marked = index if line.marked else marked
        shown = ""
        for piece in line.pieces:
            said = escape(_printable(piece.text)).replace(" ", "&nbsp;")
            shown += f"<b>{said}</b>" if piece.hit else said
        rows.append([str(line.number), Paragraph(shown, style.CODE)])
    looks = style.excerpt(marked)
    return Table(rows, [11 * mm, _WIDTH - 11 * mm], style=looks, spaceBefore=3, spaceAfter=4)
