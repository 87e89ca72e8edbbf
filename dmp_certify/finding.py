"""The frozen values that travel from a check to a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dmp_certify.outcome import Outcome


class Text(NamedTuple):
    """One sentence in the two languages a vendor reads, French first."""

    fr: str
    en: str

    @classmethod
    def same(cls, value: str) -> Text:
        """A value that reads alike in both languages: a code, an OID, a digest."""
        return cls(value, value)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in the product's own bytes.

    `artifact` names a piece of evidence (`exchange/0007/request/part/1`) or a file;
    `path` is an XPath, a header name or a MIME part; `line` counts from 1.
    """

    artifact: str
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check yields: one departure from one requirement.

    `requirement` is needed only when the check serves several requirement rows.
    A plain string for `expected` reads alike in both languages.
    """

    where: Place
    expected: Text | str
    observed: Text | str
    requirement: str = ""


class Finding(NamedTuple):
    """The outcome of one check on one subject for one or more requirement rows.

    A tuple, for every document has fifty: a frozen class takes six times as long to make.
    """

    check: str
    outcome: Outcome
    requirement_ids: tuple[str, ...]
    place: Place
    expected: Text
    observed: Text
    exchange: str
    cause: str = ""


def as_text(value: Text | str) -> Text:
    """Both languages of `value`; a plain string stands for itself."""
    return value if isinstance(value, Text) else Text.same(value)
