"""Rules outside our language run alone in Saxon, and the whole is what Saxon alone would say."""

from __future__ import annotations

import locale
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dmp_certify import packs
from dmp_certify.errors import PackError
from dmp_certify.packs import store
from dmp_certify.packs.schematron.errors import PackRefused
from tests.packs.test_hostile import HEAD, make, rule

pytest.importorskip("saxonche", reason="the extra [saxon] is not installed")

DOC = "<a xmlns='urn:h' k='v'><b n='1' m='x'/><b n='2'><c/>t<c q='1'/></b><d>é</d><?pi x?></a>"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """saxonche as if it were not installed."""
    monkeypatch.setitem(sys.modules, "saxonche", None)


def pattern(*rules: str, ident: str = "p", lets: str = "") -> str:
    return f'<pattern id="{ident}">{lets}{"".join(rules)}</pattern>'


def one(context: str, *tests: str, lets: str = "", message: str = "") -> str:
    """A rule; each test is an assert whose message is the test."""
    said = message or "<name/> fails"
    made = "".join(
        f'<assert test="{_quoted(t)}" role="r{i}">{said}</assert>' for i, t in enumerate(tests)
    )
    return f'\n<rule context="{_quoted(context)}">{lets}{made}</rule>'


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def agree(folder: Path, *documents: str, visits: str = "", count: int | None = None) -> None:
    """Every failure, message, place, fired rule and crash is that of the whole schema in Saxon."""
    from tests.packs.whole import Whole, ours, ours_fired

    pack = packs.load(folder)
    if count is not None:
        assert len(pack._data["saxon"]) == count
    whole = Whole(folder, visits)
    for text in documents or (DOC,):
        data = text.encode()
        verdict, told = pack.judge(data), whole.tell(data)
        assert bool(verdict.aborted) is bool(told.crash), (text, verdict.aborted, told.crash)
        if not told.crash:
            assert ours(verdict) == told.lines, text
            assert ours_fired(pack, data) == told.fired, text


OUT = "following::h:d"  # an axis outside our language


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ([one("h:b", OUT, "@m")], 1),
        ([one("h:b", "following::h:zz", "@n = '1'", "(1 to 3) = xs:integer(@n)")], 1),
        ([one("h:b", "@m"), one("h:c", "preceding::h:b[@m]/@zz")], 1),
        ([one("h:b[following::h:b]", "@zz")], 1),
        ([one("h:b[following::h:b]", "@zz"), one("h:b", "@yy")], 1),
        ([one("h:b", "@yy"), one("h:b[following::h:b]", "@zz")], 1),
        ([one("h:b[@m]", "@yy"), one("*[following::h:b]", "@zz"), one("*", OUT)], 2),
        ([one("h:b[@m]", OUT), one("h:b", "@zz"), one("*[preceding::*]", "@q"), one("*", "0")], 2),
        ([one("/h:a/h:b | h:d[preceding::h:c]", "not(.)")], 1),
        ([one("/", "h:a/h:b[1] >> h:a/h:b[2]"), one("h:a", "@zz")], 1),
        ([one("document-node()", "h:zz"), one("/", "h:yy"), one("h:a", "@zz")], 2),
        ([one("document-node()[h:zz]", "h:zz"), one("/ | h:b", "h:yy"), one("h:b", "@q")], 2),
        ([one("h:b[xs:integer(@m) = 1 or following::h:zz]", "0"), one("h:b", "@yy")], 1),
        ([one("h:b", "position() = 1 and last() = 4")], 1),
        ([one("h:b", "position() = 1 and last() = 3"), one("h:d[not(.)]", "1")], 1),
        ([one("*[. is /h:a/h:d]", "starts-with(., 'x')", message="<value-of select='.'/>!")], 1),
        ([one("h:b", "current()/following::h:c[@n = current()/@n]")], 1),
        (
            [
                one(
                    "h:a",
                    "every $x in h:b, $y in h:b satisfies ($x is $y) or $x/@n ne $y/@n",
                    "h:z",
                )
            ],
            1,
        ),
        ([one("h:b", "@n instance of attribute(n)", "@n treat as item() = '2'", "*")], 1),
    ],
)
def test_every_verdict_is_that_of_the_whole_schema(
    tmp_path: Path, rules: list[str], count: int
) -> None:
    agree(make(tmp_path / "p", pattern(*rules)), DOC, "<a xmlns='urn:h'/>", "<x/>", count=count)


