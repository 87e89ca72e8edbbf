"""Credit: order-free, counted, with the nearest miss; a negative stands between two positives."""

from __future__ import annotations

from typing import Any

from dmp_certify.evidence.entry import Entry
from dmp_certify.finding import Text
from dmp_certify.scenarios.correlate import Played, correlate
from dmp_certify.scenarios.facts import Facts, FedDocument

ANNE = {"ins": "1"}
TEST = {"transaction": "TD0.2", "patient": ANNE, "answered": "success"}
FEED = {"transaction": "TD2.1", "patient": ANNE, "count": 1, "documents": 1, "answered": "success"}


class Run:
    """A ledger written by hand; `facts` are those of each exchange."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.facts: dict[str, Facts] = {}

    def add(self, kind: str, **fields: Any) -> None:
        seq = len(self.entries)
        self.entries.append(Entry(seq, "", f"2026-11-23T18:00:{seq:02}Z", kind, fields, str(seq)))

    def begin(self, step: str, scenario: str = "s", **expect: Any) -> None:
        order = {"intent": "feed"}
        self.add("step-begun", scenario=scenario, step=step, order=order, expect=expect)

    def end(self, step: str, scenario: str = "s", outcome: str = "done") -> None:
        answer = {"outcome": outcome, "shown": "", "detail": {}}
        self.add("step-ended", scenario=scenario, step=step, answer=answer, words={})

    def exchange(self, transaction: str, answered: str = "success", **more: Any) -> str:
        name = f"{len(self.facts) + 1:04}"
        documents = (FedDocument("1.2.3", "CR", ("N",)),) if transaction == "TD2.1" else ()
        facts = Facts(transaction, ("1",), answered, documents)
        self.facts[name] = Facts(
            **{**{key: getattr(facts, key) for key in Facts.__slots__}, **more}
        )
        self.add("exchange", id=name)
        return name

    def played(self) -> dict[str, Played]:
        found = correlate(self.entries, lambda entry: self.facts[entry.fields["id"]])
        return {each.step: each for each in found}


def run() -> Run:
    new = Run()
    new.add("scenario-begun", scenario="s", attempt=1)
    return new


def test_an_exchange_is_credited_to_the_step_that_expects_it() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    name = play.exchange("TD2.1")
    play.end("feed")
    step = play.played()["feed"]
    assert step.satisfied and step.credits[0].exchanges == (name,)
    assert step.credits[0].nearest is None and not step.credits[0].surplus


def test_a_late_exchange_is_credited_to_the_older_step() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    play.end("feed")
    play.begin("test", exchanges=[TEST])
    late = play.exchange("TD2.1")
    now = play.exchange("TD0.2")
    play.end("test")
    steps = play.played()
    assert steps["feed"].credits[0].exchanges == (late,)
    assert steps["test"].credits[0].exchanges == (now,)


def test_a_step_under_way_comes_before_an_older_one() -> None:
    play = run()
    play.begin("first", exchanges=[FEED])
    play.end("first")
    play.begin("second", exchanges=[FEED])
    name = play.exchange("TD2.1")
    play.end("second")
    steps = play.played()
    assert steps["second"].credits[0].exchanges == (name,)
    assert steps["first"].credits[0].missing == 1


def test_an_exchange_before_its_step_is_no_credit() -> None:
    play = run()
    play.exchange("TD2.1")
    play.begin("feed", exchanges=[FEED])
    play.end("feed")
    assert not play.played()["feed"].satisfied


def test_what_comes_beyond_the_count_is_surplus() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    first, second = play.exchange("TD2.1"), play.exchange("TD2.1")
    play.end("feed")
    credit = play.played()["feed"].credits[0]
    assert (credit.exchanges, credit.surplus) == ((first,), (second,))


def test_the_nearest_miss_says_why() -> None:
    play = run()
    play.begin("feed", exchanges=[{**FEED, "carrying": "INVISIBLE_PATIENT"}])
    play.exchange("TD0.2")
    play.exchange("TD2.1", patients=("2",))
    near = play.exchange("TD2.1")
    play.end("feed")
    miss = play.played()["feed"].credits[0].nearest
    assert miss is not None and miss.exchange == near
    assert "INVISIBLE_PATIENT" in miss.why.fr and "INVISIBLE_PATIENT" in miss.why.en


def test_a_message_that_names_several_patients_still_belongs_to_its_step() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    play.exchange("TD2.1", patients=("2", "1"))
    play.end("feed")
    assert play.played()["feed"].satisfied


def test_an_unreadable_message_is_kept_as_a_miss() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    name = play.exchange("", unreadable=Text("illisible", "unreadable"))
    play.end("feed")
    miss = play.played()["feed"].credits[0].nearest
    assert miss is not None and (miss.exchange, miss.why.en) == (name, "unreadable")


def test_a_refusal_is_not_a_success() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    play.exchange("TD2.1", "refused")
    play.end("feed")
    assert not play.played()["feed"].satisfied


def test_a_replacement_names_what_it_replaces() -> None:
    play = run()
    play.begin("replace", exchanges=[{**FEED, "replaces": "urn:uuid:1"}])
    play.exchange("TD2.1")
    right = play.exchange("TD2.1", replaces=("urn:uuid:1",))
    play.end("replace")
    assert play.played()["replace"].credits[0].exchanges == (right,)


def test_a_negative_is_bounded_by_a_later_positive() -> None:
    play = run()
    play.begin("again", none=["TD2.1"])
    play.end("again")
    assert not play.played()["again"].bounded
    play.begin("marker", exchanges=[TEST])
    assert not play.played()["again"].bounded
    play.exchange("TD0.2")
    again = play.played()["again"]
    assert again.bounded and not again.forbidden


def test_what_must_not_come_is_forbidden_even_when_it_comes_late() -> None:
    play = run()
    play.begin("again", none=["TD2.1"])
    play.end("again")
    play.begin("marker", exchanges=[TEST])
    name = play.exchange("TD2.1")
    play.exchange("TD0.2")
    assert play.played()["again"].forbidden == (name,)


def test_only_the_last_attempt_counts() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    play.exchange("TD2.1")
    play.add("resumed", dropped_bytes=0)
    play.add("scenario-begun", scenario="s", attempt=2)
    play.begin("feed", exchanges=[FEED])
    name = play.exchange("TD2.1")
    play.end("feed")
    play.add("scenario-ended", scenario="s")
    step = play.played()["feed"]
    assert step.credits[0].exchanges == (name,) and step.ended


def test_an_exchange_between_two_scenarios_belongs_to_none() -> None:
    play = run()
    play.begin("feed", exchanges=[FEED])
    play.end("feed")
    play.add("scenario-ended", scenario="s")
    play.exchange("TD2.1")
    assert not play.played()["feed"].satisfied
