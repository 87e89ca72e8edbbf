"""Hostile requests, each with the check that names it: no crash, no hang, and no pass below it."""

from __future__ import annotations

import gzip
import time

import pytest

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire import http
from tests.support import bases
from tests.support.wounds import build

CHECKS = load_all()
DOCTYPE = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">'
    '<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def wound(base: str, **verb) -> bytes:
    wounds = [{name.replace("_", "-"): value, "after": "signing"} for name, value in verb.items()]
    return bases.http_bytes(build(base, wounds))


def head_of(text: str) -> bytes:
    return wound("td2_1", replace_bytes=["<soap:Envelope", f"{text}<soap:Envelope"])


def gzip_bomb() -> bytes:
    data = gzip.compress(b"\0" * 3_000_000)
    fields = f"Content-Encoding: gzip\r\nContent-Length: {len(data)}\r\n\r\n"
    return f"POST /x HTTP/1.1\r\nContent-Type: application/soap+xml\r\n{fields}".encode() + data


HOSTILE = {
    "gzip-bomb": (gzip_bomb, "transport.body-incomplete"),
    "truncated-multipart": (
        lambda: bases.http_bytes(build("td2_1", []))[:-3000],
        "transport.body-incomplete",
    ),
    "wrong-boundary": (
        lambda: wound("td2_1", raw_bytes=['boundary="uuid:4c1a', 'boundary="uuid:0000']),
        "transport.multipart-broken",
    ),
    "missing-part": (
        lambda: wound("td2_1", parts={"remove": "document"}),
        "soap.document-without-bytes",
    ),
    "entity-bomb": (lambda: head_of(DOCTYPE), "soap.doctype-present"),
    "external-entity": (lambda: head_of(EXTERNAL), "soap.doctype-present"),
    "not-utf-8": (
        lambda: wound("td2_1", replace_bytes=["MARTIN, Camille", "MARTIN, Camill\udce9"]),
        "soap.not-well-formed",
    ),
    "duplicate-ids": (
        lambda: wound("td2_1", set={"//soap:Body/@ID": "_0d9d2f5e-3f6b-4b8e-8a39-0f4b7b0a1c02"}),
        "vihf.signature-scope-wrong",
    ),
}
BELOW = {
    "transport.body-incomplete": ("soap", "vihf", "xds", "cda_header", "signature", "coherence"),
    "transport.multipart-broken": ("soap", "vihf", "xds", "cda_header", "signature", "coherence"),
    "soap.doctype-present": ("vihf", "xds", "cda_header", "signature", "coherence"),
    "soap.not-well-formed": ("vihf", "xds", "cda_header", "signature", "coherence"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_requests_are_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_INFLATED", 1_000_000)
    make, check = HOSTILE[name]
    message = bases.message(build("td2_1", []))
    message.raw = make()
    begun = time.perf_counter()
    found = judge_messages((message,), CHECKS)
    assert time.perf_counter() - begun < 10
    assert not [one.observed.en for one in found if one.outcome is Outcome.CRASHED]
    assert check in {one.check for one in found if one.outcome is Outcome.FAIL}
    passed = {one.check for one in found if one.outcome is Outcome.PASS}
    below = tuple(f"{layer}." for layer in BELOW.get(check, ()))
    assert not [one for one in passed if below and one.startswith(below)]


def test_a_document_that_bears_an_entity_bomb_stops_its_own_checks_only() -> None:
    base = build("td2_1", [])
    document = base.part("document")
    document.data = document.data.replace(
        b"<ClinicalDocument", DOCTYPE.encode() + b"<ClinicalDocument", 1
    )
    found = judge_messages((bases.message(base),), CHECKS)
    assert not [one.observed.en for one in found if one.outcome is Outcome.CRASHED]
    assert "vihf.absent" in {one.check for one in found if one.outcome is Outcome.PASS}
