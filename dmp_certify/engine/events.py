"""What a run tells while it goes on, for whoever shows its progress.

Kinds and fields:
`run-begun` profile, product, scenarios (how many), base_url, folder
`scenario-skipped` scenario, unclaimed
`scenario-begun` scenario, title · `step-begun` scenario, step, say · `step-ended` scenario, step,
outcome, satisfied · `scenario-ended` scenario, steps · `judging` exchanges · `run-ended` folder
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    kind: str
    fields: Mapping[str, Any]


Listener = Callable[[Event], None]


class Events:
    """Hands each event to every listener, in order."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners

    def __call__(self, kind: str, **fields: Any) -> None:
        """Tell of an event."""
        for listener in self._listeners:
            listener(Event(kind, fields))
