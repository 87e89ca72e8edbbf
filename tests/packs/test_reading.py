"""The two ways to read a document give one table, whatever its bytes look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_certify.packs import load
from dmp_certify.packs.schematron import reading
from dmp_certify.packs.schematron.nodes import Document
from dmp_certify.packs.schematron.starts import Starts
from tests.packs.test_hostile import make, rule

STARTS = Starts({"{urn:h}a": 1, "{urn:h}b": 2, "t": 3}, ("t", "root"), frozenset(["1.2", "1.3"]))
PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": True}
SMALL = Path(__file__).with_name("small") / "plain"
BLOB = "<b>" + "QUJD" * 5000 + "</b>"


def table(doc: Document) -> list[tuple[Any, ...]]:
    """Everything in the rows that rules can see."""
    return [
        (
            node[0],
            node[1],
            {tag: [kid[5] for kid in kids] for tag, kids in node[2].items()},
            node[3] and node[3][5],
            [kid[5] for kid in node[4]],
            node[5],
            node[6],
            node[7],
            node[10],
            node[11] and (node[11].name, node[11].names),
        )
        for node in doc.nodes
    ]


def compare(data: bytes, starts: Starts = STARTS) -> bool:
    """Whether the quick way took the document; what both ways give is the same."""
    root = etree.fromstring(data, etree.XMLParser(**PARSER))
    walked = Document(root, starts, None)
    probe = Document(root, starts, None)
    quick = reading.scan(data, root, probe._top(), starts) is not None
    for _ in range(2):  # the second time, every start tag is known
        scanned = Document(root, starts, None, data)
        assert table(scanned) == table(walked)
    return quick


@pytest.mark.parametrize(
    "text",
    [
        "<a xmlns='urn:h'/>",
        "<a xmlns='urn:h'></a>",
        "<a xmlns='urn:h'><b/><b></b><b x='1'\n/>text<b />\n\t</a>",
        "<?xml version='1.0'?><!-- < --><?p < ?><a><!-- ><x>--><b/><!-- <b> --></a><!-- <a> -->",
        "<a><![CDATA[<b>]]><b><![CDATA[<<]] ]>]]></b><![CDATA[]]></a>",
        "<a x='>' y=\"/>\"><b z='a>b' w='\"'/><b z='a>c'/></a>",
        "<a><b x='&lt;&amp;&#10;'/><b x='&#x3c;'>&lt;b/&gt;</b></a>",
        "<a xmlns:p='urn:h'><p:b/><b xmlns='urn:h'><b/></b><b/><c xmlns='urn:h'/><b/></a>",
        "<a xmlns='urn:h'><b xmlns=''><b/><b xmlns='urn:h'><b/></b><b/></b><b/></a>",
        "<a><t root='1.2'/><t root='1.3'/><t root='9'/></a>",
        "<a><t root='1.2'/><b/><t root='1.2'/><b/></a>",
        "<_a><é à='ü'/><_b:c xmlns:_b='urn:x'/></_a>",
        f"<a xmlns='urn:h'>{BLOB}<b x='1'>{'QUJD' * 5000}</b></a>",
        f"<a xmlns='urn:h'>{BLOB}<b x='a>b'>{'QUJD' * 5000}</b></a>",
        f"<a><!-- {'x' * 3000} -->{BLOB}<![CDATA[{'<y>' * 900}]]>{BLOB}</a>",
        "<a>" + "<b>" * 500 + "</b>" * 500 + "</a>",
    ],
)
def test_both_ways_agree(text: str) -> None:
    for encoding in ("utf-8", "iso-8859-1"):
        head = (
            b""
            if text.startswith("<?xml")
            else f"<?xml version='1.0' encoding='{encoding}'?>".encode()
        )
        quick = compare(head + text.encode(encoding if head else "utf-8"))
        assert quick


@pytest.mark.parametrize(
    "data",
    [
        "<a><b/></a>".encode("utf-16"),
        "<?xml version='1.0' encoding='UTF-16'?><a><b/></a>".encode("utf-16"),
        b"<!DOCTYPE a [<!ATTLIST b x CDATA 'd'>]><a><b/><b x='e'/></a>",
        b"<!DOCTYPE a [<!ENTITY e '<b/>'>]><a>&e;<b/></a>",
    ],
)
def test_what_is_not_plain_is_walked(data: bytes) -> None:
    assert not compare(data)


NAMES = st.sampled_from(["a", "b", "t", "p:b", "_c", "é"])
ATTRS = st.dictionaries(
    st.sampled_from(["x", "root", "p:x"]),
    st.sampled_from(["1.2", "1.3", "", "a>b", "urn:h", "&lt;", " v "]),
    max_size=3,
)
SPACES = st.dictionaries(
    st.sampled_from(["xmlns", "xmlns:q", "xmlns:p"]),
    st.sampled_from(["urn:h", "urn:o"]),
    max_size=1,
)
TEXTS = st.sampled_from(
    ["", " ", "\n\t", "x", "a > b", "<!-- <b> -->", "<![CDATA[<b/>]]>", "<?p <b>?>", "&amp;"]
)


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    """One element and what it holds, as text."""
    name = draw(NAMES)
    shown = ""
    for key, value in {**draw(ATTRS), **draw(SPACES)}.items():
        quote = draw(st.sampled_from("'\""))
        shown += f"{draw(st.sampled_from([' ', chr(10)]))}{key}={quote}{value}{quote}"
    kids = draw(st.lists(elements(depth=depth - 1), max_size=3)) if depth else []
    if not kids and draw(st.booleans()):
        return f"<{name}{shown}/>"
    inner = "".join(draw(TEXTS) + kid for kid in kids) + draw(TEXTS)
    return f"<{name}{shown}>{inner}</{name}>"


@settings(max_examples=300, deadline=None)
@given(elements())
def test_both_ways_agree_on_any_document(inner: str) -> None:
    assert compare(f"<a xmlns:p='urn:h'>{inner}{inner}</a>".encode())


@pytest.mark.parametrize("long", [1, 5, 40])
def test_long_texts_are_cut_wherever_they_stand(long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SPARSE", 0)
    monkeypatch.setattr(reading, "_LONG", long)
    cut = reading._shortened(b"<a>" + b"x" * 90 + b"<b/>" + b"y" * 90 + b"</a>")
    assert b"x" * 41 not in cut  # what follows a start tag is cut, wherever it begins

    @settings(max_examples=100, deadline=None)
    @given(elements())
    def any_document(inner: str) -> None:
        assert compare(f"<a xmlns:p='urn:h'>{inner}{inner}</a>".encode())

    any_document()


@pytest.mark.parametrize(
    "shown, decoy",
    [
        ("<!-- <b> {} -->", "<![CDATA[ --> <d/> ]]>"),
        ("<![CDATA[ <b> {} ]]>", "<!-- ]]> <d/> -->"),
        ("<?p <b> {} ?>", "<!-- ?> <d/> -->"),
    ],
)
def test_a_long_text_in_a_comment_hides_and_invents_no_element(shown: str, decoy: str) -> None:
    """An element lost for one that the decoy shows gives the right count, and a wrong table."""
    blob = "QUJD" * 50_000
    for kids in ("<c/>", "<c/>" + decoy, f"<b>{blob}</b><c/>" + decoy):
        assert compare(f"<a>{shown.format(blob)}{kids}<e/></a>".encode())


def test_a_scan_given_up_leaves_no_start_tag_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever may lead a scan astray, the documents after it are read as they are."""
    starts = Starts({}, ("t", "root"), frozenset())
    with monkeypatch.context() as patch:
        patch.setattr(reading, "_SPARSE", 0)
        patch.setattr(reading, "_shortened", lambda data: data.replace(b"<lost/>", b""))
        assert not compare(b"<a><lost/><b/><c/></a>", starts)
    assert compare(b"<a><b/><c/></a>", starts)


