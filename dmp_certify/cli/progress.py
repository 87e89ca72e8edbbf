"""The live view of a run: rich on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.engine.events import Event
    from dmp_certify.scenarios.correlate import Played

_LISTENS = Text("le DMP simulé écoute sur", "the simulated DMP listens on")
_RESUME = Text("si la session s'arrête :", "if the run stops:")
_SKIPPED = Text("non joué, non déclaré :", "not played, not claimed:")
_OK = Text("échangé", "exchanged")
_UNABLE = Text("le logiciel ne sait pas le faire", "the software cannot do that")
_ABSENT = Text("non reçu ; le logiciel répond", "not received; the software answers")
_AGAIN = Text("de même", "the same")
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
        self._last = ""

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
            return f"  {self._ending(fields['scenario'], fields['steps'])}"
        return ""

    def _ending(self, scenario: str, steps: Sequence[Played]) -> str:
        short = next((step for step in steps if not step.satisfied), None)
        if short is None:
            return f"✓ {scenario}: {self.say(_OK)}"
        why = self._why(short)
        said, self._last = (self.say(_AGAIN) if why == self._last else why), why
        return f"✗ {scenario}: {said}"

    def _why(self, step: Played) -> str:
        """Why a step is short of an exchange, in the words of the driver where it has some."""
        broken = step.detail.get("driver_error")
        if broken:
            return self.say(Text(broken["fr"], broken["en"]))
        shown = self.say(Text(f" : « {step.shown} »", f': "{step.shown}"')) if step.shown else ""
        if step.outcome == "unsupported":
            return f"{self.say(_UNABLE)} ({step.intent}){shown}"
        credit = next(each for each in step.credits if each.missing)
        if credit.nearest is not None:
            return f"{credit.wanted['transaction']} – {self.say(credit.nearest.why)}"
        answer = step.outcome or "∅"
        return f"{credit.wanted['transaction']} {self.say(_ABSENT)} {answer}{shown}"

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
