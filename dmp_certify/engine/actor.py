"""The driver that `sut.toml` names, as the scenarios need it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmp_certify.drivers import Actor, from_config
from dmp_certify.engine.config import IN_PROCESS, REFERENCE, Sut
from dmp_certify.finding import Text


class InProcess:
    """The bundled product in this process, for the self-test: a fresh one for each intent, as a
    command would be."""

    def __init__(self, state: Path, sin: str) -> None:
        self._state = state
        self._sin = sin

    def ask(self, order: Mapping[str, Any], say: Text) -> Mapping[str, Any]:
        """The product's answer."""
        from dmp_certify.reference_lps.desk import Desk
        from dmp_certify.reference_lps.sins import SINS
        from dmp_certify.reference_lps.stages import Stages

        hooks = SINS[self._sin].hooks(self._state) if self._sin else {}
        return Desk(self._state, Stages(hooks)).carry_out(order)

    def attest(self, question: Text) -> Mapping[str, Any] | None:
        """Nobody is there to vouch."""
        return None


def actor_for(sut: Sut, work: Path) -> Actor | InProcess:
    """The driver of the product. The bundled product keeps its state in `work`.

    Raises ConfigurationError when the driver cannot act here.
    """
    table: dict[str, Any] = dict(sut.driver)
    table.pop("patience_seconds", None)
    state = (work / "product").resolve()
    if table["kind"] == IN_PROCESS:
        return InProcess(state, sut.sin)
    if table["kind"] != REFERENCE:
        return Actor(from_config(table, sut.folder))
    table["state"] = str(state)
    if sut.sin:
        table["sin"] = sut.sin
    return Actor(from_config(table, work))
