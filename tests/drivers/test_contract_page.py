"""What docs/contract.md shows, and what `init` writes, is what the code takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dmp_certify.drivers.base import read_answer
from dmp_certify.drivers.stub import SUT_TOML
from dmp_certify.engine import config
from dmp_certify.finding import Text
from dmp_certify.outcome import DriverOutcome
from dmp_certify.reference_lps import orders

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text("utf-8")
BLOCKS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def test_the_order_of_the_page_is_an_order() -> None:
    order = orders.read(json.loads(BLOCKS[0]))
    patient = orders.patient(order.parameters["patient"])
    assert patient.cx == "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"
    (document,) = [orders.document(raw) for raw in order.parameters["documents"]]
    assert document.form == "level1-pdf"


def test_the_answer_of_the_page_is_an_answer() -> None:
    answer = read_answer(BLOCKS[1].encode(), Text.same("contract.md"))
    assert answer.outcome is DriverOutcome.REFUSED
    assert "girofle" in answer.shown


def test_every_outcome_and_intent_is_on_the_page() -> None:
    for word in [*DriverOutcome, "test-existence", "feed", "replace", "retry"]:
        assert f"`{word}`" in PAGE


def test_the_written_configuration_is_one(tmp_path: Path) -> None:
    sut = config.parse(SUT_TOML.encode(), tmp_path / "sut.toml")
    assert sut.driver["kind"] == "command"
    assert sut.timeout == 120
