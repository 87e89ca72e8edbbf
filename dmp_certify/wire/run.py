"""All the calls of one run, seen together: what no single message can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from dmp_certify.finding import Place
from dmp_certify.wire.message import Message, Unreadable, reader

V = TypeVar("V")


@dataclass(eq=False)
class RunMessage(Message):
    """The subject of the checks that compare messages: kind `run`, without bytes of its own."""

    members: tuple[Message, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class RunView:
    """The requests of a run, in the order they were received."""

    place: Place
    members: tuple[Message, ...]

    def each(self, kind: type[V]) -> Iterator[tuple[Message, V]]:
        """Every readable view of that type with its message; an unreadable message is skipped,
        for the checks of the message itself are BLOCKED or say so."""
        for member in self.members:
            try:
                found = member.views(kind)
            except Unreadable:
                continue
            for view in found:
                yield member, view


def run_message(members: Sequence[Message]) -> RunMessage:
    """The subject for a whole run. Give it the very messages that are judged one by one, so that
    their views are read once."""
    first = members[0] if members else None
    return RunMessage(
        artifact="run",
        kind="run",
        raw=b"",
        received_at=first.received_at if first else datetime.fromtimestamp(0, UTC),
        product=first.product if first else {},
        conformance=first.conformance if first else {},
        members=tuple(members),
    )


@reader(RunView)
def read(message: Message) -> Iterator[RunView]:
    """The view of a message of kind `run`."""
    if isinstance(message, RunMessage):
        requests = tuple(one for one in message.members if one.kind not in ("connection", "answer"))
        yield RunView(message.place(), requests)


def repeated(
    view: RunView, kind: type[V], value: Callable[[V], str]
) -> Iterator[tuple[V, V, Message]]:
    """(later view, first view, the first one's message) for each value met again; empty values
    are left out."""
    seen: dict[str, tuple[Message, V]] = {}
    for message, found in view.each(kind):
        text = value(found)
        if not text:
            continue
        if text in seen:
            yield found, seen[text][1], seen[text][0]
        else:
            seen[text] = (message, found)


def comparable(view: RunView, kind: type[V], value: Callable[[V], str]) -> bool:
    """Whether at least two views bear a value: with fewer there is nothing to compare, and
    nothing shown."""
    borne = (found for _, found in view.each(kind) if value(found))
    return next(borne, None) is not None and next(borne, None) is not None
