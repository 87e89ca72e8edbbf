"""The pictures of a report: complete, escaped, self-contained, the same each time."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Place, Text
from dmp_certify.outcome import Outcome
from dmp_certify.report import model
from dmp_certify.report.render import excerpt, html, junit, locate, pdf
from dmp_certify.report.render.markup import visible
from tests.report import sample

VOID = {"meta", "input", "br", "link"}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return sample.record(tmp_path_factory.mktemp("run") / "evidence")


@pytest.fixture(scope="module")
def report(evidence: Evidence) -> Any:
    return model.build(evidence, sample.FINDINGS, sample.basis())


@pytest.fixture(scope="module")
def page(report: Any, evidence: Evidence) -> str:
    return html.render(report, excerpt.of_evidence(evidence))


class Reader(HTMLParser):
    """Reads a page and insists that its elements nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[tuple[str, ...], str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append((tuple(self.open), data))

    @property
    def shown(self) -> str:
        return "".join(data for _, data in self.text)


# --- HTML ------------------------------------------------------------------------------------


def test_the_page_is_alone_and_runs_nothing(page: str) -> None:
    read = Reader(page)
    names = {tag for tag, _ in read.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for tag, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not {"src", "style", "srcset"} & set(attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in page
    assert "@import" not in page
    assert not [value for _, a in read.tags for value in a.values() if "://" in (value or "")]
    assert any("default-src 'none'" in (a.get("content") or "") for _, a in read.tags)


def test_every_link_leads_somewhere(page: str) -> None:
    read = Reader(page)
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert len(links) == 4
    assert {str(link)[1:] for link in links} <= set(ids)
    labels = {attributes["for"] for tag, attributes in read.tags if tag == "label"}
    assert labels == {"lang-fr", "lang-en", "lang-both"} <= set(ids)


def test_french_comes_first_and_english_is_complete(page: str) -> None:
    fr = re.findall(r'<(\w+)(?: [^>]*)? lang="fr">', page)
    en = re.findall(r'<(\w+)(?: [^>]*)? lang="en">', page)
    assert fr[0] == "html"
    assert fr[1:] == en
    assert page.index("Non conforme") < page.index("Non-conforming")
    assert page.index('checked="checked"') > page.index('id="lang-fr"')


def test_the_summary_comes_first(page: str) -> None:
    headings = re.findall(r'<h2>(?:<span lang="fr">)?([^<]+)', page)
    assert headings == [
        "Synthèse",
        "Produit",
        "Session",
        "À corriger ou à démontrer",
        "Exigences",
        "Exigences satisfaites ou attestées",
        "Exigences non démontrées",
        "Exigences sans objet",
        "Hors du jugement de la suite",
        "Attestations",
        "Signatures",
    ]


def test_a_fault_shows_expected_observed_lines_why_and_how(page: str) -> None:
    begin = page.index('id="req-EX_VIHF-040"')
    card = page[begin : page.index("</article>", begin)]
    for piece in (
        "postérieur à 2026-11-23T09:00:03Z",
        "after 2026-11-23T09:00:03Z",
        "exchange/0001/request/body:8",
        "exchange/0002/request/body:8",
        "@NotOnOrAfter",
        '<tr class="marked"><td class="pointer">▶</td><td class="line">8</td>',
        "<mark>NotOnOrAfter=&quot;2026-11-23T08:59:59Z&quot;</mark>",
        '<td class="line">5</td>',
        '<td class="line">11</td>',
        "Une assertion périmée fait agir",
        "Build the assertion for each call",
        "Guide d&#x27;intégration DMP, § 3.2",
    ):
        assert piece in card, piece
    assert card.count("<table") == 1


def test_many_faults_of_one_check_are_bounded_and_advised_once(evidence: Evidence) -> None:
    many = [
        sample.expired("0001")._replace(observed=Text.same(f"2026-11-23T08:{n:02}:00Z"))
        for n in range(30)
    ]
    built = model.build(evidence, many, sample.basis())
    shown = html.render(built)
    begin = shown.index('id="req-EX_VIHF-040"')
    card = shown[begin : shown.index("</article>", begin)]
    assert card.count("Une assertion périmée fait agir") == 1
    assert card.count('class="fault"') == 8
    assert "Autres constats de cette exigence, dans report.json : 22." in card


def test_hostile_bytes_stay_text(page: str) -> None:
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;‹00›‹1B›[31m" in page
    assert "Éditeur &amp; Fils &lt;SARL&gt;" in page
    assert "&lt;b onclick=&quot;x()&quot;&gt;" in page
    page.encode()


def test_what_is_not_shown_to_be_met_is_listed_with_its_reason(page: str) -> None:
    shown = Reader(page).shown
    for piece in (
        "Aucun échange de la session n'a mis cette exigence en jeu.",
        "Le texte de l'exigence n'est pas public.",
        "n'entrent pas dans le jugement",
        "Dr Camille Test, directrice technique",
        "En authentification directe",
        "Pour l'autorité de validation",
    ):
        assert piece in shown, piece


def test_the_digests_are_printed(page: str, report: Any, evidence: Evidence) -> None:
    assert model.digest(report) in page
    assert evidence.root in page


def test_a_conforming_report_says_so(evidence: Evidence) -> None:
    built = model.build(evidence, sample.CLEAN, sample.basis())
    shown = Reader(html.render(built)).shown
    assert built["ruling"] == "CONFORMING"
    assert "Toutes les exigences obligatoires soumises au jugement sont satisfaites." in shown
    assert "À corriger" not in shown


def test_a_crash_without_a_row_is_shown(evidence: Evidence) -> None:
    crash = sample.finding("a.b", Outcome.CRASHED)._replace(
        requirement_ids=(),
        observed=Text.same("Traceback\nValueError: boom"),
        cause="suite",
    )
    built = model.build(evidence, [*sample.CLEAN, crash], sample.basis())
    shown = Reader(html.render(built)).shown
    assert "Sans valeur" in shown
    assert "ValueError: boom" in shown
    assert b"error" in junit.render(built)
    assert pdf.render(built).startswith(b"%PDF")


TEXTS = st.text(st.characters(codec=None), max_size=60)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_renders_everywhere(evidence: Evidence, fr: str, en: str, path: str) -> None:
    wild = Finding(
        "x.y", Outcome.FAIL, ("DC-SOAP-001",), Place("exchange/0001/request/body", path, 4),
        Text(fr, en), Text(en, fr), "0001", "product",
    )  # fmt: skip
    built = model.build(evidence, [wild], sample.basis())
    Reader(html.render(built, excerpt.of_evidence(evidence)))
    ET.fromstring(junit.render(built))
    assert pdf.render(built).startswith(b"%PDF")


# --- excerpts --------------------------------------------------------------------------------


def test_excerpts_come_from_the_very_bytes(evidence: Evidence) -> None:
    lookup = excerpt.of_evidence(evidence)
    found = lookup("exchange/0001/request/body", 8, "", "")
    assert found is not None
    lines = sample.VIHF.split("\n")
    assert [(line.number, line.text) for line in found.lines] == [
        (n, lines[n - 1]) for n in range(5, 12)
    ]
    assert [line.number for line in found.lines if line.marked] == [8]
    raw = lookup("exchange/0002/request", 1, "request-line", "GET")
    assert raw is not None
    assert raw.lines[0].text == "POST /si-dmp-server/v2/services/repository HTTP/1.1"
    for artifact, line in (
        ("exchange/0001/request/body", 99),
        ("exchange/0001/request/part/7", 1),
        ("exchange/0042/request", 1),
        ("connection/c0001", 1),
        ("scenario/x", 1),
    ):
        assert lookup(artifact, line, "", "") is None


def test_a_step_shows_what_was_asked_and_answered(evidence: Evidence) -> None:
    lookup = excerpt.of_evidence(evidence)
    found = lookup("scenario/feed-pdf", 0, "step/feed/answer/shown", "")
    assert found is not None
    assert [line.text.strip() for line in found.lines if line.marked] == [
        '"shown": "Envoyé <b>é\\u0000",'
    ]
    assert '"intent": "feed",' in [line.text.strip() for line in found.lines]
    whole = lookup("scenario/feed-pdf", 0, "step/feed/expect/exchanges[1]", "")
    assert whole is not None
    assert not [line for line in whole.lines if line.marked]
    fault = sample.finding("a.b", Outcome.FAIL, "EX_GEN-1060")._replace(
        place=Place("scenario/feed-pdf", "step/feed/answer/shown"),
    )
    built = model.build(evidence, [fault], sample.basis())
    assert "Envoyé &lt;b&gt;é" in html.render(built, lookup)
    assert pdf.render(built, lookup).startswith(b"%PDF")
    for artifact, path in (("scenario/other", "step/feed"), ("scenario/feed-pdf", "")):
        assert lookup(artifact, 0, path, "") is None


ONE_LINE = (
    '<?xml version="1.0"?>\n<d xmlns="urn:a"><code code="FR"/>'
    + "<e/>" * 400
    + '<p xmlns:q="urn:b"><q:g code="&gt;"/><q:g a=\'>"\' q:code = "M" z=""/><n>Zoé</n></p>'
    + "<s name='one'><v>1</v></s><s name='two'><v>1</v></s></d>"
)


@pytest.mark.parametrize(
    ("path", "observed", "hit"),
    [
        ("/x:d/x:code/@code", "FR", 'code="FR"'),
        ("/x:d/x:p/y:g[2]/@code", "M", 'q:code = "M"'),
        ("/x:d/x:p/y:g[1]/@code", ">", 'code="&gt;"'),
        ("/x:d/x:p/y:g[2]/@absent", "", '<q:g a=\'>"\' q:code = "M" z=""/>'),
        ("/x:d/x:p/x:n", "Zoé", "Zoé"),
        ("/x:d/x:p/x:n", "Zo", "Zo"),
        ("/x:d/x:p/x:n", "else", "<n>"),
        ("/x:d/x:p/x:absent/x:more", "Zoé", '<p xmlns:q="urn:b">'),
        ("/x:d/x:s[@name='two']/x:v", "1", "1"),
        ("/x:d/x:e[400]", "", "<e/>"),
        ("/other", "FR", None),
        ("header", "FR", None),
        ("", "FR", None),
    ],
)
def test_a_message_on_one_line_is_marked_at_the_very_place(
    path: str, observed: str, hit: str | None
) -> None:
    found = excerpt.cut(ONE_LINE.encode(), 2, path, observed)
    assert found is not None
    marked = found.lines[1]
    assert marked.marked
    assert len(marked.text) <= excerpt.WIDTH + 2
    assert [piece.text for piece in marked.pieces if piece.hit] == ([hit] if hit else [])
    assert marked.text.strip("…") in ONE_LINE


def test_the_second_of_two_alike_is_marked() -> None:
    data = ONE_LINE.encode()
    second = locate.locate(data, "/d/s[@name='two']/v", "1")
    first = locate.locate(data, "/d/s[1]/v", "1")
    assert first is not None
    assert second is not None
    assert first.end < second.begin == data.rindex(b"1</v>")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a",
        b"<a><b>",
        b"\xff\xfe<\x00a\x00",
        b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a><b>&z;</b></a>',
        b"<a>" * 5000,
        b'<?xml version="1.0" encoding="no-such"?><a><b/></a>',
    ],
)
def test_nothing_hostile_breaks_the_search(data: bytes) -> None:
    found = locate.locate(data, "/a/b", "y")
    assert found is None or 0 <= found.begin <= found.end <= len(data)


@given(st.text(max_size=700), st.integers(0, 700), st.integers(0, 400))
def test_a_cut_keeps_the_hit_and_the_letters(text: str, at: int, length: int) -> None:
    line = text.encode("utf-8", "replace")
    span = locate.Span(min(at, len(line)), min(at + length, len(line)))
    parts = excerpt._pieces(line, span, 320)
    whole = "".join(part.text for part in parts).encode("utf-8", "replace")
    assert len(whole) <= 4 * 330
    hit = "".join(part.text for part in parts if part.hit)
    assert hit == line[span.begin : span.end][:320].decode("utf-8", "backslashreplace")


def test_bytes_that_are_not_utf8_are_shown_as_codes() -> None:
    found = excerpt.cut(b"a\n\xff\xfe\r\nb", 2)
    assert found is not None
    assert [line.text for line in found.lines] == ["a", "\\xff\\xfe", "b"]
    assert excerpt.cut(b"", 1) is None


# --- PDF -------------------------------------------------------------------------------------


def test_the_pdf_is_the_same_in_another_process(report: Any, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(model.encode(report))
    script = (
        "import json, sys; from dmp_certify.report.render import pdf;"
        f"report = json.load(open({str(tmp_path / 'report.json')!r}));"
        "sys.stdout.buffer.write(pdf.render(report))"
    )
    command = [sys.executable, "-c", script]
    root = Path(__file__).resolve().parents[2]
    env = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(root), "PATH": "/usr/bin"}
    other = subprocess.run(command, env=env, cwd=root, capture_output=True, check=True).stdout
    assert other == pdf.render(report)


def test_the_pdf_holds_anything_however_long(evidence: Evidence) -> None:
    rows = [sample.row(f"EX_{n}", "é" * 300, "e " * 400, section="S") for n in range(40)]
    long = [
        sample.finding(
            "a.b", Outcome.FAIL, row.id, place=Place("exchange/0001/request/body")
        )._replace(
            observed=Text("\n" * 500 + "‮→☃\x00" * 2000, "x" * 100_000),
        )
        for row in rows
    ]
    built = model.build(evidence, long, sample.basis(rows))
    assert pdf.render(built).startswith(b"%PDF")


# --- JUnit -----------------------------------------------------------------------------------

# The structure of the JUnit schema that Jenkins reads: attributes and children by element.
JENKINS = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp",
         "hostname", "id", "package"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}  # fmt: skip
REQUIRED = {"testsuite": {"name", "tests"}, "testcase": {"name", "classname"}}


def _check_structure(element: ET.Element) -> None:
    attributes, children = JENKINS[element.tag]
    assert set(element.attrib) <= attributes, element.tag
    assert set(element.attrib) >= REQUIRED.get(element.tag, set())
    for child in element:
        assert child.tag in children, f"{child.tag} in {element.tag}"
        _check_structure(child)


def test_junit_has_the_structure_that_ci_servers_read(report: Any) -> None:
    root = ET.fromstring(junit.render(report))
    assert root.tag == "testsuites"
    _check_structure(root)
    suite = root[0]
    assert len(suite.findall("testcase")) == int(suite.attrib["tests"]) == 10
    for total, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.attrib[total])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
    assert float(suite.attrib["time"]) == 11


def test_junit_is_red_unless_the_ruling_conforms(report: Any, evidence: Evidence) -> None:
    def cases(built: Any) -> dict[str, list[str]]:
        root = ET.fromstring(junit.render(built))
        return {
            case.attrib["name"].split()[0]: [child.tag for child in case]
            for case in root.iter("testcase")
        }

    bad = cases(report)
    assert bad["ruling"] == ["failure"]
    assert bad["EX_VIHF-040"] == ["failure"]
    assert bad["EX_VIHF-060"] == ["system-out"]
    assert bad["EX_GEN-1060"] == bad["EX_DIR-010"] == ["skipped"]
    assert bad["EX_0.1-1020"] == []
    good = cases(model.build(evidence, sample.CLEAN, sample.basis()))
    assert good["ruling"] == []
    assert {tag for tags in good.values() for tag in tags} == {"skipped"}
    empty = cases(model.build(evidence, [], sample.basis()))
    assert empty["ruling"] == ["failure"]


def test_codes_replace_what_a_page_must_not_obey() -> None:
    assert visible("a\x00b\u202ec\ud800") == "a‹00›b‹202E›c‹D800›"
    assert visible("é→\n\t") == "é→\n\t"
