"""What a file is, its bytes say."""

from __future__ import annotations

import pytest

from dmp_certify.engine.documents import detect
from tests.support import bases
from tests.support.wounds import build


def test_base_messages_are_told_apart() -> None:
    base = build("td2_1", [])
    assert detect(bases.http_bytes(base)) == "http"
    assert detect(bases.multipart(base)[1]) == "mime"
    assert detect(base.envelope) == "soap"
    assert detect(base.part("document").data) == "cda"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<saml2:Assertion xmlns:saml2='x'/>", "vihf"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- a <b> --><ClinicalDocument/>", "cda"),
        ("<ClinicalDocument/>".encode("utf-16"), "cda"),
        (b"<?a ? > ?><?b???>\n<!-- - -> --x ---><!----><ClinicalDocument/>", "cda"),
        (b"<!-- <ClinicalDocument/> ", ""),
        (b"<?x <ClinicalDocument/> ", ""),
        (b" " * 65_536 + b"<ClinicalDocument/>", ""),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]>\n<ClinicalDocument>&a;</ClinicalDocument>", "cda"),
        (b"<xsl:stylesheet xmlns:xsl='x'></xsl:stylesheet>", "cda"),
        (b"Content-Type: multipart/related\r\n\r\n--x\r\n", "mime"),
        (b"", ""),
        (b"%PDF-1.4", ""),
        (b"\x00\xff" * 40, ""),
        (b"<html></html>", ""),
    ],
)
def test_kinds(data: bytes, kind: str) -> None:
    assert detect(data) == kind


@pytest.mark.parametrize(
    "before", ["<!---->", "<!-- -- - --->", "<?a ? > ??>", "<!--a--><?b?> <!--c-->"]
)
def test_what_stands_before_the_root_is_crossed(before: str) -> None:
    assert detect(f"<?xml version='1.0'?>\n{before}\n<ClinicalDocument/>".encode()) == "cda"
    assert detect(f"{before[:-1]} <ClinicalDocument/>".encode()) == ""