def test_lets_reports_messages_and_roles(tmp_path: Path) -> None:
    lets = '<let name="all" value="//h:b"/><let name="word" value="\'w\'"/>'
    body = (
        '<let name="mine" value="@n"/><let name="after" value="following::*[1]"/>'
        '<report test="$after" role="info" id="x">[<value-of select="$mine, $word"/>] comes before '
        "<value-of select=\"for $x in $all return concat($x/@n, '&lt;')\"/> "
        "<name path='$after'/></report>"
        '<let name="mine" value="string($mine)"/>'
        '<assert test="$mine = \'1\'">{<value-of select="$mine instance of xs:string"/>}</assert>'
    )
    other = one("h:d", "$all[@n = 2]/@zz", message="our own <value-of select='count($all)'/>")
    folder = make(tmp_path / "p", pattern(f'<rule context="h:b">{body}</rule>', other, lets=lets))
    agree(folder, DOC, count=1)
    failed = packs.load(folder).judge(DOC.encode()).failed
    assert [(a.message, a.test_id, a.line) for a in failed if a.report] == [
        ("[1 w] comes before 1< 2<b", "x", 1),
        ("[2 w] comes before 1< 2<d", "x", 1),
    ]


def test_a_let_outside_the_language_takes_its_rules_along(tmp_path: Path) -> None:
    lets = '<let name="after" value="//h:c/following::*"/><let name="plain" value="//h:c"/>'
    rules = (one("h:d", "count($after) = 9"), one("h:b", "count($plain) = 9", "@zz"))
    agree(make(tmp_path / "p", pattern(*rules, lets=lets)), DOC, count=1)
    unused = make(tmp_path / "q", pattern(one("h:d", "@zz"), lets=lets))
    agree(unused, DOC, count=0)
    broken = pattern(one("h:d", "@zz"), lets='<let name="x" value="1 to"/>')
    with pytest.raises(PackRefused, match=r"rules\.sch:2.*XPST0003"):
        packs.load(make(tmp_path / "r", broken))
    with pytest.raises(PackRefused, match=r"rules\.sch"):
        packs.load(make(tmp_path / "s", '<ns prefix="a b" uri="u"/>' + pattern(one("h:d", OUT))))
    hidden = (
        one("h:b[count($after) = 1]", "@zz"),
        one("h:b[exists($after[1])]", "exists($after[1])", "@yy"),
        one("h:c[not($after[2])]", "empty($after[1]/self::h:c)"),
    )
    agree(make(tmp_path / "t", pattern(*hidden, lets=lets)), DOC, count=3)


ABSTRACT = """
<rule abstract="true" id="base">
<let name="low" value="@n"/>
<assert test="$low &gt; 0 or following::h:zz" id="own">low</assert>
</rule>
"""


