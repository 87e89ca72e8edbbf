"""Bytes of a base message, changed at random: a verdict each time, and never a crash."""

from __future__ import annotations

import dataclasses
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire.message import Message
from tests.support import bases
from tests.support.wounds import build

CHECKS = load_all()
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
HOSTILE = (
    *(b"", b"\0", b"<", b">", b"&", b"]]>", b"\xff", b"\xe9", b"--", b"\r\n\r\n", b"<!--", b"&a;"),
    *(b"<![CDATA[", b'"', b"'", b"=", b"^", b"^^^&&", b"-1", b"9" * 40, b"9999", b"NaN", b"0"),
    *(b"#", b"#_x", b"cid:", b"urn:uuid:", b"<x/>", b' xmlns=""', b"\xf0\x9f\x92\x89"),
    b"2026-99-99T99:99:99Z",
)


@cache
def message(base: str) -> Message:
    return bases.message(build(base, []))


@st.composite
def edits(draw, size: int) -> list[tuple[int, int, bytes]]:
    """(position, bytes removed, bytes put in)."""
    spot = st.tuples(
        st.integers(0, size), st.integers(0, 60), st.sampled_from(HOSTILE) | st.binary(max_size=8)
    )
    return draw(st.lists(spot, min_size=1, max_size=6))


def changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for position, removed, put_in in changes:
        data = data[:position] + put_in + data[position + removed :]
    return data


def assert_judged(subject: Message) -> None:
    found = judge_messages((subject,), CHECKS)
    crashed = [one for one in found if one.outcome is Outcome.CRASHED]
    assert not crashed, [(one.check, one.observed.en) for one in crashed][:3]
    assert found, "silence on a request"


@pytest.mark.parametrize("base", ["td0_2", "td2_1"])
@SETTINGS
@given(data=st.data())
def test_a_changed_request_is_judged(base: str, data: st.DataObject) -> None:
    whole = message(base)
    raw = changed(whole.raw, data.draw(edits(len(whole.raw))))
    assert_judged(dataclasses.replace(whole, raw=raw, _views={}))


@pytest.mark.parametrize("base", ["td0_2", "td2_1"])
@SETTINGS
@given(data=st.data())
def test_a_changed_envelope_is_judged_as_a_file(base: str, data: st.DataObject) -> None:
    """The XML is changed between its marks, so that more of the changes stay well-formed."""
    envelope = build_envelope(base)
    spots = [at for at, byte in enumerate(envelope) if byte in b'">']
    chosen = data.draw(st.lists(st.sampled_from(spots), min_size=1, max_size=4))
    values = data.draw(st.lists(st.sampled_from(HOSTILE), min_size=4, max_size=4))
    for at, value in zip(sorted(chosen, reverse=True), values, strict=False):
        end = min(envelope.find(b'"', at + 1) % len(envelope), at + 80)
        if b"<" not in envelope[at + 1 : end]:
            envelope = envelope[: at + 1] + value + envelope[end:]
    whole = message(base)
    assert_judged(dataclasses.replace(whole, kind="soap", raw=envelope, tls=None, _views={}))


@cache
def build_envelope(base: str) -> bytes:
    return build(base, []).envelope


@SETTINGS
@given(cut=st.integers(0, 40_000))
def test_a_cut_request_is_judged(cut: int) -> None:
    whole = message("td2_1")
    raw = whole.raw[: cut % len(whole.raw)]
    subject = dataclasses.replace(whole, raw=raw, complete=False, problem="cut", _views={})
    found = judge_messages((subject,), CHECKS)
    assert not [one for one in found if one.outcome is Outcome.CRASHED]
    assert {"transport.body-incomplete", "transport.http-malformed"} & {
        one.check for one in found if one.outcome is Outcome.FAIL
    }
