"""The cases of checks that look at a step of a scenario (`base: play`) or a run (`base: play-run`).

A case of `base: play` holds `play:`: the fields of StepPlay; wherever a message is wanted stands a
request of the fixtures, `{base: td2_1, wound: [...], answer: success|refused|fault}`. A case of
`base: play-run` holds `run:`, a list of such requests in the order they were received. Requests of
one case get MessageIDs and assertions of their own before their wounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dmp_certify.checks import load_all as all_checks
from dmp_certify.engine.judge import judge_messages
from dmp_certify.finding import Finding, Text
from dmp_certify.outcome import Outcome
from dmp_certify.wire.message import Message
from dmp_certify.wire.play import ExpectedExchange, StepPlay, play_message, step_place
from dmp_certify.wire.run import run_message
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases, cases
from tests.support.wounds import build

declare_readers()
CHECKS = all_checks()
_STATUS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:"
_RESPONSE = (
    '<rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="{}"/>'
)
_BODIES = {
    "success": _RESPONSE.format(_STATUS + "Success"),
    "refused": _RESPONSE.format(_STATUS + "Failure"),
    "fault": '<soap:Fault xmlns:soap="http://www.w3.org/2003/05/soap-envelope"/>',
}


@dataclass(frozen=True)
class PlayCase:
    """One case; `spec` is its item in cases.yaml, `base` is `play` or `play-run`."""

    check: str
    good: bool
    base: str
    spec: dict[str, Any]

    @property
    def id(self) -> str:
        return f"{self.check}[{'good' if self.good else 'bad'}:{self.spec['name']}]"


def load(file: Path) -> Iterator[PlayCase]:
    spec = yaml.safe_load(file.read_text("utf-8"))
    check = f"{file.parent.parent.name}.{file.parent.name}"
    for kind in ("good", "bad"):
        for item in spec.get(kind) or ():
            base = item.get("base") or spec.get("base") or ""
            if base in ("play", "play-run"):
                yield PlayCase(check, kind == "good", base, item)


CASES = [case for file in cases.files() for case in load(file)]


class Requests:
    """The requests of one case, numbered as they are asked for."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, spec: dict[str, Any] | None) -> Message | None:
        if spec is None:
            return None
        self._count += 1
        own = f"00000000-0000-4000-8000-{self._count:012d}"
        wound = spec.get("wound") or []
        wounds = [
            {
                "set": {
                    "//wsa:MessageID": f"urn:uuid:{own}",
                    "//saml:Assertion/@ID": f"_{own}",
                    "//saml:Assertion/ds:Signature/ds:SignedInfo/ds:Reference/@URI": f"#_{own}",
                }
            }
        ]
        wounds += wound if isinstance(wound, list) else [wound]
        message = bases.message(build(spec["base"], wounds))
        message.artifact = f"exchange/{self._count:04d}/request"
        message.exchange = f"{self._count:04d}"
        message.answer = _answer(spec["answer"]) if spec.get("answer") else None
        return message

    def all(self, specs: list[dict[str, Any]] | None) -> tuple[Message, ...]:
        return tuple(found for spec in specs or () if (found := self(spec)) is not None)


def _answer(kind: str) -> bytes:
    body = (
        '<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>'
        f"{_BODIES[kind]}</soap:Body></soap:Envelope>"
    ).encode()
    head = f"Content-Type: application/soap+xml; charset=UTF-8\r\nContent-Length: {len(body)}"
    return f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body


def _play(spec: dict[str, Any], requests: Requests) -> StepPlay:
    fields = dict(spec)
    exchanges = tuple(
        ExpectedExchange(
            wanted=one["wanted"],
            messages=requests.all(one.get("messages")),
            surplus=requests.all(one.get("surplus")),
            nearest=requests(one.get("nearest")),
            why=Text.same(one["why"]) if one.get("why") else None,
        )
        for one in fields.pop("exchanges", ())
    )
    forbidden = requests.all(fields.pop("forbidden", None))
    known = {"order": {}, "expect": {}, "scenario": "s", "step": "one", "intent": "feed"} | fields
    place = step_place(known["scenario"], known["step"])
    return StepPlay(place=place, exchanges=exchanges, forbidden=forbidden, **known)


def _judge(case: PlayCase) -> list[Finding]:
    requests = Requests()
    if case.base == "play-run":
        return judge_messages((run_message(requests.all(case.spec["run"])),), CHECKS)
    subject = play_message(_play(case.spec["play"], requests), bases.RECEIVED_AT, {})
    return judge_messages((subject,), CHECKS)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: PlayCase) -> None:
    found = _judge(case)
    crashed = [one.observed.en for one in found if one.outcome is Outcome.CRASHED]
    assert not crashed, crashed
    failed = [one for one in found if one.outcome is Outcome.FAIL]
    own = [one for one in failed if one.check == case.check]
    if case.good:
        assert not failed, failed
        ran = any(one.check == case.check and one.outcome is Outcome.PASS for one in found)
        # `silent` cases show that the check does not run, rather than that it passes.
        assert ran is not case.spec.get("silent", False)
        return
    expect = case.spec["expect"]
    assert {one.check for one in failed} == {case.check}, failed
    assert any(
        one.place.path.endswith(expect.get("path", ""))
        and one.place.artifact.endswith(expect.get("artifact", ""))
        and expect["observed"] in one.observed.en
        and expect.get("requirement", "") in (*one.requirement_ids, "")
        for one in own
    ), own


def test_each_case_of_a_play_is_read() -> None:
    assert CASES
