"""`check` on files, as a vendor meets it: every format, every exit code, hostile input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dmp_certify import packs
from dmp_certify.cli import main
from tests.support import bases
from tests.support.wounds import build

GOOD = build("td2_1", []).part("document").data
BAD = GOOD.replace(b'languageCode code="fr-FR"', b'languageCode code="fr"')
MINI = bases.FIXTURES / "_packs" / "mini"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "document.xml"
    file.write_bytes(GOOD)
    return file


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    file = tmp_path / "mauvais document.xml"
    file.write_bytes(BAD)
    return file


def said(capsys: pytest.CaptureFixture[str], *given: str) -> tuple[int, str]:
    code = main(["check", *given])
    return code, capsys.readouterr().out


def test_a_good_document_conforms(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, str(document), "--pack", "core")
    assert code == 0
    assert "CONFORME" in text and "core" in text


def test_a_fault_is_shown_with_its_line_and_a_caret(
    bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = said(capsys, str(bad), "--pack", "core")
    assert code == 1
    lines = text.splitlines()
    shown = next(n for n, line in enumerate(lines) if '<languageCode code="fr"/>' in line)
    column = lines[shown + 1].index("^")
    assert lines[shown][column:].startswith('code="fr"')
    number = BAD[: BAD.index(b"<languageCode")].count(b"\n") + 1
    assert f"{bad}:{number}" in text
    assert "fr-FR" in text and "corriger" in text and "pourquoi" in text


def test_english_is_spoken_on_demand(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = said(capsys, str(bad), "--pack", "core", "--lang", "en")
    assert "NON-CONFORMING" in text and "expected: fr-FR" in text


def test_json_says_it_in_both_languages(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, str(bad), "--pack", "core", "--format", "json")
    (file,) = json.loads(text)
    assert code == 1 and file["conforming"] is False and file["pack"] == "core"
    (problem,) = file["problems"]
    assert problem["rule"] == "cda_header.language"
    assert problem["place"]["path"].endswith("languageCode/@code")
    assert problem["title"]["fr"] != problem["title"]["en"]
    assert problem["observed"]["fr"] == "fr"


def test_junit_counts_what_fails(
    document: Path, bad: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty.xml"
    empty.touch()
    paths = (str(document), str(bad), str(empty))
    code, text = said(capsys, *paths, "--pack", "core", "--format", "junit")
    suite = etree.fromstring(text.encode()).find("testsuite")
    assert code == 1 and suite is not None
    assert {k: suite.get(k) for k in ("tests", "failures", "errors")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
    }


def test_sarif_has_the_shape_that_code_hosts_read(
    document: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, text = said(capsys, str(document), str(bad), "--pack", "core", "--format", "sarif")
    log: dict[str, Any] = json.loads(text)
    (run,) = log["runs"]
    (result,) = run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert log["version"] == "2.1.0"
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "cda_header.language"
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("mauvais%20document.xml")
    assert place["region"]["startLine"] > 1


def test_soap_mtom_and_vihf_are_judged_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = build("td2_1", [])
    vihf = etree.fromstring(base.envelope).find(".//saml:Assertion", bases.NS)
    for name, data, kind in (
        ("existence.xml", build("td0_2", []).envelope, "soap"),
        ("capture.http", bases.http_bytes(base), "http"),
        ("capture.mime", bases.multipart(base)[1], "mime"),
        ("vihf.xml", etree.tostring(vihf, with_tail=False), "vihf"),
    ):
        (tmp_path / name).write_bytes(data)
        _, text = said(capsys, str(tmp_path / name), "--format", "json")
        (file,) = json.loads(text)
        assert file["kind"] == kind
        names = [problem["rule"] for problem in file["problems"]]
        assert not [one for one in names if one == "unreadable"], (name, names)


def test_a_pack_alone_decides_by_itself(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, str(bad), "--pack", str(MINI))
    assert code == 0, "the mini pack does not know the language"
    assert "mini" in text and "core" not in text


def test_the_nearest_codes_of_a_value_set_are_said(
    document: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(document.parent / "home"))
    packs.add(MINI, "nearest")
    document.write_bytes(GOOD.replace(b'code="ETABLISSEMENT"', b'code="ETABLISEMENT"'))
    code, text = said(capsys, str(document), "--pack", "nearest", "--format", "json")
    (problem,) = json.loads(text)[0]["problems"]
    assert code == 1
    assert "ETABLISSEMENT" in problem["expected"]["fr"]
    assert 'code="ETABLISEMENT"' in problem["observed"]["fr"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 100,
        b"%PDF-1.4",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><ClinicalDocument>&x;</ClinicalDocument>',
        b"<ClinicalDocument xmlns='urn:hl7-org:v3'>",
        "<ClinicalDocument xmlns='urn:hl7-org:v3'>\u00e9</ClinicalDocument>".encode("latin-1"),
    ],
    ids=["empty", "binary", "pdf", "external entity", "truncated", "not utf-8"],
)
def test_hostile_files_never_pass(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "hostile.xml"
    file.write_bytes(data)
    code, text = said(capsys, str(file), "--pack", "core")
    assert code in (1, 3), text
    assert "root:" not in text


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "absent.xml"]) == 2
    assert "absent.xml" in capsys.readouterr().err


def test_an_unknown_pack_is_said(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(document), "--pack", "absent"]) == 2
    assert "absent" in capsys.readouterr().err
