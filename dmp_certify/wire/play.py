"""One step of a scenario as it went: what was asked, what came, what the product said.

The engine fills it from the evidence and the correlation; checks of the workflow read it. A step
that a later step does not bound (`bounded`) proves no absence, and one that did not end says
nothing of the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from dmp_certify.finding import Place, Text
from dmp_certify.wire.message import Message, Unreadable, reader

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class ExpectedExchange:
    """One exchange that the step expects.

    `wanted` is the item of `expect.exchanges` with its references resolved (transaction, patient,
    count, answered, documents, carrying, replaces). `messages` are the requests credited to it,
    `surplus` those that fit beyond the count, `nearest` the request that came closest to a count
    that is short, and `why` what kept it out.
    """

    wanted: Mapping[str, Any]
    messages: tuple[Message, ...] = field(default=(), repr=False)
    surplus: tuple[Message, ...] = field(default=(), repr=False)
    nearest: Message | None = field(default=None, repr=False)
    why: Text | None = None

    @property
    def transaction(self) -> str:
        return str(self.wanted.get("transaction", ""))

    @property
    def missing(self) -> int:
        """How many exchanges are short of the count (1 when the scenario states none)."""
        return max(0, int(self.wanted.get("count", 1)) - len(self.messages))


@dataclass(frozen=True, slots=True)
class StepPlay:
    """One step. `order` is the JSON handed to the driver, `expect` the act of that name with its
    references resolved (outcome, exchanges, none, shown, told).

    `outcome`, `shown` and `detail` are the product's answer; `words` the random words of the
    scenario. `forbidden` are the requests of a transaction that `expect.none` rules out; `led`
    says that what the steps before it expect has come.
    """

    place: Place
    scenario: str
    step: str
    intent: str
    order: Mapping[str, Any]
    expect: Mapping[str, Any]
    outcome: str = ""
    shown: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    disturbance: str = ""
    exchanges: tuple[ExpectedExchange, ...] = ()
    forbidden: tuple[Message, ...] = field(default=(), repr=False)
    led: bool = True
    bounded: bool = False
    ended: bool = True

    @property
    def arrived(self) -> bool:
        """Whether every exchange that the step expects has come."""
        return not any(one.missing for one in self.exchanges)

    @property
    def answered(self) -> bool:
        """Whether the product itself answered the order, other than that it cannot do it.

        A driver that fails says so in `detail.driver_error`: that is no answer of the product.
        """
        failed = "driver_error" in self.detail
        return self.ended and not failed and self.outcome not in ("", "unsupported")

    def at(self, path: str) -> Place:
        """A place of the step: `answer/shown`, `expect/exchanges[1]`."""
        return Place(self.place.artifact, f"{self.place.path}/{path}")


def seen(message: Message, kind: type[V]) -> V | None:
    """The view of a request of the step; None when it has none or cannot be read."""
    try:
        return message.view(kind)
    except Unreadable:
        return None


def step_place(scenario: str, step: str) -> Place:
    """Where a step stands in a report."""
    return Place(f"scenario/{scenario}", f"step/{step}")


@dataclass(eq=False)
class PlayMessage(Message):
    """The subject of the workflow's checks: kind `play`, without bytes of its own."""

    play: StepPlay | None = field(default=None, repr=False)


def play_message(play: StepPlay, at: datetime, conformance: Mapping[str, object]) -> PlayMessage:
    """The subject for one step; `at` is when it ended."""
    return PlayMessage(
        artifact=play.place.artifact,
        kind="play",
        raw=b"",
        received_at=at,
        conformance=conformance,
        play=play,
    )


@reader(StepPlay)
def read(message: Message) -> Iterator[StepPlay]:
    """The step of a message of kind `play`."""
    if isinstance(message, PlayMessage) and message.play is not None:
        yield message.play
