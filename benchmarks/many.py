"""Many documents: what a second worker of `bulk` brings, whether its memory stays flat, and what
one `check` costs as a whole process.

    python -m benchmarks.many [--json FILE]

The documents are the examples of the official pack when `DMP_CERTIFY_PACK` names its folder (they
are then judged by it too), and a document of `fixtures/_base`; each copy differs from the others in
its title and in its times. Everything runs as a user runs it: the command line, in processes of
their own, with a home of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

Measure = dict[str, Any]
ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "fixtures" / "_base" / "cda_structured" / "cda_structured.xml"
# Not in /tmp: ext4 is slow to create files where many were deleted a moment ago.
WORK = ROOT / "build"
SCRIPT = "import sys; from dmp_certify.cli import main; sys.exit(main(sys.argv[1:]))"
TIMES = re.compile(rb'(?<=value=")(20\d{8})\d{4}(?=[+"])')
TURNS = 2
FEW, MANY, MANY_WITH_PACK = 1_000, 20_000, 5_000
SHARED = {False: 4_000, True: 2_000}
"""Documents that one and two workers are given, without and with a pack: enough for what each
worker pays once (its start; with a pack, three seconds to learn its shapes) to weigh little."""


class Run(NamedTuple):
    """One process: seconds on the clock, of processor with its children, and its peak in MB."""

    wall: float
    processor: float
    peak: float


def run(home: Path, *arguments: str) -> Run:
    """Run the command line; its peak is that of its largest process."""
    environment = {**os.environ, "DMP_CERTIFY_HOME": str(home)}
    quiet = os.open(os.devnull, os.O_WRONLY)
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", SCRIPT, *arguments],
        environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    os.close(quiet)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"dmp-certify {' '.join(arguments)} stopped: {status}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def varied(data: bytes, number: int) -> bytes:
    """The document with its own title and its own minutes and seconds."""
    clock = f"{number // 60 % 60:02}{number % 60:02}".encode()
    titled = data.replace(b"</title>", f" {number}</title>".encode(), 1)
    return TIMES.sub(rb"\g<1>" + clock, titled)


def copies(sources: list[bytes], count: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of `count` documents, the sources in turn."""
    for number in range(count):
        yield f"{number:06}.xml", varied(sources[number % len(sources)], number)


def written(folder: Path, sources: list[bytes], count: int) -> Path:
    """A folder of documents."""
    folder.mkdir()
    for name, data in copies(sources, count):
        (folder / name).write_bytes(data)
    return folder


