"""The driver that `sut.toml` names, as the scenarios need it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dmp_certify.drivers import Actor, from_config
from dmp_certify.engine.config import REFERENCE, Sut


def actor_for(sut: Sut, work: Path) -> Actor:
    """The driver of the product. The bundled product keeps its state in `work`.

    Raises ConfigurationError when the driver cannot act here.
    """
    table: dict[str, Any] = dict(sut.driver)
    table.pop("patience_seconds", None)
    if table["kind"] != REFERENCE:
        return Actor(from_config(table, sut.folder))
    table["state"] = str((work / "product").resolve())
    if sut.sin:
        table["sin"] = sut.sin
    return Actor(from_config(table, work))
