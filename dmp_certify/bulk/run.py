"""A whole bulk run: documents in, lines and a summary out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dmp_certify.bulk import cluster, pool
from dmp_certify.bulk.journal import Journal, lines
from dmp_certify.bulk.source import Item, items
from dmp_certify.bulk.summary import Summary
from dmp_certify.bulk.worker import Line

Progress = Callable[[Summary], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked. `alone`: judge by `pack` only; `workers` 0 judges in this process."""

    paths: Sequence[str]
    out: Path
    pack: str = ""
    alone: bool = False
    workers: int = 0
    cluster: str = ""
    resume: bool = False


def count(paths: Sequence[str]) -> int:
    """How many documents the paths hold, for the progress bar."""
    return sum(1 for _ in items(paths))


def run(options: Options, progress: Progress = lambda summary: None) -> Summary:
    """Judge every document once; the summary covers resumed lines too."""
    journal = Journal(options.out, resume=options.resume)
    summary = Summary()
    try:
        if journal.resumed:
            for line in lines(options.out):
                summary.add(line)
        progress(summary)
        for line in _judged(options, _left(options, journal)):
            if journal.add(line):
                summary.add(line)
                progress(summary)
    finally:
        journal.close()
    return summary


def _left(options: Options, journal: Journal) -> Iterator[Item]:
    own = options.out.resolve()
    for item in items(options.paths):
        if not journal.done(item.key) and item.path.resolve() != own:
            yield item


def _judged(options: Options, left: Iterator[Item]) -> Iterator[Line]:
    if options.cluster:
        return cluster.judge(left, options.pack, options.alone, options.cluster)
    if options.workers > 0:
        return pool.parallel(left, options.pack, options.alone, options.workers)
    return pool.serial(left, options.pack, options.alone)
