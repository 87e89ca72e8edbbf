"""The verdict on files for a person at a terminal: grouped, counted, the very lines with a caret.

One rule is one group: its title, why it matters and how to correct once, then each place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dmp_certify.engine.documents import FileVerdict
from dmp_certify.finding import Text
from dmp_certify.report.files.problems import Problem, Severity

if TYPE_CHECKING:
    from rich.console import Console

Lines = Callable[[str], Sequence[str]]
"""The lines of an artifact, by its name."""

MOST_PLACES = 5
MOST_SILENCED = 3
_WIDTH = 160
_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_WORDS = {
    Severity.ERROR: Text("écart", "departure"),
    Severity.WARNING: Text("recommandation", "recommendation"),
    Severity.NOTE: Text("remarque", "note"),
}


def show(
    console: Console, verdict: FileVerdict, problems: Sequence[Problem], lines: Lines, lang: str
) -> None:
    """Print one file's verdict in `lang` (`fr` or `en`)."""
    say = _speaker(lang)
    console.print()
    console.print(_headline(verdict, say), markup=True, highlight=False)
    if verdict.problem is not None:
        console.print(f"  {say(verdict.problem)}", markup=False, highlight=False)
        return
    for _, group in groupby(_by_rule(problems), key=_sort):
        _group(console, list(group), lines, say)
    _footer(console, verdict, problems, say)


def total(console: Console, verdicts: Sequence[FileVerdict], lang: str) -> None:
    """Print how many of several files conform; nothing for a lone one."""
    if len(verdicts) < 2:
        return
    say = _speaker(lang)
    unread = sum(one.problem is not None for one in verdicts)
    conforming = sum(one.conforming for one in verdicts)
    words = (
        (conforming, Text("conforme", "conforming")),
        (len(verdicts) - conforming - unread, Text("non conforme", "non-conforming")),
        (unread, Text("non jugé", "not judged")),
    )
    said = ", ".join(
        f"{number} {say(word)}{'s' if number > 1 and lang == 'fr' else ''}"
        for number, word in words
        if number
    )
    files = say(Text("fichiers :", "files:"))
    console.print()
    console.print(f"{len(verdicts)} {files} {said}", markup=False, highlight=False)


def _speaker(lang: str) -> Callable[[Text], str]:
    return (lambda text: text.fr) if lang == "fr" else (lambda text: text.en)


def _headline(verdict: FileVerdict, say: Callable[[Text], str]) -> str:
    from rich.markup import escape

    if verdict.problem is not None:
        word, style = say(Text("NON JUGÉ", "NOT JUDGED")), "bold magenta"
    elif verdict.conforming:
        word, style = say(Text("CONFORME", "CONFORMING")), "bold green"
    else:
        word, style = say(Text("NON CONFORME", "NON-CONFORMING")), "bold red"
    return f"[{style}]{word}[/]  [bold]{escape(verdict.path)}[/]"


def _by_rule(problems: Iterable[Problem]) -> list[Problem]:
    """What must be corrected first, then in the same order, the places of one rule together."""
    first: dict[tuple[str, Text], int] = {}
    numbered = list(enumerate(problems))
    for index, one in numbered:
        first.setdefault((one.rule, one.title), index)
    rank = {severity: at for at, severity in enumerate(Severity)}
    order = sorted(
        numbered, key=lambda n: (rank[n[1].severity], first[n[1].rule, n[1].title], n[0])
    )
    return [one for _, one in order]


def _sort(one: Problem) -> tuple[Severity, str, Text]:
    return one.severity, one.rule, one.title