def test_inclusion_abstraction_extension_and_volets(tmp_path: Path) -> None:
    macro = (
        '<pattern abstract="true" id="t"><rule context="$what">'
        '<assert test="following::$next">no $next after</assert></rule></pattern>'
    )
    used = "".join(
        f'<param name="{name}" value="{value}"/>'
        for name, value in (("what", "h:c"), ("next", "h:q"))
    )
    body = (
        f'{macro}<pattern id="use" is-a="t">{used}</pattern><include href="parts/b.sch"/>'
        f'<pattern id="p">{ABSTRACT}\n<rule context="h:d"><extends rule="base"/></rule></pattern>'
    )
    own = '<pattern xmlns="http://purl.oclc.org/dsdl/schematron" id="i">'
    folder = make(
        tmp_path / "p",
        body,
        parts__b_sch=f"{own}{one('h:b', f'{OUT}/@z', message='b')}</pattern>",
        volets__NOTE_sch=f"{HEAD}{rule('(1 to 2) = count(h:b)')}</schema>",
    )
    info = packs.add(folder)
    assert info.saxon == ("rules.sch:2", "parts/b.sch:2", "rules.sch:8", "volets/NOTE.sch:2")
    verdict = packs.load("p").judge(DOC.replace("<d>", "<b/><d>").encode(), volet="NOTE")
    assert [
        (a.schematron, a.pattern, a.location, a.message, a.test_id) for a in verdict.failed
    ] == [
        ("rules", "use", "/a/b[2]/c", "no h:q after", "rules-1.1"),
        ("rules", "use", "/a/b[2]/c[2]", "no h:q after", "rules-1.1"),
        ("rules", "i", "/a/b", "b", "rules-2.1"),
        ("rules", "i", "/a/b[2]", "b", "rules-2.1"),
        ("rules", "i", "/a/b[3]", "b", "rules-2.1"),
        ("rules", "p", "/a/d", "low", "own"),
        ("VOLET", "p", "/a", "m", "VOLET-1.1"),
    ]


def test_threads_may_share_a_pack(tmp_path: Path) -> None:
    pack = packs.load(make(tmp_path / "p", pattern(one("h:b", OUT, f"{OUT}/@zz"))))
    with ThreadPoolExecutor(4) as pool:
        verdicts = list(pool.map(pack.judge, [DOC.encode()] * 40))
    assert {len(verdict.failed) for verdict in verdicts} == {2}


def test_the_process_keeps_its_locale(tmp_path: Path) -> None:
    before = locale.setlocale(locale.LC_ALL)
    packs.load(make(tmp_path / "p", rule(OUT))).judge(DOC.encode())
    assert locale.setlocale(locale.LC_ALL) == before


def test_documents_of_the_pack_and_the_value_sets_named(tmp_path: Path) -> None:
    lets = '<let name="set" value="\'sets/two.xml\'"/>'
    rules = (
        one("h:b", f"doc('sets/one.xml')//x[@v = current()/@n] and not({OUT}/@zz)"),
        one("h:c", f"document($set)//x/@v = '9' or {OUT}[@zz]"),
        one(
            "h:d",
            "doc-available('sets/none.xml') or not(following::h:zz)",
            "doc($set)/s/x/preceding::x",
        ),
    )
    folder = make(
        tmp_path / "p",
        pattern(*rules, lets=lets),
        sets__one_xml="<s><x v='1'/></s>",
        sets__two_xml="<!-- c --><s><x v='2'/><x v='3'/></s>",
    )
    agree(folder, DOC, count=3)
    failed = packs.load(folder).judge(DOC.encode()).failed
    assert {a.value_set for a in failed} == {"one.xml", "two.xml"}


def test_a_document_chosen_while_judging_is_in_the_pack_or_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text("<x>s</x>")
    test = "if (doc-available(@at)) then doc(@at)/x = 'y' else following::h:zz"
    folder = make(
        tmp_path / "p", pattern(one("h:b", test), one("h:c", "doc(@at)")), in__it_xml="<x>y</x>"
    )
    pack = packs.load(folder)

    def judged(at: str, name: str = "b") -> tuple[int, int]:
        verdict = pack.judge(f"<a xmlns='urn:h'><{name} at='{at}'/></a>".encode())
        return len(verdict.failed), len(verdict.aborted)

    outside = [
        "../secret.xml", "in/../../secret.xml", "../../secret.xml", "../p/../secret.xml",
        str(tmp_path / "secret.xml"), f"file://{tmp_path}/secret.xml", "http://localhost:1/x.xml",
        "in/none.xml", "", ".", "in", "jar:file:/x!/y", "\\\\host\\x", "classpath:x",
    ]  # fmt: skip
    assert (
        judged("in/it.xml") == judged("./in/../in/it.xml#x") == judged("//in//it.xml"[2:]) == (0, 0)
    )
    for at in outside:
        assert judged(at) == (1, 0), at
        assert judged(at, "c") == (0, 1), at


