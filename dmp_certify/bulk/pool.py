"""Workers on one machine: a document that kills or hangs its worker costs that document alone.

Each worker is a process at the end of a pipe and holds one document at a time, so that the culprit
of a crash is known and nothing else is lost. Memory stays flat: at most one document a worker.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from dmp_certify.bulk import worker
from dmp_certify.bulk.source import Item
from dmp_certify.bulk.worker import Line

SECONDS = 120.0
"""Longest time for one document; far above any honest one."""
STARTING = 120.0
"""Longest time for a worker to load its pack; it counts against no document."""

_SPAWN = multiprocessing.get_context("spawn")


def judge_item(item: Item, pack: str, alone: bool) -> Line:
    """The line of one document; whatever keeps it from being read is said in it."""
    from dmp_certify.engine.documents import LIMIT

    try:
        data = item.read(LIMIT)
    except (OSError, RuntimeError, ValueError, EOFError, NotImplementedError) as error:
        return _unreadable(item.key, error)
    except Exception as error:  # zipfile and zlib raise their own, outside any common base
        return _unreadable(item.key, error)
    return worker.judge(item.key, data, pack, alone=alone)


def _unreadable(key: str, error: Exception) -> Line:
    # The reason alone: the line names the document already.
    said = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
    return worker.failed(key, f"lecture impossible : {said}", f"cannot be read: {said}")


def serial(items: Iterator[Item], pack: str, alone: bool) -> Iterator[Line]:
    """One document after the other, in this process: the fastest way for a handful."""
    worker.warm(pack)
    for item in items:
        yield judge_item(item, pack, alone)


def parallel(
    items: Iterator[Item], pack: str, alone: bool, workers: int, seconds: float = SECONDS
) -> Iterator[Line]:
    """The lines of all documents, as they are done, in any order."""
    crew = [_Worker(pack, alone) for _ in range(workers)]
    try:
        for member in crew:
            member.take(next(items, None))
        while busy := [member for member in crew if member.item is not None]:
            ready = wait([member.pipe for member in busy], timeout=1.0)
            for index, member in enumerate(crew):
                if member.item is None:
                    continue
                line = member.collect(member.pipe in ready, seconds)
                if line is None:
                    continue
                yield line
                if not member.alive:
                    member.stop()
                    crew[index] = member = _Worker(pack, alone)
                member.take(next(items, None))
    finally:
        for member in crew:
            member.stop()


class _Worker:
    """One process and the document it holds."""

    def __init__(self, pack: str, alone: bool) -> None:
        self.pipe, far = _SPAWN.Pipe()
        self.process: SpawnProcess = _SPAWN.Process(
            target=_serve, args=(far, pack, alone), daemon=True
        )
        self.process.start()
        far.close()
        self.item: Item | None = None
        self.alive = True
        self._ready = False
        self._since = 0.0

    def take(self, item: Item | None) -> None:
        self.item = item
        self._since = time.monotonic()
        if item is not None:
            try:
                self.pipe.send(item)
            except (BrokenPipeError, OSError):
                self.alive = False

    def collect(self, ready: bool, seconds: float) -> Line | None:
        """The line of the held document, or None while it is at work."""
        assert self.item is not None
        if ready or not self.alive:
            try:
                line: Line | None = self.pipe.recv()
                if line is None:  # its pack is loaded: the document's own time begins
                    self._ready, self._since = True, time.monotonic()
                    return None
                self.item = None
                return line
            except (EOFError, OSError):
                return self._lost("a arrêté son processus", "stopped its process")
        allowed = seconds if self._ready else STARTING
        if time.monotonic() - self._since > allowed:
            return self._lost(f"dépasse {allowed:.0f} s", f"exceeds {allowed:.0f} s")
        return None

    def _lost(self, french: str, english: str) -> Line:
        assert self.item is not None
        key, self.item, self.alive = self.item.key, None, False
        return worker.failed(
            key, f"le jugement de ce document {french}", f"judging this document {english}"
        )

    def stop(self) -> None:
        self.pipe.close()
        if self.process.is_alive():
            self.process.terminate()
        self.process.join(timeout=5)
        if self.process.is_alive():
            self.process.kill()


def _serve(pipe: Connection, pack: str, alone: bool) -> None:
    """A worker's life: judge until the pipe closes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker.warm(pack)
    try:
        pipe.send(None)
        while True:
            pipe.send(judge_item(pipe.recv(), pack, alone))
    except (EOFError, BrokenPipeError):  # nothing more to do, or nobody to tell
        return