def test_memory_of_start_tags_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmp_certify.packs.schematron.starts.MAX_STARTS", 50)
    monkeypatch.setattr("dmp_certify.packs.schematron.starts.MAX_KIDS", 40)
    starts = Starts({"a": 1}, ("t", "root"), frozenset(["1"]))
    for turn in range(60):
        starts.trim()
        kids = "".join(f"<b{turn} x='{turn}-{n}'/>" for n in range(5))
        assert compare(f"<a><c/>{kids}</a>".encode(), starts)
    assert sum(map(len, starts.memos.values())) < 80
    assert starts.generation > 1  # the names met were forgotten, and met again


def test_equal_start_tags_are_judged_by_what_is_in_scope(tmp_path: Path) -> None:
    """The same bytes under other namespace declarations are another start tag."""
    test = "not(@k) or resolve-QName(@k, .) = QName('urn:h', 'q')"
    pack = load(make(tmp_path, rule(test, "h:b")))
    inside = "<b k='p:q'/>"
    for space, other in (("urn:h", "urn:o"), ("urn:o", "urn:h"), ("urn:h", "urn:o")):
        text = (
            f"<a xmlns='urn:h' xmlns:p='{space}'>{inside}{inside}<c xmlns:p='{other}'>{inside}</c>"
            f"{inside}</a>"
        )
        failed = [a.location for a in pack.judge(text.encode()).failed]
        here = ["/a/b", "/a/b[2]", "/a/b[3]"]
        assert failed == (["/a/c/b"] if space == "urn:h" else here), text


def test_a_remembered_failure_is_told_again(tmp_path: Path) -> None:
    pack = load(make(tmp_path, rule("@k = 'v'", "h:b") + rule("@k and h:d", "h:c")))
    text = b"<a xmlns='urn:h'><b k='w'/><b k='v'/><b k='w'/><c k=''/><c k=''><d/></c></a>"
    for _ in range(3):
        found = [a.location for a in pack.judge(text).failed]
        assert found == ["/a/b", "/a/b[3]", "/a/c"]


def test_forgetting_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    pack = load(SMALL)
    texts = [
        f"<ClinicalDocument xmlns='urn:hl7-org:v3'>{kids}</ClinicalDocument>".encode()
        for kids in (
            "<section/><section/><section/>",
            "<entry/><section><entry/></section>",
            "<colour code='red' codeSystem='1'/>",
            "<x strange=''/><section code='' strange=''/>",
        )
    ]
    before = [pack.judge(text) for text in texts]
    monkeypatch.setattr("dmp_certify.packs.compiled.MAX_SHAPES", 3)
    monkeypatch.setattr("dmp_certify.packs.schematron.starts.MAX_KIDS", 3)
    monkeypatch.setattr("dmp_certify.packs.schematron.starts.MAX_STARTS", 3)
    for _ in range(3):
        assert [pack.judge(text) for text in texts] == before
    assert not all(verdict.conforming for verdict in before)
