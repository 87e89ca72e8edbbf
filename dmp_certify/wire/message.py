"""A captured request with all that surrounds it, and the views that are read from it.

A view is a frozen class with one reader: a function from a Message to the views it holds (none
when the message is not of that kind). A reader that cannot tell raises Unreadable, and the checks
of that view are BLOCKED. Readers ask the message for the views below theirs; each is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, cast, runtime_checkable

from dmp_certify.finding import Place, Text

T = TypeVar("T")
V = TypeVar("V")


class Unreadable(Exception):
    """The bytes do not let a view be read: `place` says where, `reason` why."""

    def __init__(self, place: Place, reason: Text) -> None:
        super().__init__(f"{place.artifact} {place.path}: {reason.en}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A value and where it stands."""

    value: T
    place: Place


@dataclass(frozen=True, slots=True)
class TlsFacts:
    """What the capture server saw of one connection. Certificates are DER, leaf first."""

    connection: str
    established: bool
    version: str = ""
    cipher: str = ""
    client_chain: tuple[bytes, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trust:
    """The anchors and revocation lists of the run, DER, as recorded in its evidence."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


class ContentPack(Protocol):
    """What judges clinical documents beside our checks; `packs.CompiledPack` is one."""

    def judge(self, data: bytes, *, name: str = "") -> Any:
        """The pack's verdict on the bytes of one document."""


@runtime_checkable
class Resting(Protocol):
    """A view that keeps what it finds while checks ask."""

    def rest(self) -> None:
        """Let go of it."""


@dataclass(eq=False)
class Message:
    """One subject of judgement.

    `kind` says what `raw` is: `http` (a raw HTTP request), `connection` (no bytes, TLS facts
    only), `answer` (the suite's own HTTP answer), or for a lone file `soap`, `mime`, `vihf`,
    `cda`. `product` is the declaration of sut.toml (vendor, name, version, approval_id) and
    `conformance` its conformance statement. `pack` judges clinical documents, if one was chosen.
    """

    artifact: str
    kind: str
    raw: bytes
    received_at: datetime
    exchange: str = ""
    complete: bool = True
    problem: str = ""
    tls: TlsFacts | None = None
    trust: Trust = field(default_factory=Trust)
    product: Mapping[str, str] = field(default_factory=dict)
    conformance: Mapping[str, object] = field(default_factory=dict)
    answer: bytes | None = None
    pack: ContentPack | None = None
    _views: dict[type, tuple[Any, ...] | Unreadable] = field(default_factory=dict, repr=False)

    def views(self, kind: type[V]) -> tuple[V, ...]:
        """The views of that type, read once. Raises Unreadable, the same one each time."""
        if kind not in self._views:
            try:
                self._views[kind] = tuple(reader_of(kind)(self))
            except Unreadable as stopped:
                self._views[kind] = stopped
        known = self._views[kind]
        if isinstance(known, Unreadable):
            raise known
        return cast("tuple[V, ...]", known)

    def rest(self) -> None:
        """All checks have judged: the views that can let go of what they found for them."""
        for view in (
            one for known in self._views.values() if isinstance(known, tuple) for one in known
        ):
            if isinstance(view, Resting):
                view.rest()

    def view(self, kind: type[V]) -> V | None:
        """The one view of that type, or None."""
        found = self.views(kind)
        return found[0] if found else None

    def place(self, path: str = "", line: int | None = None) -> Place:
        """A place in this message as a whole."""
        return Place(self.artifact, path, line)


Reader = Callable[[Message], Iterable[Any]]
_READERS: dict[type, Reader] = {}


def reader(kind: type[V]) -> Callable[[Callable[[Message], Iterable[V]]], Reader]:
    """Declare the function that reads views of that type."""

    def declare(function: Callable[[Message], Iterable[V]]) -> Reader:
        if kind in _READERS:
            raise TypeError(f"{kind.__name__} has two readers")
        _READERS[kind] = function
        return function

    return declare


def reader_of(kind: type) -> Reader:
    """The reader of that view; TypeError when its module declares none."""
    try:
        return _READERS[kind]
    except KeyError:
        raise TypeError(f"{kind.__name__} has no reader: declare one beside it") from None
