"""Packs and archives that mean harm: refused with file and line, never run, never followed."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from dmp_certify import packs
from dmp_certify.errors import PackError
from dmp_certify.packs import store
from dmp_certify.packs.schematron.errors import PackRefused

HEAD = (
    '<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">'
    '<ns prefix="h" uri="urn:h"/>\n'
)
HARM = "__import__('os').system('touch {}')"


def make(folder: Path, body: str, **others: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.sch").write_text(f"{HEAD}{body}</schema>", encoding="utf-8")
    for name, text in others.items():
        target = folder / name.replace("__", "/").replace("_", ".")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def rule(test: str, context: str = "h:a", message: str = "m") -> str:
    quoted = test.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<pattern id="p"><rule context="{context}">'
        f'<assert test="{quoted}">{message}</assert></rule></pattern>'
    )


@pytest.mark.parametrize(
    "place",
    ["'HARM' = 'x'", "h:b[@c = 'HARM']", "matches(@a, 'HARM')", "$HARM", "HARM", "@a = 'x' + HARM"],
)
def test_code_in_expressions_is_text_or_refused(tmp_path: Path, place: str) -> None:
    mark = tmp_path / "harm"
    for quote in ("'", '"', "'''"):
        harm = f"{quote}+{HARM.format(mark)}+{quote}\n#\\".replace("'", "''")
        folder = make(tmp_path / "pack", rule(place.replace("HARM", harm)))
        try:
            packs.load(folder).judge(b"<a xmlns='urn:h' a='1'><b c=''/></a>")
        except PackRefused as refused:
            assert refused.file == "rules.sch" and refused.line in (2, 3)
        assert not mark.exists()


def test_code_in_names_and_messages_stays_text(tmp_path: Path) -> None:
    harm = HARM.format(tmp_path / "harm").replace("'", "&apos;")
    body = (
        f'<pattern id="{harm}"><let name="x" value="&apos;{{}}\\&apos;"/>'
        f'<rule context="h:a" id="{harm}"><assert id="{harm}" role="{harm}" test="false()">'
        f'&quot;&quot;&quot; + {harm} {{n}} \\<value-of select="&apos;\\n\'&apos;"/></assert>'
        "</rule></pattern>"
    ).replace("\\n'", "\\n")
    verdict = packs.load(make(tmp_path / "pack", body)).judge(b"<a xmlns='urn:h'/>")
    assert len(verdict.failed) == 1 and "__import__" in verdict.failed[0].message
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    "body",
    [
        '<include href="../outside.sch"/>',
        '<include href="/etc/passwd"/>',
        '<include href="file:///etc/passwd"/>',
        '<include href="http://example.org/x.sch"/>',
        '<include href="rules.sch#x"/>',
        rule("doc('../outside.xml')//x = 'a'"),
        rule("document('/etc/hostname')//x[@a = 'b']"),
        rule("doc('file:///etc/passwd')//x"),
        rule("doc(@where)//x"),
        rule("unparsed-text('rules.sch') = ''"),
        rule("system-property('x') = ''"),
        rule("doc-available(@x) and collection()"),
        rule("h:a >> h:b"),
        rule("1 to 1000000000 = 3"),
        rule("@a + 'x' = 1"),
        rule("matches(@a, '(')"),
        rule("(" * 3000 + "1" + ")" * 3000),
        rule("-" * 5000 + "1"),
        rule("/".join(["*"] * 60)),
        rule("h:b[" * 70 + "1" + "]" * 70),
        rule("9" * 5000 + " = 1"),
        rule("1e999 = 1"),
        rule("1 +"),
        '<pattern id="p"><rule context="h:a"><extends rule="none"/></rule></pattern>',
        '<pattern is-a="none"/>',
        '<pattern id="p"><rule context="h:a/@b"><assert test="1">m</assert></rule></pattern>',
        '<pattern><x:y xmlns:x="urn:x"/></pattern>',
        '<let name="a"><x/></let>',
    ],
)
def test_what_is_outside_the_language_names_file_and_line(
    tmp_path: Path, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "saxonche", None)  # with it: test_saxon.py
    (tmp_path / "outside.sch").write_text("<pattern/>")
    (tmp_path / "outside.xml").write_text("<x>a</x>")
    with pytest.raises(PackRefused) as refused:
        packs.add(make(tmp_path / "pack", body))
    assert refused.value.file == "rules.sch" and refused.value.line in (1, 2)
    assert packs.list_packs() == ()


def test_inclusions_that_double_are_stopped(tmp_path: Path) -> None:
    folder = make(tmp_path / "pack", '<include href="i0.sch"/>')
    for at in range(30):
        twice = f'<include href="i{at + 1}.sch"/>' * 2
        (folder / f"i{at}.sch").write_text(
            f'<pattern xmlns="http://purl.oclc.org/dsdl/schematron">{twice}</pattern>'
        )
    with pytest.raises(PackRefused, match="grow without end"):
        packs.load(folder)


def test_parameters_that_double_are_stopped(tmp_path: Path) -> None:
    params = "".join(f'<param name="a{i}" value="$a{i + 1}$a{i + 1}"/>' for i in range(40))
    body = (
        '<pattern id="t" abstract="true"><rule context="$a0"><assert test="1">m</assert></rule>'
        f'</pattern><pattern id="p" is-a="t">{params}</pattern>'
    )
    with pytest.raises(PackRefused):
        packs.load(make(tmp_path / "pack", body))


def test_an_entity_is_never_resolved(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "rules.sch").write_text(
        f'<!DOCTYPE schema [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}{rule("1")}</schema>'
    )
    with pytest.raises(PackRefused, match="DOCTYPE"):
        packs.load(folder)


def test_a_schema_from_elsewhere_is_never_read(tmp_path: Path) -> None:
    folder = make(tmp_path / "pack", rule("true()"))
    (folder / "xsd").mkdir()
    (tmp_path / "outside.xsd").write_text("<x/>")
    (folder / "xsd" / "main.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:include schemaLocation="../../outside.xsd"/></xs:schema>'
    )
    with pytest.raises(PackRefused, match="leaves the pack"):
        packs.load(folder)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = make(tmp_path / "pack", rule("doc('secret.xml')//x = 'a'"))
    (tmp_path / "secret.xml").write_text("<x>a</x>")
    (folder / "secret.xml").symlink_to(tmp_path / "secret.xml")
    verdict = packs.load(folder).judge(b"<a xmlns='urn:h'/>")
    assert [a.message for a in verdict.failed] == ["m"]


def zipped(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in entries:
            bundle.writestr(name, data)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "entry", ["../evil.sch", "/evil.sch", "a/../../evil.sch", "..\\evil.sch", "C:/evil.sch"]
)
def test_a_zip_that_leaves_its_folder_is_refused(tmp_path: Path, entry: str) -> None:
    archive = zipped(tmp_path / "p.zip", (entry, b"x"))
    with pytest.raises(PackError, match="leaves the folder"):
        packs.add(archive)
    assert not list(store.home().rglob("evil.sch"))


def test_a_zip_with_a_link_a_bomb_or_damage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="symbolic link"):
        packs.add(zipped(tmp_path / "l.zip", (link("x.sch"), b"/etc/passwd")))
    with pytest.raises(PackError, match="bomb"):
        packs.add(zipped(tmp_path / "b.zip", ("x.sch", b"\0" * 40_000_000)))
    (tmp_path / "d.zip").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(PackError, match="not a readable zip"):
        packs.add(tmp_path / "d.zip")
    with pytest.raises(PackError, match="no such folder"):
        packs.add(tmp_path / "none")
    with pytest.raises(PackRefused, match="no Schematron"):
        packs.add(zipped(tmp_path / "e.zip", ("readme.txt", b"x")))


def test_a_good_zip_is_the_same_pack_as_its_folder(tmp_path: Path) -> None:
    folder = make(tmp_path / "pack", rule("@a"))
    body = (folder / "rules.sch").read_bytes()
    buffer = io.BytesIO(body)
    archive = zipped(tmp_path / "wrapped.zip", ("rules.sch", buffer.getvalue()))
    assert packs.load(archive).digest == packs.load(folder).digest
    wrapped = zipped(tmp_path / "w2.zip", ("top/rules.sch", body))
    failed = packs.load(wrapped).judge(b"<a xmlns='urn:h'/>").failed
    assert [a.schematron for a in failed] == ["rules"]
