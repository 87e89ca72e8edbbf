"""The report as one HTML page: no script, no external resource, French and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from dmp_certify.finding import Text
from dmp_certify.report import model
from dmp_certify.report.render import html_items, words
from dmp_certify.report.render.excerpt import Lookup, nothing
from dmp_certify.report.render.facts import moment, product_facts, run_facts
from dmp_certify.report.render.html_items import badge, identifier
from dmp_certify.report.render.markup import Markup, both, h, join
from dmp_certify.report.render.story import Story, tell, text

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render(report: Mapping[str, Any], excerpt: Lookup = nothing) -> str:
    """The page of a report; `excerpt` finds the lines of the product's messages."""
    story = tell(report, excerpt, model.digest(report))
    product = report["product"]
    head = h(
        "head",
        h("meta", charset="utf-8"),
        h("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        h("meta", name="viewport", content="width=device-width, initial-scale=1"),
        h("title", f"{words.TITLE.fr} – {product['name']} {product['version']}"),
        h("style", Markup(style())),
    )
    body = h("body", *_languages(), h("main", *_sections(story), class_="sheet"))
    return "<!DOCTYPE html>\n" + h("html", head, body, lang="fr") + "\n"


def style() -> str:
    """The style sheet that ships beside this package."""
    sheet = resources.files("dmp_certify.report").joinpath("templates", "report.css")
    return sheet.read_text("utf-8")


def _languages() -> list[Markup]:
    """A choice of languages that needs no script: three radio buttons before the page."""
    inputs, labels = [], []
    for value, label in (("fr", "Français"), ("en", "English"), ("both", "FR + EN")):
        name = f"lang-{value}"
        checked = "checked" if value == "fr" else None
        inputs.append(h("input", type="radio", name="lang", id=name, checked=checked))
        labels.append(h("label", label, for_=name))
    return [*inputs, h("nav", *labels, class_="languages")]


def _sections(story: Story) -> list[Markup]:
    return [
        _masthead(story),
        _ruling(story),
        _facts(story),
        _to_correct(story),
        html_items.items(story),
        html_items.kept(story),
        _not_exercised(words.NOT_EXERCISED, None, story.silent),
        _not_applicable(story),
        _not_exercised(words.OUTSIDE, words.OUTSIDE_NOTE, story.outside),
        _attestations(story),
        _signatures(story),
    ]


def _masthead(story: Story) -> Markup:
    profile = story.report["profile"]
    return h(
        "header",
        h("p", words.TITLE, class_="kind"),
        h("h1", f"{story.report['product']['name']} {story.report['product']['version']}"),
        h("p", text(profile["title"]), f" · {profile['id']} {profile['edition']}", class_="under"),
        class_="masthead",
    )


def _ruling(story: Story) -> Markup:
    ruling = story.report["ruling"]
    return h(
        "section",
        h("h2", words.SUMMARY),
        h(
            "div",
            h("p", words.RULING[ruling], class_="word"),
            h("p", story.sentence, class_="sentence"),
            class_=f"ruling {ruling.lower()}",
        ),
        _counts(story.report["counts"]),
        class_="summary",
    )


def _counts(counts: Mapping[str, Any]) -> Markup:
    shown = [verdict for verdict in words.VERDICT if counts[verdict]]
    head = h(
        "tr",
        h("th", ""),
        *(h("th", words.VERDICT[v], scope="col") for v in shown),
        h("th", words.TOTAL, scope="col"),
    )
    lines = [
        _count_line(words.OBLIGATION[name], counts["by_obligation"][name], shown)
        for name in words.OBLIGATION
        if any(counts["by_obligation"][name].values())
    ]
    total = _count_line(words.TOTAL, {v: counts[v] for v in words.VERDICT}, shown, "total")
    return h("table", h("thead", head), h("tbody", *lines, total), class_="counts")


def _count_line(
    label: Text, counts: Mapping[str, int], shown: Iterable[str], class_: str | None = None
) -> Markup:
    cells = [
        h("td", str(counts[v]) if counts[v] else "–", class_=v.lower() if counts[v] else "zero")
        for v in shown
    ]
    total = h("td", str(sum(counts.values())), class_="sum")
    return h("tr", h("th", label, scope="row"), *cells, total, class_=class_)


def _facts(story: Story) -> Markup:
    return h(
        "section",
        h("div", h("h2", words.PRODUCT), _list(product_facts(story.report))),
        h("div", h("h2", words.RUN), _list(run_facts(story.report))),
        class_="facts",
    )


def _list(facts: Iterable[tuple[Text, Iterable[str | Text]]]) -> Markup:
    shown = []
    for label, lines in facts:
        values = [h("dd", line) for line in lines if line] or [h("dd", "–")]
        shown.append(join(h("dt", label), *values))
    return h("dl", *shown)


def _to_correct(story: Story) -> Markup:
    if not story.items:
        return Markup("")
    lines = [
        h(
            "li",
            h("a", item.row["id"], href=f"#{identifier(item.row['id'])}"),
            " ",
            badge(item.row["verdict"]),
            " ",
            h("span", text(item.row["title"]), class_="title"),
        )
        for item in story.items
    ]
    return h("section", h("h2", words.TO_CORRECT), h("ol", *lines), class_="to-correct")


def _not_exercised(title: Text, note: Text | None, rows: Iterable[Mapping[str, Any]]) -> Markup:
    lines = [
        h(
            "tr",
            h("th", row["id"], scope="row"),
            h("td", text(row["title"]), h("p", text(row["reason"]), class_="reason")),
            h("td", words.OBLIGATION[row["obligation"]]),
            h("td", words.CAUSE[row["cause"]]),
        )
        for row in rows
    ]
    if not lines:
        return Markup("")
    heads = (words.ID, words.REASON, words.OBLIGATION_LABEL, words.CAUSE_LABEL)
    head = h("thead", h("tr", *(h("th", each, scope="col") for each in heads)))
    intro = both(note, "p") if note else None
    return h("section", h("h2", title), intro, h("table", head, h("tbody", *lines), class_="rows"))


def _not_applicable(story: Story) -> Markup:
    if not story.not_applicable:
        return Markup("")
    lines = [
        h("tr", h("th", row["id"], scope="row"), h("td", text(row["title"])))
        for row in story.not_applicable
    ]
    table = h("table", h("tbody", *lines), class_="rows")
    return h("section", h("h2", words.APART_LIST), both(words.APART_NOTE, "p"), table)


def _attestations(story: Story) -> Markup:
    answers = {True: words.YES, False: words.NO, None: words.UNANSWERED}
    said = [
        h(
            "li",
            h("p", text(each["question"]), class_="question"),
            h("p", answers[each["holds"]], " – ", each["by"] or "–", class_="answer"),
            h("p", each["remark"]) if each["remark"] else None,
            h(
                "p",
                f"{', '.join(each['requirement_ids'])} · {', '.join(each['evidence'])} · "
                f"{moment(each['at'])}",
                class_="reason",
            ),
        )
        for each in story.report["attestations"]
    ]
    content = h("ul", *said) if said else both(words.NO_ATTESTATION, "p")
    return h("section", h("h2", words.ATTESTATIONS), content, class_="attestations")


def _signatures(story: Story) -> Markup:
    blocks = [
        h(
            "div",
            h("h3", who),
            *(h("p", label, class_="blank") for label in words.SIGNATURE_LINES),
            class_="block",
        )
        for who in (words.FOR_VENDOR, words.FOR_AUTHORITY)
    ]
    digests = h(
        "dl",
        h("dt", words.REPORT_DIGEST),
        h("dd", h("code", story.digest)),
        h("dt", words.EVIDENCE_DIGEST),
        h("dd", h("code", story.report["run"]["evidence_root"])),
        class_="digests",
    )
    return h(
        "section",
        h("h2", words.SIGNATURES),
        both(words.SIGN_NOTE, "p"),
        digests,
        h("div", *blocks, class_="blocks"),
        class_="signatures",
    )
