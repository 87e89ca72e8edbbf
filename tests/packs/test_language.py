"""Each construct of the language, on a small pack of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.packs import CompiledPack, DocumentVerdict, load

SMALL = Path(__file__).with_name("small") / "plain"


@pytest.fixture(scope="module")
def pack() -> CompiledPack:
    return load(SMALL)


def judged(pack: CompiledPack, body: str, attributes: str = "") -> DocumentVerdict:
    text = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:v="urn:hl7-org:v3" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {attributes}>'
        f'<realmCode code="FR"/><title>t</title>{body}</ClinicalDocument>'
    )
    return pack.judge(text.encode())


def said(verdict: DocumentVerdict) -> list[tuple[str, str]]:
    """(message, location) of what fails, without the volet."""
    return [(a.message, a.location) for a in verdict.failed if a.schematron == "rules"]


def test_a_clean_document_conforms(pack: CompiledPack) -> None:
    verdict = judged(pack, "")
    assert verdict.conforming and said(verdict) == [] and verdict.aborted == ()


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        ("<section/><section/><section/>", "", [("[sections] there are 3", "/ClinicalDocument")]),
        ("", 'classCode="X"', [("[class] ClinicalDocument is X", "/ClinicalDocument")]),
        ("<a ok='no'/>", "", [("[root] ClinicalDocument is not ok", "/ClinicalDocument")]),
        ("<entry/>", "", [("[other] @c", "/ClinicalDocument/entry")]),
        ("<section><entry/></section>", "", [("[entry] @b", "/ClinicalDocument/section/entry")]),
        (
            "<section><entry b=''/><entry><templateId root='1.2.3'/></entry></section>",
            "",
            [("[template] @a", "/ClinicalDocument/section/entry[2]")],
        ),
        (
            "<section><entry nullFlavor='UNK'/></section>",
            "",
            [("[other] @c", "/ClinicalDocument/section/entry")],
        ),
        ("<x strange=''/>", "", [("[closed] x is not expected", "/ClinicalDocument/x")]),
        ("<section code='' strange=''/>", "", []),
        ("<o:value xmlns:o='urn:o' strange=''/>", "", []),
        ("<colour code='red' codeSystem='1.9.1'/><colour nullFlavor='NI'/>", "", []),
        (
            "<colour code='red' codeSystem='1'/>",
            "",
            [("[coded] red is not in valuesets/colours.xml", "/ClinicalDocument/colour")],
        ),
        (
            "<v:colour code='green' codeSystem='1.9.1'/>",
            "",
            [
                ("[coded] green is not in valuesets/colours.xml", "/ClinicalDocument/v:colour"),
                ("[code] green", "/ClinicalDocument/v:colour"),
            ],
        ),
        ("<value xsi:type='CD'/><value xsi:type='v:CD'/>", "", []),
        ("<value xsi:type='ST'/>", "", [("[type] ST", "/ClinicalDocument/value")]),
        ("<value date='20240229'/>", "", []),
        ("<value date='20230229'/>", "", [("[date] 20230229", "/ClinicalDocument/value")]),
        ("<value low='10' high='9'/>", "", [("[order] 10 and 9", "/ClinicalDocument/value")]),
        ("<value low='9' high='10'/>", "", []),
        ("<value words='ab CD'/>", "", []),
        ("<value words='ab 1'/>", "", [("[words] <ab> <1>", "/ClinicalDocument/value")]),
        ("<value n='1'/>", "", []),
        (
            "<value n='2' low='1' high='2'/>",
            "",
            [("[except] n low high", "/ClinicalDocument/value")],
        ),
        (
            "<value><item id='a'/><item id='a'/></value>",
            "",
            [("[distinct] items", "/ClinicalDocument/value")],
        ),
        ("<value><item id='a'/>b</value>", "", [("[join] a+b", "/ClinicalDocument/value")]),
        (
            "<value><item id='a'/><item id=''/></value>",
            "",
            [("[position] items", "/ClinicalDocument/value")],
        ),
        (
            "<shy n='1'/>",
            "",
            [("[shy] an error in a context is no match", "/ClinicalDocument/shy")],
        ),
        ("<shy n='one'/>", "", []),
        (
            "<list name='l'><item id='a' name='b'/><item/></list>",
            "",
            [
                ("[first] l", "/ClinicalDocument/list/item"),
                ("[second] @second", "/ClinicalDocument/list/item[2]"),
            ],
        ),
    ],
)
def test_what_fails_and_where(
    pack: CompiledPack, body: str, attributes: str, expected: list[tuple[str, str]]
) -> None:
    verdict = judged(pack, body, attributes)
    if "<list" in body:
        assert {item.reason.en[:60] for item in verdict.aborted} == {
            "the official Schematron stops here (FORG0006: a sequence of 2"[:60]
        }
    assert said(verdict) == expected
    if not verdict.xsd_errors:
        assert verdict.conforming is (not expected and not verdict.aborted)


def test_a_dynamic_error_is_a_verdict_of_its_own_and_the_rest_is_still_judged(
    pack: CompiledPack,
) -> None:
    verdict = judged(pack, "\n<abort a='many'/>")
    assert [(a.schematron, a.location, a.line) for a in verdict.aborted] == [
        ("rules", "/ClinicalDocument/abort", 2)
    ]
    assert "FORG0001" in verdict.aborted[0].reason.fr and "'many'" in verdict.aborted[0].reason.en
    assert said(verdict) == [("[other] @other", "/ClinicalDocument/abort")]
    assert not verdict.conforming


def test_a_let_that_nothing_asks_for_cannot_abort(pack: CompiledPack) -> None:
    twice = "<abort other='' {}><x y='1'/><x y='2'/></abort>"
    assert judged(pack, twice.format("")).aborted == ()
    assert len(judged(pack, twice.format("quiet=''")).aborted) == 1


def test_values_sets_lines_and_roles_are_named(pack: CompiledPack) -> None:
    verdict = judged(pack, "\n\n<colour code='x' codeSystem='1.9.1'/>", 'classCode="X"')
    by_role = {a.message[:7]: (a.role, a.line, a.value_set, a.pattern) for a in verdict.failed}
    assert by_role["[class]"] == ("info", 1, None, "header")
    assert by_role["[coded]"] == ("", 3, "colours.xml", "colours")


def test_the_volet_follows_from_the_content(pack: CompiledPack) -> None:
    header = "<templateId root='1.2.7' extension='{}'/><code code='NOTE'/>"
    exact = judged(pack, header.format("2024.01"))
    assert exact.volet == "NOTE_2024.01" and "1.2.7" in exact.volet_reason.fr
    open_edition = judged(pack, header.format(""))
    assert open_edition.volet == "NOTE_2023.01" and "ancienne" in open_edition.volet_reason.fr
    none = judged(pack, "")
    assert none.volet is None and none.not_demonstrated[0].schematron == "VOLET"
    level_1 = "<templateId root='1.3.6.1.4.1.19376.1.2.20'/><code code='NOTE'/>"
    assert judged(pack, level_1).volet is None


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"<a>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;"]
)
def test_bytes_that_are_not_xml_do_not_conform(pack: CompiledPack, data: bytes) -> None:
    verdict = pack.judge(data)
    assert not verdict.conforming and len(verdict.xsd_errors) == 1


def test_a_very_deep_document_is_refused_in_words(pack: CompiledPack) -> None:
    deep = b"<a>" * 1800 + b"</a>" * 1800
    verdict = pack.judge(deep)
    assert not verdict.conforming and verdict.xsd_errors


@pytest.mark.parametrize(
    ("value", "valid"),
    [("2023", True), ("20230209113055", True), ("20230209113055.1+0100", True),
     ("20230209113055100", False), ("202302091130551+01", False)],
)  # fmt: skip
def test_the_pattern_that_libxml2_miscounts(pack: CompiledPack, value: str, valid: bool) -> None:
    verdict = judged(pack, f"<when value='{value}'/>")
    assert (verdict.xsd_errors == ()) is valid


def test_a_reference_without_its_identifier(pack: CompiledPack) -> None:
    fine = judged(pack, "<content ID='a'/><content ID='b'/><note target='a b'/>")
    assert fine.xsd_errors == ()
    wrong = judged(pack, "<content ID='a'/>\n<note target='a c'/>")
    assert [(e.line, e.path) for e in wrong.xsd_errors] == [(2, "/ClinicalDocument/note")]
    assert "'c'" in wrong.xsd_errors[0].message


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (2, 0, 4, 1, 5, 3)])
def test_what_one_ancestor_has_is_not_believed_of_the_next(
    pack: CompiledPack, order: tuple[int, ...]
) -> None:
    cases = [
        ("<outer><mark/><inner><leaf/></inner></outer>", "[marked] @a"),
        ("<outer><inner><leaf/></inner></outer>", "[plain] @c"),
        ("<outer><mark/><inner x=''><leaf/></inner></outer>", "[plain] @c"),
        ("<outer on=''><inner><leaf/></inner></outer>", "[on] @b"),
        ("<outer><mark of='x'/><inner x=''><leaf/></inner></outer>", "[on] @b"),
        ("<outer><mark/><inner><leaf c=''/><leaf c=''/><leaf/></inner></outer>", "[plain] @c"),
    ]
    for at in order:
        body, expected = cases[at]
        assert [message for message, _ in said(judged(pack, body))] == [expected]
    together = "".join(cases[at][0] for at in order)
    found = [message for message, _ in said(judged(pack, together))]
    assert found == [cases[at][1] for at in order]