def test_a_dynamic_error_aborts_and_the_rest_is_judged(tmp_path: Path) -> None:
    lets = '<let name="bad" value="xs:integer(//h:a/@k)"/>'
    rules = (
        one("h:b", "xs:integer(@m) ge 1 or following::h:zz", "@zz"),
        one("h:c", f"$bad = 1 and {OUT}", "@q"),
        one("h:d", "1", message="<value-of select='xs:integer(following::*)'/>"),
    )
    folder = make(tmp_path / "p", pattern(*rules[:1]) + pattern(*rules[1:], ident="q", lets=lets))
    agree(
        folder,
        DOC,
        DOC.replace("k='v'", "k='1'"),
        DOC.replace("k='v'", "k='1'").replace("'x'", "'2'"),
    )
    verdict = packs.load(folder).judge(DOC.encode())
    assert [(a.schematron, a.location) for a in verdict.aborted] == [
        ("rules", "/a/b"),
        ("rules", "/a/b[2]/c"),
    ]
    assert (
        "FORG0001" in verdict.aborted[0].reason.fr and "rules.sch:" in verdict.aborted[0].reason.en
    )
    assert [a.location for a in verdict.failed] == ["/a/b", "/a/b[2]", "/a/b[2]"]


def test_a_message_that_cannot_be_computed(tmp_path: Path) -> None:
    message = "<value-of select='xs:integer(following::h:d)'/>"
    folder = make(tmp_path / "p", pattern(one("h:c[1]", "0", message=message)))
    agree(folder, DOC, count=1)
    verdict = packs.load(folder).judge(DOC.encode())
    assert len(verdict.aborted) == 1 and [a.message for a in verdict.failed] == [""]


def test_contexts_that_are_not_elements(tmp_path: Path) -> None:
    rules = (one("h:b/@m", ". = 'y'"), one("@*", "name() = 'n'", message="<value-of select='.'/>"))
    folder = make(tmp_path / "p", pattern(*rules) + pattern(one("processing-instruction()", "0")))
    visits = "@*|*|comment()|processing-instruction()"
    agree(folder, f"<?top x?>{DOC}", visits=visits, count=3)
    failed = packs.load(folder).judge(DOC.encode()).failed
    assert [(a.location, a.line, a.message) for a in failed][:2] == [
        ("/a/@k", 1, "v"),
        ("/a/b/@m", 1, "m fails"),
    ]
    with pytest.raises(PackRefused, match="text node"):
        packs.load(make(tmp_path / "q", pattern(one("h:b/text()", "0"))))