def _group(
    console: Console, group: Sequence[Problem], lines: Lines, say: Callable[[Text], str]
) -> None:
    from rich.text import Text as Rich

    head = group[0]
    console.print()
    # The word as well as the colour: a log has no colours.
    title = Rich(f"  ● {say(_WORDS[head.severity])} · ", style=_STYLE[head.severity])
    title.append(say(head.title), style=_STYLE[head.severity])
    if len(group) > 1:
        title.append(f"  ×{len(group)}", style="bold")
    console.print(title, highlight=False, soft_wrap=True)
    label = "    " + " · ".join(filter(None, (head.rule, ", ".join(head.requirements))))
    console.print(Rich(label, style="dim"), soft_wrap=True)
    for one in group[:MOST_PLACES]:
        _place(console, one, lines, say)
    if len(group) > MOST_PLACES:
        more = Text("autres endroits", "more places")
        left = len(group) - MOST_PLACES
        one_more = Text("autre endroit", "more place")
        console.print(Rich(f"      … {left} {say(more if left > 1 else one_more)}", style="dim"))
    for word, text in (
        (Text("pourquoi :", "why:"), head.why),
        (Text("corriger :", "to correct:"), head.correct),
    ):
        if say(text):
            console.print(Rich(f"    {say(word)} {say(text)}"), soft_wrap=True)


def _place(console: Console, one: Problem, lines: Lines, say: Callable[[Text], str]) -> None:
    from rich.text import Text as Rich

    where = f"{one.artifact}:{one.line}" if one.line else one.artifact
    console.print(Rich(f"    {where}  {one.path}", style="blue"), soft_wrap=True)
    held = lines(one.artifact)
    if one.line and 0 < one.line <= len(held):
        source, column = _cut(held[one.line - 1], one)
        console.print(Rich(f"    {one.line:>6} │ {source}"), soft_wrap=True)
        console.print(Rich(f"           │ {' ' * column}^", style=_STYLE[one.severity]))
    for word, text in (
        (Text("attendu :", "expected:"), one.expected),
        (Text("observé :", "observed:"), one.observed),
    ):
        if say(text):
            console.print(Rich(f"      {say(word)} {say(text)}"), soft_wrap=True)


def _cut(source: str, one: Problem) -> tuple[str, int]:
    """The part of the line to show, and the column of the caret in it."""
    flat = source.replace("\t", " ").rstrip("\r\n")
    column = _column(flat, one)
    lead = len(flat) - len(flat.lstrip())
    begin = max(lead, column - _WIDTH // 2) if len(flat) - lead > _WIDTH else lead
    begin = min(begin, column)
    return flat[begin : begin + _WIDTH], column - begin


def _column(source: str, one: Problem) -> int:
    """Where the fault stands in its line: the attribute or the element that the path ends in."""
    last = one.path.rpartition("/")[2].partition("[")[0]
    name = last.rpartition(":")[2]
    needles = [f" {name.lstrip('@')}="] if last.startswith("@") else [f"<{name}", f":{name}"]
    for needle in needles:
        found = source.find(needle)
        if name and found >= 0:
            return found + 1
    return len(source) - len(source.lstrip())


def _footer(
    console: Console,
    verdict: FileVerdict,
    problems: Sequence[Problem],
    say: Callable[[Text], str],
) -> None:
    from rich.text import Text as Rich

    counts = [
        f"{number} {say(_WORDS[severity])}{'s' if number > 1 else ''}"
        for severity in Severity
        if (number := sum(one.severity is severity for one in problems))
    ]
    judged = [f"core ({verdict.kind})"] if verdict.findings else []
    document = verdict.document
    if document is not None:
        judged.append(document.pack)
        console.print()
        console.print(Rich(f"  {say(document.volet_reason)}", style="dim"), soft_wrap=True)
        _silenced(console, [say(one.what) for one in document.not_demonstrated], say)
    console.print()
    said = ", ".join(counts) or say(Text("aucun écart", "no departure"))
    by = say(Text("jugé par", "judged by"))
    console.print(Rich(f"  {said} · {by} {' + '.join(judged)}", style="bold"), soft_wrap=True)


def _silenced(console: Console, said: Sequence[str], say: Callable[[Text], str]) -> None:
    """What the pack could not check: never passed over, but said in few lines."""
    from rich.text import Text as Rich

    word = say(Text("non démontré :", "not demonstrated:"))
    for one in said[:MOST_SILENCED]:
        console.print(Rich(f"  {word} {one}", style="magenta"), soft_wrap=True)
    if len(said) > MOST_SILENCED:
        more = say(Text("autres, en entier par --format json", "more, whole with --format json"))
        console.print(Rich(f"  … {len(said) - MOST_SILENCED} {more}", style="magenta"))
