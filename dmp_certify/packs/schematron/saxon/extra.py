"""Whether the extra `[saxon]` is there, and what is said when it is not."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from dmp_certify.errors import PackError
from dmp_certify.finding import Text
from dmp_certify.packs.schematron.errors import PackRefused

INSTALL = "pip install 'dmp-certify[saxon]'"
_HINT = Text(
    f"avec {INSTALL}, cette règle seule est jugée par Saxon si elle ne lit rien hors du pack",
    f"with {INSTALL}, that rule alone runs in Saxon if it reads nothing outside the pack",
)


def available() -> bool:
    """Whether saxonche can be imported; it is not imported here."""
    try:
        return find_spec("saxonche") is not None
    except (ImportError, ValueError):
        return False


def outside(file: str, line: int, what: str) -> PackRefused:
    """The refusal of a construct that Saxon could have run, had it been there."""
    if available():
        return PackRefused(file, line, what)
    return PackRefused(file, line, f"{what}; {_HINT.en} · {_HINT.fr}")


def told(places: Sequence[str]) -> Text:
    """Which rules run in Saxon."""
    where = ", ".join(places)
    return Text(
        f"{len(places)} règle(s) jugée(s) par Saxon : {where}",
        f"{len(places)} rule(s) run in Saxon: {where}",
    )


def need(places: Sequence[str]) -> None:
    """`PackError` when rules are to run in Saxon and it is not installed."""
    if available():
        return
    said = told(places)
    raise PackError(
        f"{said.en}, and saxonche is not installed: {INSTALL} · "
        f"{said.fr}, et saxonche n'est pas installé : {INSTALL}"
    )
