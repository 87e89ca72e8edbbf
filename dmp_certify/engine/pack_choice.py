"""Which content pack judges a document: the one asked for, else the newest official one added.

`core`, our own pack, is the checks of the layers `cda_header` and `cda_body`; it judges beside the
newest official pack, and alone when there is none. A pack asked for by name judges alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dmp_certify.catalogue.check import Check
from dmp_certify.errors import ConfigurationError, VerificationError

if TYPE_CHECKING:
    from dmp_certify.evidence.entry import JsonValue
    from dmp_certify.evidence.reader import Evidence
    from dmp_certify.packs import CompiledPack

CORE = "core"
CORE_LAYERS = frozenset({"cda_header", "cda_body"})


@dataclass(frozen=True, slots=True)
class PackChoice:
    """`name` is empty or `core` when no official pack judges; `alone`: no checks of ours."""

    name: str = CORE
    alone: bool = False

    def load(self) -> CompiledPack | None:
        """The compiled pack, or None for `core`. Raises PackError."""
        if self.name in {"", CORE}:
            return None
        from dmp_certify import packs

        return packs.load(self.name)

    def pinned(self) -> dict[str, JsonValue] | None:
        """Name and digest for the evidence, so that a replay judges by the very same pack."""
        pack = self.load()
        return None if pack is None else {"name": pack.name, "digest": pack.digest}

    def checks(self, every: tuple[Check, ...], kind: str) -> tuple[Check, ...]:
        """The checks of ours that run on a file of that kind."""
        if kind == "cda" and self.name == CORE:
            return tuple(check for check in every if check.layer in CORE_LAYERS)
        return () if self.alone and kind == "cda" else every


def for_run(asked: str) -> PackChoice:
    """The pack for a run: an added one, so that the run can be judged again by its digest."""
    choice = choose(asked)
    if choice.name != CORE:
        from dmp_certify import packs

        if choice.name not in {one.name for one in packs.list_packs()}:
            raise ConfigurationError(
                f"--pack {asked}: a run takes a pack that was added; "
                f"first: dmp-certify pack add {asked}"
            )
    return choice


def choose(asked: str) -> PackChoice:
    """The pack for `--pack ASKED`, or by default. PackError when the asked one is unknown."""
    if asked:
        return PackChoice(asked, alone=asked != CORE)
    from dmp_certify import packs

    newest = packs.newest_official()
    return PackChoice(newest.name if newest is not None else CORE, alone=False)


def of_run(evidence: Evidence) -> CompiledPack | None:
    """The pack that judged the run, found by its digest; None when none did.

    Raises VerificationError when that pack is not here: the findings cannot be derived again.
    """
    pinned: Any = next((run.fields.get("pack") for run in evidence.of_kind("run")), None)
    if not isinstance(pinned, Mapping):
        return None
    from dmp_certify import packs

    held = next((one for one in packs.list_packs() if one.digest == pinned["digest"]), None)
    if held is None:
        raise VerificationError(
            f"the run was judged by content pack {pinned['name']} "
            f"(digest {str(pinned['digest'])[:16]}), which is not here; add it with "
            "`dmp-certify pack add`, then try again"
        )
    return packs.load(held.name)
