"""From the `[driver]` table of a `sut.toml` to a driver."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dmp_certify.drivers.base import Driver, DriverError, Order
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text


def from_config(table: Mapping[str, Any], base_dir: Path) -> Driver:
    """The driver of a `[driver]` table; relative paths count from `base_dir`.

    Kinds: `command` (key `command`), `http` (key `url`), `human`, and `reference`, the bundled
    product in a process of its own (keys `state`, a folder, and `sin`). Raises ConfigurationError.
    """
    kind = table.get("kind")
    timeout = float(table.get("timeout_seconds", 120))
    if kind == "command":
        from dmp_certify.drivers.command import CommandDriver

        return CommandDriver(_needed(table, "command"), base_dir, timeout)
    if kind == "http":
        from dmp_certify.drivers.http import HttpDriver

        return HttpDriver(_needed(table, "url"), timeout)
    if kind == "human":
        from dmp_certify.drivers.human import HumanDriver

        return HumanDriver()
    if kind == "reference":
        return _reference(table, base_dir, timeout)
    raise ConfigurationError(f"[driver] kind: {kind!r} is not a driver; use command, http or human")


def _needed(table: Mapping[str, Any], key: str) -> Any:
    value = table.get(key)
    if not value:
        raise ConfigurationError(f"[driver]: driver {table.get('kind')} needs {key!r}; add it")
    return value


def _reference(table: Mapping[str, Any], base_dir: Path, timeout: float) -> Driver:
    from dmp_certify.drivers.command import CommandDriver

    state = base_dir / str(table.get("state") or ".reference-lps")
    command = [sys.executable, "-m", "dmp_certify.reference_lps", "--state", str(state)]
    sin = str(table.get("sin") or "")
    if sin:
        from dmp_certify.reference_lps.sins import SINS

        if sin not in SINS:
            raise ConfigurationError(
                f"unknown sin {sin!r}; see `dmp-certify list sins`: {', '.join(sorted(SINS))}"
            )
        command += ["--sin", sin]
    # The suite may run from a checkout: the child finds the same package.
    home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    return CommandDriver(command, base_dir, timeout, {"PYTHONPATH": path})


class Actor:
    """A driver as a play uses it: an unusable answer is an answer too, and a human can vouch."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def ask(self, order: Mapping[str, Any], say: Text) -> Mapping[str, Any]:
        """The answer of the contract; `failed` with `detail.driver_error` when there is none."""
        try:
            answer = self._driver.carry_out(Order.from_json(order, say))
        except DriverError as error:
            told = {"fr": error.text.fr, "en": error.text.en}
            return {"outcome": "failed", "shown": "", "detail": {"driver_error": told}}
        return answer.as_json()

    def attest(self, question: Text) -> Mapping[str, Any] | None:
        """A human's word, or None when the driver has no human behind it."""
        from dmp_certify.drivers.human import HumanDriver

        if isinstance(self._driver, HumanDriver):
            return self._driver.attest(question)
        return None
