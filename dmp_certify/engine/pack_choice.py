"""Which content pack judges a document: the one asked for, else the newest official one added.

`core`, our own pack, is the checks of the layers `cda_header` and `cda_body`; it judges beside the
newest official pack, and alone when there is none. A pack asked for by name judges alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dmp_certify.catalogue.check import Check

if TYPE_CHECKING:
    from dmp_certify.packs import CompiledPack

CORE = "core"
CORE_LAYERS = frozenset({"cda_header", "cda_body"})


@dataclass(frozen=True, slots=True)
class PackChoice:
    """`name` is empty or `core` when no official pack judges; `alone`: no checks of ours."""

    name: str
    alone: bool

    def load(self) -> CompiledPack | None:
        """The compiled pack, or None for `core`. Raises PackError."""
        if self.name in {"", CORE}:
            return None
        from dmp_certify import packs

        return packs.load(self.name)

    def checks(self, every: tuple[Check, ...], kind: str) -> tuple[Check, ...]:
        """The checks of ours that run on a file of that kind."""
        if kind == "cda" and self.name == CORE:
            return tuple(check for check in every if check.layer in CORE_LAYERS)
        return () if self.alone and kind == "cda" else every


def choose(asked: str) -> PackChoice:
    """The pack for `--pack ASKED`, or by default. PackError when the asked one is unknown."""
    if asked:
        return PackChoice(asked, alone=asked != CORE)
    from dmp_certify import packs

    newest = packs.newest_official()
    return PackChoice(newest.name if newest is not None else CORE, alone=False)