def zipped(file: Path, sources: list[bytes], count: int) -> Path:
    """A zip of documents: those of a pack are large."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for name, data in copies(sources, count):
            bundle.writestr(name, data)
    return file


class Bench:
    """A folder to work in, with a home; `suffix` ends the names of what is measured with a pack."""

    def __init__(self, folder: Path, pack: str) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.suffix = "_with_pack" if pack else ""
        self.sources = [BASE.read_bytes()]
        if pack:
            run(self.home, "pack", "add", pack)
            examples = sorted(Path(pack, "ExemplesCDA").glob("*.xml"))
            self.sources = [file.read_bytes() for file in examples] or self.sources

    def bulk(self, documents: Path, workers: int) -> Run:
        """One run of `bulk` over the documents."""
        out = self.folder / "results.jsonl"
        out.unlink(missing_ok=True)
        given = (str(documents), "--out", str(out), "--workers", str(workers))
        done = run(self.home, "bulk", *given)
        out.unlink()
        return done

    def workers(self) -> list[Measure]:
        """Two workers against one, in turns; the best of each counts."""
        count = SHARED[bool(self.suffix)]
        documents = zipped(self.folder / "shared.zip", self.sources, count)
        idle, cores = idle_cores(), os.cpu_count() or 1
        turns = [(self.bulk(documents, 1), self.bulk(documents, 2)) for _ in range(TURNS)]
        one, two = (min(turn[at].wall for turn in turns) for at in (0, 1))
        used = [min(turn[at].processor for turn in turns) for at in (0, 1)]
        terms = f"one worker on the same {count} documents, at least 1.7"
        if idle < 1.8:
            terms += f"; {idle:.1f} of {cores} cores were idle before: two workers cannot show it"
        return [
            measure(f"bulk_one_worker{self.suffix}", count / one, "documents/s", None),
            measure(f"bulk_two_workers{self.suffix}", count / two, "documents/s", None),
            measure(f"bulk_two_workers_gain{self.suffix}", one / two, "×", terms),
            measure(
                f"bulk_two_workers_processor{self.suffix}",
                used[1] / used[0],
                "×",
                "the processor time of one worker, near 1 whatever else the machine does",
            ),
        ]

    def memory(self) -> list[Measure]:
        """The peak of `bulk` in one process, on few documents and on many."""
        many = MANY_WITH_PACK if self.suffix else MANY
        peaks = []
        for count in (FEW, many):
            if self.suffix:
                documents = zipped(self.folder / f"{count}.zip", self.sources, count)
            else:
                documents = written(self.folder / str(count), self.sources, count)
            peaks.append(self.bulk(documents, 0).peak)
        return [
            measure(f"bulk_memory_{FEW}{self.suffix}", peaks[0], "MB", None),
            measure(f"bulk_memory_{many}{self.suffix}", peaks[1], "MB", None),
            measure(
                f"bulk_memory_growth{self.suffix}",
                peaks[1] / peaks[0],
                "×",
                f"the peak on {FEW} documents, near 1: a name and a digest a document remain",
            ),
        ]

    def check(self) -> list[Measure]:
        """`check` of one document, Python and all, beside a Python that does nothing."""
        document = self.folder / "document.xml"
        document.write_bytes(varied(self.sources[0], 1))
        runs = [run(self.home, "check", str(document)) for _ in range(7)]
        limit = "at most 1 s" if self.suffix else None
        wall = statistics.median(each.wall for each in runs)
        processor = statistics.median(each.processor for each in runs)
        return [
            measure(f"check_one_document{self.suffix}", wall, "s", limit),
            measure(f"check_one_document_processor{self.suffix}", processor, "s", limit),
        ]


def measure(name: str, value: float, unit: str, against: str | None) -> Measure:
    """One line, as `make bench` writes it."""
    return {"name": name, "value": round(value, 2), "unit": unit, "against": against}


def idle_cores() -> float:
    """How many cores have nothing to do, over one second; from the load where that is not told."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return max(0.0, (os.cpu_count() or 1) - os.getloadavg()[0])
    before = _idle_ticks(stat)
    time.sleep(1)
    return (_idle_ticks(stat) - before) / os.sysconf("SC_CLK_TCK")


def _idle_ticks(stat: Path) -> int:
    return sum(int(ticks) for ticks in stat.read_text("ascii").split("\n", 1)[0].split()[4:6])


def results() -> Iterator[Measure]:
    """Every measure, as it is made."""
    WORK.mkdir(exist_ok=True)
    packs = dict.fromkeys(["", os.environ.get("DMP_CERTIFY_PACK", "")])
    for pack in packs:
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            bench = Bench(Path(folder), pack)
            yield from bench.check()
            yield from bench.workers()
            yield from bench.memory()
    if len(packs) == 1:
        reason = "no official pack: set DMP_CERTIFY_PACK to its folder"
        yield {"name": "many_with_pack_skipped", "value": 0, "unit": reason, "against": None}


def main() -> int:
    """Print one line a measure; always 0, a measure informs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the measures to this file")
    options = parser.parse_args()
    found: list[Measure] = []
    for item in results():
        against = f"  # against {item['against']}" if item["against"] else ""
        print(f"{item['name']} {item['value']} {item['unit']}{against}", flush=True)
        found.append(item)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