CONTEXTS = (
    "h:b", "h:b[@m]", "*", "h:b/h:c", "h:c[@q]", "h:d", "/", "/h:a", "h:b[following::h:b]",
    "h:c[preceding::h:c]", "*[. is /*/*[2]]", "h:b[xs:integer(@m) to 3]", "document-node()",
    "h:a/* except h:d", "*[@n][position() = last()]", "h:b[@n instance of attribute()]",
)  # fmt: skip
TESTS = (
    "@n", "@m = 'x'", "h:c", "count(h:c) < 2", "following::h:d", "preceding::h:b", "$all[2] is .",
    "(1 to 2) = count(*)", "@n castable as xs:integer", "xs:integer(@n) < 2", "$some",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_any_mix_of_rules_agrees(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    body = (
        '<let name="all" value="//h:b"/>' if seed % 2 else '<let name="all" value="//h:b|//@zz"/>'
    )
    for ident in "pqr"[: chance.randint(1, 3)]:
        rules = []
        for _ in range(chance.randint(1, 5)):
            tests = chance.sample(TESTS, chance.randint(1, 3))
            lets = f'<let name="some" value="{_quoted(chance.choice(TESTS[:-1]))}"/>'
            rules.append(one(chance.choice(CONTEXTS), *tests, lets=lets))
        body += pattern(*rules, ident=ident)
    documents = [DOC, DOC.replace("m='x'", "m='2'"), DOC.replace("<c/>t", "<b n='3'/>t")]
    agree(make(tmp_path / "p", body), *documents)


@pytest.mark.parametrize(
    "test",
    [
        "unparsed-text('rules.sch') = ''", "unparsed-text-lines('x')", "collection()",
        "uri-collection('.')", "environment-variable('HOME')", "available-environment-variables()",
        "system-property('user.dir')", "json-doc('x.json')", "parse-xml('&lt;x/>')",
        "transform(.)", "load-xquery-module('x')", "static-base-uri()", "base-uri()",
        "document-uri(/)", "resolve-uri('x')", "current-date()", "current-dateTime()",
        "implicit-timezone()", "function-lookup(xs:QName('x'), 1)", "saxon:eval('x')",
        "j:getProperty('x')", "h:f()", "doc#1", "(doc#1)('x')", "let $f := 1 return $f",
        "Q{http://www.w3.org/2005/xpath-functions}collection()", "'x' => unparsed-text()",
        "function($x) { $x }('a')", "map { 'a' : 1 }", "$f('x')", "(name)('x')", "concat('a', ?)",
        "fn:collection()", "fn:unparsed-text('x')", "unparsed-text ('x')",
        "unparsed-text(: :)('x')", "compare('a', 'b', 'http://saxon.sf.net/collation?class=X')",
        "doc('../outside.xml')//following::x", "doc('/etc/hostname')/following::x",
        "doc('file:///etc/passwd')/following::x", "document('http://x.org/')/following::x",
        "document('x.xml', /)", "doc('')/following::x", "trace(., 'x')/following::x",
        "key('k', 'x')", "accessor-before('x')", "analyze-string('a', 'b')", "sort(*)",
    ],
)  # fmt: skip
def test_what_could_reach_outside_is_refused_with_file_and_line(tmp_path: Path, test: str) -> None:
    (tmp_path / "outside.xml").write_text("<x>a</x>")
    uris = {"saxon": "http://saxon.sf.net/", "j": "java:java.lang.System"}
    spaces = "".join(f'<ns prefix="{prefix}" uri="{uri}"/>' for prefix, uri in uris.items())
    for place in (one("h:a", test), one(f"h:a[{test}]", "1"), one("h:a", f"{OUT} or {test}")):
        with pytest.raises(PackRefused) as refused:
            packs.add(make(tmp_path / "pack", spaces + pattern(place)))
        assert (refused.value.file, refused.value.line) == ("rules.sch", 3)
    assert packs.list_packs() == ()


@pytest.mark.parametrize(
    "body",
    [
        one("h:a", OUT + "} <xsl:result-document href='x'/> {" ),
        '<rule context="h:a"><let name="x\' select=\'1" value="1"/>'
        f'<assert test="{OUT}">m</assert></rule>',
        one("h:a", OUT, "(" * 100 + "1" + ")" * 100), one("h:a", OUT, "1" + "-" * 3000 + "1"),
        one("h:a", "h:b[" * 100 + OUT + "]" * 100), one("h:a", OUT, "1" + " + 1" * 3000),
        one("h:a", OUT, "$none"), one("h:a", OUT, "nope:x"), one("h:a", OUT, "9" * 3000),
        one("h:a", OUT, "'" + "x" * 60000 + "'"), one("h:a", OUT, "1 +"), one("h:a", "1 + 'x' = 2"),
        one("h:a | ", OUT), one("h:a", OUT, "(1, 2"),
    ],
)  # fmt: skip
def test_what_saxon_could_not_run_is_refused_with_file_and_line(tmp_path: Path, body: str) -> None:
    with pytest.raises(PackRefused) as refused:
        packs.load(make(tmp_path / "p", pattern(one("h:d", OUT)) + pattern(body, ident="q")))
    assert refused.value.file == "rules.sch" and refused.value.line in (2, 3, 4)


def test_deep_but_allowed_expressions_do_not_harm(tmp_path: Path) -> None:
    tests = ("(" * 50 + "1" + ")" * 50, "1" + " + 1" * 200 + " = 201", "/".join(["*"] * 60))
    agree(make(tmp_path / "p", pattern(one("h:a", OUT, *tests))), DOC, count=1)


def test_text_of_the_pack_stays_text_in_the_stylesheet(tmp_path: Path) -> None:
    message = "{doc(.)} &lt;![CDATA[ &amp;lt;x/&gt; ]]&gt; \" ' \\"
    body = one("h:b", "following::h:zz or . = '{{1}} &lt;x&gt; &quot; '''", message=message)
    body = (
        body.replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;").replace("&amp;quot;", "&quot;")
    )
    folder = make(tmp_path / "p", pattern(body))
    agree(folder, DOC, count=1)
    assert "{doc(.)}" in packs.load(folder).judge(DOC.encode()).failed[0].message


def test_an_entity_of_a_document_is_never_resolved_by_saxon(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = make(
        tmp_path / "p", pattern(one("h:a", "following::x", message="[<value-of select='.'/>]"))
    )
    data = (
        f"<!DOCTYPE a [<!ENTITY e SYSTEM 'file://{tmp_path}/secret'><!ENTITY i 'inner'>]>"
        "<a xmlns='urn:h'>x&e;y&i;<b/>&e;z</a>"
    )
    failed = packs.load(folder).judge(data.encode()).failed
    assert [a.message for a in failed] == ["[xyz]"]


def test_without_saxonche_the_refusal_names_the_extra(tmp_path: Path, absent: None) -> None:
    for body in (rule(OUT), rule("1", context="h:b[h:c >> h:d]"), rule("resolve-uri(@a)")):
        with pytest.raises(PackRefused, match=r"dmp-certify\[saxon\]") as refused:
            packs.add(make(tmp_path / "p", body))
        assert (refused.value.file, refused.value.line) == ("rules.sch", 2)
        assert "that rule alone" in str(refused.value) and "cette règle seule" in str(refused.value)


def test_a_pack_kept_with_saxon_says_what_it_needs_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "p", rule(OUT))
    info = packs.add(folder)
    assert info.saxon == ("rules.sch:2",)
    assert not store.cache_path(info.digest).exists()
    assert store.cache_path(info.digest, saxon=True).exists()
    monkeypatch.setitem(sys.modules, "saxonche", None)
    for way in (folder, "p"):
        with pytest.raises(PackError, match=r"rules\.sch:2.*pip install 'dmp-certify\[saxon\]'"):
            packs.load(way)
    assert packs.list_packs() == (info,)


def test_pack_add_and_list_say_which_rules_run_in_saxon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dmp_certify.cli import main

    folder = make(
        tmp_path / "p", pattern(one("h:a", OUT), one("h:b", "@m"), one("h:c", "//a is ."))
    )
    assert main(["pack", "add", str(folder), "--lang", "fr"]) == 0
    assert "2 règle(s) jugée(s) par Saxon : rules.sch:3, rules.sch:5" in capsys.readouterr().out
    assert main(["pack", "list", "--lang", "en"]) == 0
    assert "2 rule(s) run in Saxon: rules.sch:3, rules.sch:5" in capsys.readouterr().out
    assert main(["pack", "list", "--json"]) == 0
    assert '"saxon": [\n      "rules.sch:3"' in capsys.readouterr().out


LAZY = """
import sys
from dmp_certify import packs
verdict = packs.load({folder!r}).judge({data!r})
names = " ".join(sys.modules)
print(len(verdict.failed), "saxonche" in names, ".saxon.engine" in names)
"""


@pytest.mark.parametrize(
    ("body", "element", "told"),
    [
        (rule("@a"), "a", "1 False False"),
        (rule(OUT), "x", "0 False True"),
        (rule(OUT), "a", "1 True True"),
    ],
)
def test_saxonche_is_imported_for_a_rule_that_has_to_be_run(
    tmp_path: Path, body: str, element: str, told: str
) -> None:
    folder = make(tmp_path / "p", body)
    packs.load(folder)
    script = LAZY.format(folder=str(folder), data=f"<{element} xmlns='urn:h'/>".encode())
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == told, done.stderr
