"""The requirements of the page: each fault with expected, observed and the lines at fault."""

from __future__ import annotations

import re

from dmp_certify.finding import Text
from dmp_certify.report.render import words
from dmp_certify.report.render.excerpt import Excerpt
from dmp_certify.report.render.markup import Markup, h, join
from dmp_certify.report.render.story import Group, Item, Story, text

_MORE = 12


def identifier(row: str) -> str:
    """The anchor of a requirement."""
    return "req-" + re.sub(r"[^A-Za-z0-9._-]", "-", row)


def badge(verdict: str) -> Markup:
    """The verdict as a mark."""
    return h("span", words.VERDICT[verdict], class_=f"badge {verdict.lower()}")


def items(story: Story) -> Markup:
    """The requirements that call for words, each with its faults."""
    shown = [_item(item) for item in story.items]
    if story.loose:
        shown.append(h("article", *map(_group, story.loose), class_="item void"))
    if not shown:
        return Markup("")
    return h("section", h("h2", words.REQUIREMENTS), *shown)


def kept(story: Story) -> Markup:
    """The requirements that are met or attested, one line each."""
    if not story.kept:
        return Markup("")
    lines = [
        h(
            "tr",
            h("th", row["id"], scope="row"),
            h("td", text(row["title"])),
            h("td", badge(row["verdict"])),
            h("td", str(len(row["checks"])) if row["checks"] else "–", class_="number"),
            h("td", str(len(row["evidence"])), class_="number"),
        )
        for row in story.kept
    ]
    heads = (words.ID, words.STATEMENT, words.VERDICT_LABEL, words.CHECKS, words.EXCHANGES)
    head = h("thead", h("tr", *(h("th", each, scope="col") for each in heads)))
    table = h("table", head, h("tbody", *lines), class_="rows kept")
    return h("section", h("h2", words.MET_LIST), table)


def _item(item: Item) -> Markup:
    row = item.row
    return h(
        "article",
        h(
            "header",
            h("h3", row["id"], " ", badge(row["verdict"])),
            h("p", text(row["title"]), class_="statement"),
            h(
                "p",
                words.OBLIGATION[row["obligation"]],
                f" · {row['source']} · ",
                words.cause(row["cause"]),
                class_="reason",
            ),
        ),
        *map(_group, item.groups),
        h("p", words.more(item.more), class_="more") if item.more else None,
        class_=f"item {row['verdict'].lower()}",
        id=identifier(row["id"]),
    )


def _group(group: Group) -> Markup:
    title = group.texts.get("title") or words.OUTCOME[group.outcome]
    facts = [
        _fact(words.EXPECTED, group.expected, "expected"),
        _fact(words.OBSERVED, group.observed, "observed"),
        h("dt", words.WHERE),
        h("dd", _where(group), class_="where"),
    ]
    advice = [
        _fact(label, group.texts[name])
        for label, name in ((words.WHY, "why"), (words.CORRECT, "correct"))
        if name in group.texts
    ]
    return h(
        "div",
        h("h4", title, " ", h("code", group.check)),
        h("dl", *facts, class_="compared"),
        _excerpt(group.excerpt) if group.excerpt else None,
        h("dl", *advice, class_="advice") if advice else None,
        class_="fault",
    )


def _fact(label: Text, value: Text, class_: str | None = None) -> Markup:
    shown = value if value.fr or value.en else words.NOTHING
    tag = "pre" if "\n" in value.fr else "span"
    return join(h("dt", label), h("dd", h(tag, shown), class_=class_))


def _where(group: Group) -> Markup:
    first, *others = [_place(artifact, line) for artifact, line in group.places]
    shown = [h("code", first)]
    if group.path:
        shown.append(h("code", group.path, class_="path"))
    if others:
        listed = ", ".join(others[:_MORE]) + (" …" if len(others) > _MORE else "")
        shown.append(h("p", words.ALSO_IN, f" ({len(others)}) ", h("code", listed)))
    return join(*shown)


def _place(artifact: str, line: int | None) -> str:
    return f"{artifact}:{line}" if line else artifact


def _excerpt(excerpt: Excerpt) -> Markup:
    lines = [
        h(
            "tr",
            h("td", "▶" if line.marked else "", class_="pointer"),
            h("td", str(line.number), class_="line"),
            h("td", h("code", *(h("mark", p.text) if p.hit else p.text for p in line.pieces))),
            class_="marked" if line.marked else None,
        )
        for line in excerpt.lines
    ]
    return h("table", h("tbody", *lines), class_="excerpt")
