"""Scenario files: those that ship are sound, and a file that departs from the schema is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.catalogue import profiles
from dmp_certify.errors import ConfigurationError
from dmp_certify.reference_lps.sins import SINS
from dmp_certify.scenarios import loader
from dmp_certify.simulator import disturb

GOOD = """\
title: {fr: Un essai, en: A trial}
when: {transactions: TD0.2}
given:
  patients: {anne: {record: active}}
steps:
  - id: test
    ask:
      intent: test-existence
      parameters: {patient: "${patient.anne}"}
      say: {fr: Testez., en: Test.}
    expect: {outcome: [done]}
"""


def load(folder: Path, text: str) -> object:
    file = folder / "trial.yaml"
    file.write_text(text, "utf-8")
    return loader.load(file)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    scenario = loader.load(_written(tmp_path, GOOD))
    assert (scenario.id, scenario.title.fr, scenario.steps[0].intent) == (
        "trial",
        "Un essai",
        "test-existence",
    )


def _written(folder: Path, text: str) -> Path:
    file = folder / "trial.yaml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("given:", "repeat: 3\ngiven:", "top level"),
        ("record: active", "record: open", "given/patients/anne/record"),
        ("intent: test-existence", "intent: erase", "steps/0/ask/intent"),
        ("expect: {outcome: [done]}", "expect: {outcome: [done], if: x}", "steps/0/expect"),
        ("expect: {outcome: [done]}", "expect: {outcome: []}", "steps/0/expect/outcome"),
        ("    expect: {outcome: [done]}\n", "", "steps/0"),
        (", en: A trial", "", "title"),
    ],
)
def test_what_departs_from_the_schema_is_refused(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=f"trial.yaml, at {where}: "):
        load(tmp_path, GOOD.replace(old, new))


def test_two_steps_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = GOOD + GOOD[GOOD.index("  - id: test") :]
    with pytest.raises(ConfigurationError, match="same id"):
        load(tmp_path, twice)


def test_what_is_not_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"trial\.yaml cannot be read"):
        load(tmp_path, "title: [")


def test_profiles_and_sins_name_scenarios_that_exist() -> None:
    known = set(loader.load_all())
    named = {name for each in profiles.names() for name in profiles.load(each).scenarios}
    assert named and named <= known
    assert {sin.scenario for sin in SINS.values()} <= known


def test_disturbances_of_scenarios_exist_and_take_their_parameters() -> None:
    disturbed = [
        step.answer
        for scenario in loader.load_all().values()
        for step in scenario.steps
        if step.answer is not None
    ]
    assert len(disturbed) >= 3
    for answer in disturbed:
        assert disturb.named(answer.disturb, dict(answer.parameters)).name == answer.disturb


def test_a_scenario_that_the_product_does_not_claim_says_why() -> None:
    scenario = loader.load_all()["feed-structured"]
    claims = {"transactions": ["TD0.2", "TD2.1"], "documents": ["level1-pdf"]}
    assert scenario.unclaimed(claims) == "documents=structured"
    assert scenario.unclaimed({**claims, "documents": ["structured"]}) == ""
