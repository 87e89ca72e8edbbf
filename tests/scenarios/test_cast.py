"""Test data: the same for the same seed, fresh for each attempt, and referred to by name."""

from __future__ import annotations

import pytest

from dmp_certify.errors import ConfigurationError
from dmp_certify.scenarios import loader, persons
from dmp_certify.scenarios.cast import TYPES, Cast, Unresolved, cast, draw_word
from dmp_certify.simulator.people import ins_key

SCENARIO = loader.load_all()["replace"]


def parts(seed: str = "1/replace/1", taken: frozenset[str] = frozenset()) -> Cast:
    return cast(SCENARIO, seed, {}, lambda ins, oid: ins in taken)


def test_the_same_seed_gives_the_same_cast_and_another_attempt_another() -> None:
    assert parts().patients == parts().patients
    assert parts().word("first") == parts().word("first")
    assert parts().patients != parts("1/replace/2").patients
    assert parts().word("first") != parts("1/replace/2").word("first")


def test_identifiers_have_a_valid_key_and_are_not_taken_twice() -> None:
    ins = parts().patients["anne"]["ins"]
    assert ins[13:] == ins_key(ins[:13])
    assert parts(taken=frozenset({ins})).patients["anne"]["ins"] != ins


def test_a_world_without_room_is_said() -> None:
    with pytest.raises(ConfigurationError, match="--seed"):
        cast(SCENARIO, "1", {}, lambda ins, oid: True)


def test_a_whole_reference_keeps_its_value_and_an_inner_one_becomes_text() -> None:
    found = parts().resolve(
        {"patient": "${patient.anne}", "title": "CR ${word.first}", "n": 3, "l": ["${type.pdf}"]}
    )
    assert found["patient"]["ins"] == parts().patients["anne"]["ins"]
    assert found["title"] == f"CR {parts().word('first')}"
    assert (found["n"], found["l"]) == (3, [TYPES["pdf"]])


def test_words_are_plain_letters_that_differ() -> None:
    words = {draw_word(f"seed/{number}") for number in range(500)}
    assert len(words) == 500
    assert all(word.replace("-", "").isascii() and len(word) == 13 for word in words)


@pytest.mark.parametrize("reference", ["document.feed.unique_id", "patient.bob", "type.x", "y.z"])
def test_what_the_play_has_not_produced_is_unresolved(reference: str) -> None:
    with pytest.raises(Unresolved, match=reference):
        parts().resolve(f"${{{reference}}}")


def test_the_product_claims_its_own_document_type() -> None:
    own = {"code": "34133-9", "code_system": "2.16.840.1.113883.6.1", "display_name": "Synthèse"}
    claimed = cast(SCENARIO, "1", {"pdf_type": own}, lambda ins, oid: False)
    assert claimed.resolve("${type.pdf}") == own
    assert claimed.resolve("${type.structured.code}") == TYPES["structured"]["code"]


@pytest.mark.parametrize(
    ("documents", "form", "kind"),
    [
        (["level1-pdf", "structured"], "level1-pdf", "pdf"),
        (["structured"], "structured", "structured"),
        ([], "level1-pdf", "pdf"),
    ],
)
def test_any_document_is_of_a_form_the_product_claims(
    documents: list[str], form: str, kind: str
) -> None:
    claimed = cast(SCENARIO, "1", {"documents": documents}, lambda ins, oid: False)
    assert claimed.resolve(["${form.any}", "${type.any}"]) == [form, TYPES[kind]]


def test_only_doctors_and_pharmacists_have_a_second_role() -> None:
    claimed = {code: persons.user({"professions": [code]}, {}) for code in ("10", "21", "60")}
    assert [("specialty" in person) for person in claimed.values()] == [True, True, False]
    with pytest.raises(ConfigurationError, match=r"\[user\]"):
        persons.user({"professions": ["999"]}, {})
    assert persons.user({"professions": ["999"]}, {"id": "8"}) == {"id": "8"}
