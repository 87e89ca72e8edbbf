"""The driver that `sut.toml` names, as the scenarios need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmp_certify.engine.config import Sut
from dmp_certify.finding import Text
from dmp_certify.scenarios.play import Actor


class _Reference:
    """The bundled product, in this process."""

    def __init__(self, state: Path, sin: str) -> None:
        from dmp_certify.reference_lps.desk import Desk
        from dmp_certify.reference_lps.sins import SINS
        from dmp_certify.reference_lps.stages import Stages

        self._desk = Desk(state, Stages(SINS[sin].hooks(state)) if sin else Stages())

    def ask(self, order: Mapping[str, Any], say: Text) -> Mapping[str, Any]:
        return self._desk.carry_out(order)

    def attest(self, question: Text) -> Mapping[str, Any] | None:
        return None


@contextmanager
def actor_for(sut: Sut, work: Path) -> Iterator[Actor]:
    """The driver of the product; it is let go at the end."""
    yield _Reference(work / "product", sut.sin)
