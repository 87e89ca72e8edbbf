"""From a ledger to messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.evidence.reader import Evidence
from dmp_certify.wire.evidence import answers, messages
from dmp_certify.wire.http import HttpAnswer
from dmp_certify.wire.tls import Tls
from dmp_certify.wire.vihf import Vihf
from tests.support import bases
from tests.support.wounds import build

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
AT = "2026-11-20T09:30:00.000000Z"


def record(folder, **exchange):
    ledger = Ledger.create(folder)
    facts = bases.tls_facts({})
    trust = bases.trust()
    ledger.append(
        "run",
        id="r",
        product={"vendor": "V", "name": "LPS d'essai", "version": "4.2.0", "approval_id": "A"},
        conformance={"auth_modes": ["INDIRECTE"]},
        trust=[ledger.put(one) for one in trust.certificates],
        crls=[ledger.put(one) for one in trust.crls],
    )
    chain = [ledger.put(one) for one in facts.client_chain]
    tls = {"version": facts.version, "cipher": facts.cipher, "sni": None, "client_chain": chain}
    ledger.append("connection", id="c0001", peer="127.0.0.1:1", established=True, tls=tls)
    ledger.append(
        "connection",
        id="c0002",
        peer="127.0.0.1:2",
        established=False,
        reason="no suite in common",
        cause="no-common-suite",
        tls={"client_chain": []},
    )
    fields = {
        "id": "0001",
        "connection": "c0001",
        "received_at": AT,
        "answered_at": AT,
        "request": {
            "blob": ledger.put(bases.http_bytes(build("td0_2", []))),
            "complete": True,
            "problem": "",
        },
        "response": {"blob": ledger.put(ANSWER), "status": 200},
    } | exchange
    ledger.append("exchange", **fields)
    ledger.close()
    return Evidence.open(folder)


def test_messages_carry_what_the_ledger_says(tmp_path):
    evidence = record(tmp_path / "evidence")
    first, refused, request = messages(evidence)
    assert (first.kind, first.artifact) == ("connection", "connection/c0001")
    assert first.view(Tls).path.anchored
    assert refused.view(Tls).cause == "no-common-suite"
    assert (request.kind, request.artifact) == ("http", "exchange/0001/request")
    assert request.received_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert request.tls.connection == "c0001" and request.answer == ANSWER
    assert request.product["name"] == "LPS d'essai"
    vihf = request.view(Vihf)
    assert vihf.signer_path.anchored and vihf.tls_client.purpose == "client"


def test_answers_are_subjects_of_their_own(tmp_path):
    (answer,) = answers(record(tmp_path / "evidence"))
    assert answer.artifact == "exchange/0001/response"
    assert answer.view(HttpAnswer).status.value == 200


def test_an_interrupted_request_is_marked(tmp_path):
    evidence = record(tmp_path / "evidence")
    blob = next(evidence.of_kind("exchange")).fields["request"]["blob"]
    cut = {"blob": blob, "complete": False, "problem": "the client left"}
    again = record(tmp_path / "cut", request=cut)
    *_, request = messages(again)
    assert not request.complete and request.problem == "the client left"


@pytest.mark.parametrize("field", ["request", "received_at"])
def test_an_entry_that_lacks_something_is_named(tmp_path, field):
    evidence = record(tmp_path / "evidence", **{field: None})
    with pytest.raises(EvidenceError, match="line 4"):
        list(messages(evidence))


def test_an_answer_that_never_left_is_no_answer(tmp_path):
    """What the product never received cannot be held against what it does next."""
    ledger = Ledger.create(tmp_path / "evidence")
    ledger.append("run", id="r", seed="1", profiles=[], product={}, conformance={})
    for name, complete in (("0001", True), ("0002", False)):
        ledger.append(
            "exchange",
            id=name,
            connection="c0001",
            received_at="2026-11-20T09:30:00.000000Z",
            answered_at="2026-11-20T09:30:01.000000Z",
            request={
                "blob": ledger.put(b"GET / HTTP/1.1\r\n\r\n"),
                "complete": True,
                "problem": "",
            },
            response={"blob": ledger.put(b"HTTP/1.1 200 OK\r\n\r\n"), "status": 200},
            scenario=None,
            step=None,
            disturbance=None,
        )
        ledger.append("sent", exchange=name, complete=complete, problem="")
    ledger.close()
    found = list(messages(Evidence.open(tmp_path / "evidence")))
    assert [one.answer is not None for one in found] == [True, False]
