"""The live view of a run: rich on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.engine.events import Event

_LISTENS = Text("le DMP simulé écoute sur", "the simulated DMP listens on")
_RESUME = Text("si la session s'arrête :", "if the run stops:")
_SKIPPED = Text("non joué, non déclaré :", "not played, not claimed:")
_OK = Text("échangé", "exchanged")
_SHORT = Text("échange attendu non reçu", "expected exchange not received")
_JUDGING = Text("jugement des échanges…", "judging the exchanges…")


@contextmanager
def progress(
    lang: str, *, quiet: bool = False, talks: bool = False
) -> Iterator[Callable[[Event], None]]:
    """A listener of events that shows them on stderr, until the end of the block.

    `talks`: the driver holds a conversation on the terminal, which a live view would overwrite.
    """
    if quiet:
        yield lambda event: None
    elif sys.stderr.isatty() and not talks:
        with _live(lang) as view:
            yield view
    else:
        yield _Plain(lang)


class _Plain:
    """One line for each thing that happened."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._steps: list[str] = []

    def __call__(self, event: Event) -> None:
        line = self.line(event)
        if line:
            print(line, file=sys.stderr, flush=True)

    def line(self, event: Event) -> str:
        """The line of an event, empty when it has none."""
        fields = event.fields
        if event.kind == "run-begun":
            first = f"{fields['profile']}: {self.say(_LISTENS)} {fields['base_url']}"
            return f"{first}\n  {self.say(_RESUME)} dmp-certify run --resume {fields['folder']}"
        if event.kind == "scenario-skipped":
            return f"  – {fields['scenario']}: {self.say(_SKIPPED)} {fields['unclaimed']}"
        if event.kind == "scenario-ended":
            whole = all(step.satisfied for step in fields["steps"])
            mark, said = ("✓", _OK) if whole else ("✗", _SHORT)
            return f"  {mark} {fields['scenario']}: {self.say(said)}"
        return ""

    def say(self, text: Text) -> str:
        """The sentence in the user's language."""
        return text.en if self._lang == "en" else text.fr


@contextmanager
def _live(lang: str) -> Iterator[Callable[[Event], None]]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    plain = _Plain(lang)
    console = Console(stderr=True, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def view(event: Event) -> None:
            line = plain.line(event)
            if line:
                bar.console.print(escape(line))
            changes = _changes(event, plain)
            if changes:
                bar.update(task, **changes)

        yield view


def _changes(event: Event, plain: _Plain) -> dict[str, Any]:
    fields = event.fields
    if event.kind == "run-begun":
        return {"total": fields["scenarios"], "description": str(fields["profile"])}
    if event.kind == "scenario-begun":
        return {"description": plain.say(fields["title"])}
    if event.kind in ("scenario-ended", "scenario-skipped"):
        return {"advance": 1}
    return {}
