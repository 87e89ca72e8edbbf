"""Damaged requests are judged: never a crash, never a hang, and never in silence.

Every seed is fixed. The alarm turns a hang into a failure; nothing waits for it.
"""

from __future__ import annotations

import dataclasses
import signal
from collections.abc import Iterator
from functools import cache

import pytest

from dmp_certify.outcome import Outcome
from tests.metamorphic.judging import findings, judged, said
from tests.metamorphic.mutating import damaged_bytes, damaged_tree
from tests.metamorphic.wiring import Http, Mime, message, transfer
from tests.support.wounds import build

SECONDS = 20
BASES = ("td0_2", "td2_1", "td2_1_lot2", "cda_structured", "cda_self_presentable")


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    def ring(number: int, frame: object) -> None:
        raise TimeoutError(f"a request was not judged within {SECONDS} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@cache
def requests() -> dict[str, bytes]:
    feeding, lot = build("td2_1", []), build("td2_1_lot2", [])
    return {
        "soap": message(build("td0_2", [])).raw,
        "mtom": message(feeding).raw,
        "chunked": message(lot, Http(chunks=[997])).raw,
        "gzip": message(lot, Http(coding="gzip", chunks=[400])).raw,
        "base64": message(feeding, mime=Mime(edit=transfer("base64"))).raw,
    }


@pytest.mark.parametrize("kind", ["soap", "mtom", "chunked", "gzip", "base64"])
@pytest.mark.parametrize("start", range(0, 60, 20))
def test_damaged_bytes_are_judged(kind: str, start: int) -> None:
    whole = message(build("td2_1", []))
    for seed in range(start, start + 20):
        raw = damaged_bytes(requests()[kind], seed)
        found = judged(dataclasses.replace(whole, raw=raw, _views={}))
        crashed = [said(one) for one in found if one.outcome is Outcome.CRASHED]
        assert not crashed, (seed, crashed)
        assert any(one.exchange for one in found), f"silence on seed {seed}"


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("start", range(0, 24, 12))
def test_damaged_trees_are_judged(name: str, start: int) -> None:
    for seed in range(start, start + 12):
        found = findings(damaged_tree(name, seed))
        crashed = [said(one) for one in found if one.outcome is Outcome.CRASHED]
        assert not crashed, (seed, crashed)
        assert found, f"silence on seed {seed}"


@pytest.mark.parametrize("kind", ["soap", "mtom", "chunked"])
def test_a_request_that_breaks_off_is_never_passed(kind: str) -> None:
    """Cut at many places, and the server saw it end there."""
    whole = message(build("td2_1", []))
    raw = requests()[kind]
    for cut in range(0, len(raw), max(1, len(raw) // 40)):
        subject = dataclasses.replace(
            whole, raw=raw[:cut], complete=False, problem="the client left", _views={}
        )
        found = judged(subject)
        assert not [one for one in found if one.outcome is Outcome.CRASHED]
        failed = {one.check for one in found if one.outcome is Outcome.FAIL}
        assert {"transport.body-incomplete", "transport.http-malformed"} & failed, cut
