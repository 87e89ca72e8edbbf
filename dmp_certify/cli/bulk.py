"""`bulk`: judge many documents, one JSON line each."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError, EvidenceError
from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.bulk.summary import Summary


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="folder, zip, @list or document")
    parser.add_argument("--out", required=True, type=Path, metavar="RESULTS.jsonl")
    parser.add_argument("--pack", default="", metavar="NAME|DIR", help="judge by this pack alone")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes here")
    parser.add_argument("--cluster", default="", metavar="tcp://…", help="Dask scheduler")
    parser.add_argument("--resume", action="store_true", help="go on after a kill")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")


def run(options: argparse.Namespace) -> int:
    """0 when every document conforms, 1 when one does not, 3 when there is none."""
    from dmp_certify.bulk import run as bulk
    from dmp_certify.engine.pack_choice import choose

    if options.workers < 0 or (options.workers and options.cluster):
        raise ConfigurationError("--workers takes a number from 0 up, and excludes --cluster")
    choice = choose(options.pack)
    chosen = bulk.Options(
        paths=options.paths,
        out=options.out,
        pack=choice.name,
        alone=choice.alone,
        workers=options.workers,
        cluster=options.cluster,
        resume=options.resume,
    )
    if sys.stderr.isatty() and not options.json:
        summary = _with_progress(chosen, options.lang)
    else:
        summary = bulk.run(chosen)
    _say(summary, options)
    if not summary.total:
        return exits.INCOMPLETE
    return exits.CONFORMING if summary.conforming else exits.NON_CONFORMING


def _with_progress(chosen: object, lang: str) -> Summary:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from dmp_certify.bulk import run as bulk

    assert isinstance(chosen, bulk.Options)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        label = "documents jugés" if lang == "fr" else "documents judged"
        task = bar.add_task(label, total=bulk.count(chosen.paths), rate="")

        def advance(summary: Summary) -> None:
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, completed=summary.total, rate=f"{speed:.0f}/s" if speed else "")

        return bulk.run(chosen, advance)


def _say(summary: Summary, options: argparse.Namespace) -> None:
    said = summary.as_json()
    target = options.out.with_suffix(".summary.json")
    try:
        target.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise EvidenceError(
            f"cannot write {target} ({error.strerror}); free some room and run again with --resume"
        ) from error
    if options.json:
        print(json.dumps(said, ensure_ascii=False, indent=2))
        return
    words = {
        "conforming": Text("conformes", "conforming"),
        "non-conforming": Text("non conformes", "non-conforming"),
        "unreadable": Text("illisibles", "unreadable"),
    }
    print(f"{summary.total} document{'s' if summary.total > 1 else ''}")
    for verdict, number in summary.verdicts.most_common():
        print(f"  {number:>8}  {getattr(words[verdict], options.lang)}")
    rest = {name: number for name, number in said["rules"].items() if name not in said["grave"]}
    _table(Text("Écarts (documents)", "Departures (documents)"), said["grave"], options.lang)
    _table(
        Text("Recommandations et remarques (documents)", "Recommendations and notes (documents)"),
        rest,
        options.lang,
    )
    sources = {name: sum(counts.values()) for name, counts in said["sources"].items()}
    failing = {
        f"{name}  ({count - said['sources'][name].get('conforming', 0)} / {count})": count
        for name, count in sources.items()
    }
    title = Text("Par source (non conformes / documents)", "By source (non-conforming / documents)")
    _table(title, failing, options.lang)
    print(f"\n{options.out}\n{target}")


def _table(title: Text, counts: dict[str, int], lang: str) -> None:
    if not counts:
        return
    print(f"\n{getattr(title, lang)}")
    for name, number in list(counts.items())[:20]:
        print(f"  {number:>8}  {name}")
    if len(counts) > 20:
        print(f"  {'…':>8}  +{len(counts) - 20}")
