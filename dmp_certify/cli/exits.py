"""The table of exit codes: scripts depend on it."""

from __future__ import annotations

from collections.abc import Iterable

CONFORMING = 0
NON_CONFORMING = 1
USAGE = 2
INCOMPLETE = 3
VOID = 4
VERIFICATION_FAILED = 5
INTERRUPTED = 130

_OF_RULING = {
    "CONFORMING": CONFORMING,
    "NON_CONFORMING": NON_CONFORMING,
    "INCOMPLETE": INCOMPLETE,
    "VOID": VOID,
}
_GRAVITY = (VOID, NON_CONFORMING, INCOMPLETE, CONFORMING)


def of_rulings(rulings: Iterable[str]) -> int:
    """The code of several rulings together: the gravest counts."""
    codes = {_OF_RULING[ruling] for ruling in rulings}
    return next((code for code in _GRAVITY if code in codes), INCOMPLETE)
