"""The drivers carry one contract; every way to break it is one clear sentence."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.drivers import Actor, DriverError, Order, from_config
from dmp_certify.drivers.base import read_answer
from dmp_certify.drivers.command import CommandDriver
from dmp_certify.drivers.http import HttpDriver
from dmp_certify.drivers.human import HumanDriver
from dmp_certify.drivers.stub import ADAPTER_STUB, SHELL_STUB, SUT_TOML
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.outcome import DriverOutcome
from dmp_certify.reference_lps.desk import Desk
from dmp_certify.reference_lps.serve import server

ORDER = Order(
    intent="test-existence",
    parameters={"patient": {"family_birth": "PAT-TROIS", "ins": "279035121518989"}},
    acting={"user": {"id": "899700000017", "family": "MARTIN", "given": "Camille"}},
    endpoint={"base_url": "https://127.0.0.1:1/si-dmp-server/v2/services"},
    scenario="existence-found",
    step="test",
    say=Text("Testez l'existence.", "Test the existence."),
)
WHO = Text("le produit", "the product")


def python(code: str, folder: Path, timeout: float = 30.0) -> CommandDriver:
    return CommandDriver([sys.executable, "-c", code], folder, timeout)


def test_the_order_reaches_the_command_and_its_answer_comes_back(tmp_path: Path) -> None:
    code = """
import json, sys, os
order = json.load(sys.stdin)
print("a log line")
print(json.dumps({"outcome": "done", "shown": order["step"], "detail": {
    "cwd": os.getcwd(), "keys": sorted(order)}}))
"""
    answer = python(code, tmp_path).carry_out(ORDER)
    assert answer.outcome is DriverOutcome.DONE
    assert answer.shown == "test"
    assert answer.detail["cwd"] == str(tmp_path.resolve())
    assert answer.detail["keys"] == [
        "as",
        "endpoint",
        "intent",
        "parameters",
        "scenario",
        "step",
    ]


def test_a_long_order_to_a_command_that_does_not_read_it(tmp_path: Path) -> None:
    order = Order("feed", {"filling": "x" * 1_000_000}, {}, {})
    answer = python('print(\'{"outcome": "failed"}\')', tmp_path).carry_out(order)
    assert answer.outcome is DriverOutcome.FAILED


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("pass", "n'a pas répondu en JSON", "did not answer in JSON"),
        ("print('bonjour')", "bonjour", "bonjour"),
        ("print('{}')", "outcome", "'outcome' is a required property"),
        ('print(\'{"outcome": "ok"}\')', "ok", "'ok' is not one of"),
        ("print('[1]')", "contrat", "is not of type 'object'"),
        ("import sys; sys.exit('je tombe')", "code 1 : je tombe", "code 1: je tombe"),
        ("import sys; print('x'); sys.exit(3)", "code 3", "exited with code 3"),
    ],
)
def test_a_command_that_breaks_the_contract(
    tmp_path: Path, code: str, french: str, english: str
) -> None:
    with pytest.raises(DriverError) as caught:
        python(code, tmp_path).carry_out(ORDER)
    assert french in caught.value.text.fr
    assert english in caught.value.text.en


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    driver = CommandDriver(["sh", "-c", "sleep 60 & echo $! >child; wait"], tmp_path, 1)
    with pytest.raises(DriverError, match="within 1 s"):
        driver.carry_out(ORDER)
    with contextlib.suppress(ProcessLookupError):
        child = os.pidfd_open(int((tmp_path / "child").read_text()))
        ended, _, _ = select.select([child], [], [], 20)
        os.close(child)
        assert ended, "the child still runs"


def test_a_command_that_writes_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    code = "import sys\nfor _ in range(200): sys.stdout.write('x' * 100_000)"
    with pytest.raises(DriverError, match="did not answer in JSON"):
        python(code, tmp_path).carry_out(ORDER)


def test_a_command_that_does_not_exist(tmp_path: Path) -> None:
    driver = from_config({"kind": "command", "command": ["./nothing-here"]}, tmp_path)
    with pytest.raises(DriverError, match="does not start") as caught:
        driver.carry_out(ORDER)
    assert "[driver] command" in caught.value.text.fr
    # The reason goes into the evidence, which leaves the computer.
    assert str(tmp_path) not in caught.value.text.fr + caught.value.text.en


@pytest.mark.parametrize(
    "data",
    [
        b'{"outcome": "done", "detail": {"status": "open"}}',
        b'{"outcome": "done", "detail": {"documents": [{}]}}',
        b'{"outcome": "done", "detail": []}',
        b'{"outcome": "done", "shown": 3}',
        b'{"outcome": "done", "show": "typo"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_answers_outside_the_schema_are_refused(data: bytes) -> None:
    with pytest.raises(DriverError):
        read_answer(data, WHO)


Reply = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def product() -> Iterator[Callable[[Reply], str]]:
    """Serves one prepared reply over HTTP."""
    running: list[tuple[HTTPServer, threading.Thread]] = []

    def start(reply: Reply) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                reply(self)

            def log_message(self, *_: Any) -> None: ...

        http = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        running.append((http, thread))
        return f"http://127.0.0.1:{http.server_address[1]}/"

    yield start
    for http, thread in running:
        http.shutdown()
        http.server_close()
        thread.join()


def reply(status: int, body: bytes, **headers: str) -> Reply:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_the_answer_comes_back_over_http(product: Callable[[Reply], str]) -> None:
    url = product(reply(200, json.dumps({"outcome": "refused", "shown": "été"}).encode()))
    answer = HttpDriver(url, 10).carry_out(ORDER)
    assert answer.outcome is DriverOutcome.REFUSED
    assert answer.shown == "été"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(500, b"Traceback: boum"), "HTTP 500: Traceback: boum"),
        (reply(302, b"", Location="http://127.0.0.1:1/"), "HTTP 302"),
        (reply(200, b"<html>"), "did not answer in JSON: <html>"),
        (lambda handler: handler.connection.close(), "breaks off"),
    ],
)
def test_http_that_breaks_the_contract(
    product: Callable[[Reply], str], answer: Reply, expected: str
) -> None:
    with pytest.raises(DriverError) as caught:
        HttpDriver(product(answer), 10).carry_out(ORDER)
    assert expected in caught.value.text.en


def test_http_that_never_answers(product: Callable[[Reply], str]) -> None:
    asleep = threading.Event()

    def sleep(_handler: BaseHTTPRequestHandler) -> None:
        asleep.wait(20)

    url = product(sleep)
    try:
        with pytest.raises(DriverError, match=r"within 0\.3 s"):
            HttpDriver(url, 0.3).carry_out(ORDER)
    finally:
        asleep.set()


def test_http_with_nobody_there() -> None:
    with pytest.raises(
        DriverError, match=r"cannot be reached or breaks off \(Connection refused\)"
    ):
        HttpDriver("http://127.0.0.1:1/", 5).carry_out(ORDER)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_human_is_asked_in_french_and_english() -> None:
    shown = io.StringIO()
    human = HumanDriver(Terminal("9\n1\nLe DMP existe\n1\n"), shown)
    answer = human.carry_out(ORDER)
    assert answer.outcome is DriverOutcome.DONE
    assert answer.shown == "Le DMP existe"
    assert answer.detail == {"status": "active"}
    asked = shown.getvalue()
    assert asked.index("Testez l'existence.") < asked.index("Test the existence.")
    assert "PAT-TROIS" in asked
    assert "Répondre 1, 2, 3, 4." in asked


def test_a_human_is_told_once_how_to_reach_the_dmp() -> None:
    shown = io.StringIO()
    endpoint = {
        **ORDER.endpoint,
        "trust": "pki/root.pem",
        "pkcs12": {"auth": "pki/auth.p12", "sign": "pki/sign.p12", "password": "secret"},
    }
    order = replace(ORDER, endpoint=endpoint)
    human = HumanDriver(Terminal("4\n\n4\n\n"), shown)
    human.carry_out(order)
    human.carry_out(order)
    for said in ("pki/root.pem", "pki/auth.p12", "pki/sign.p12", "secret"):
        assert shown.getvalue().count(said) == 1


def test_a_human_who_leaves_is_told() -> None:
    with pytest.raises(DriverError, match="input ended"):
        HumanDriver(Terminal("1\n"), io.StringIO()).carry_out(ORDER)


def test_a_human_vouches() -> None:
    actor = Actor(HumanDriver(Terminal("1\nA. Martin\n\n"), io.StringIO()))
    question = Text("Le message est-il affiché ?", "Is the message shown?")
    assert actor.attest(question) == {"holds": True, "by": "A. Martin", "remark": ""}


def test_nobody_is_asked_without_a_terminal() -> None:
    with pytest.raises(ConfigurationError, match="needs a terminal"):
        HumanDriver(io.StringIO("1\n"), io.StringIO())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "is not a driver"),
        ({"kind": "telepathy"}, "'telepathy' is not a driver"),
        ({"kind": "command"}, "needs 'command'"),
        ({"kind": "http"}, "needs 'url'"),
        ({"kind": "reference", "sin": "sloth"}, "unknown sin 'sloth'"),
    ],
)
def test_a_wrong_table_is_said(table: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=message):
        from_config(table, tmp_path)


def test_an_unusable_answer_is_an_answer_for_the_play(tmp_path: Path) -> None:
    told = Actor(python("pass", tmp_path)).ask(ORDER.as_json(), Text("Faites.", "Do."))
    assert told["outcome"] == "failed"
    assert "did not answer in JSON" in told["detail"]["driver_error"]["en"]
    assert Actor(python("pass", tmp_path)).attest(Text("?", "?")) is None


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("adapter.py", ADAPTER_STUB, [sys.executable, "adapter.py"]),
        ("adapter.sh", SHELL_STUB, ["sh", "adapter.sh"]),
    ],
)
def test_the_stubs_work_at_once(tmp_path: Path, name: str, text: str, command: list[str]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    driver = from_config({"kind": "command", "command": command}, tmp_path)
    answer = driver.carry_out(ORDER)
    assert answer.outcome is DriverOutcome.UNSUPPORTED
    assert answer.shown


def test_the_written_configuration_names_the_stub(tmp_path: Path) -> None:
    written = tomllib.loads(SUT_TOML)
    assert written["driver"]["command"] == ["python3", "adapter.py"]
    assert set(written) == {"product", "conformance", "driver"}


def test_the_reference_product_behind_the_command_driver(tmp_path: Path) -> None:
    table = {"kind": "reference", "state": "state", "sin": "soap-11"}
    answer = from_config(table, tmp_path).carry_out(ORDER)
    assert answer.outcome is DriverOutcome.FAILED  # the order above has no structure
    assert "'structure'" in answer.shown


def test_the_reference_product_behind_the_http_driver(tmp_path: Path) -> None:
    with server(Desk(tmp_path), 0) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{running.server_address[1]}/"
        answer = from_config({"kind": "http", "url": url}, tmp_path).carry_out(ORDER)
        running.shutdown()
        thread.join()
    assert answer.outcome is DriverOutcome.FAILED
    assert "'structure'" in answer.shown
