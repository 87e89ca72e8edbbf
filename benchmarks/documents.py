"""Judging documents by the official pack: ours against the same rules in one warm Saxon process.

    python -m benchmarks.documents [PACK_DIR]

The pack stays outside the repository: its folder is the argument or `DMP_CERTIFY_PACK`. Both
engines judge every example: ours whole (parse, XML schema, every Schematron, value sets,
findings), Saxon without the XML schema and without reading its reports. They take turns on each
document, for a machine that others use too is now fast, now slow, within seconds; the turn of the
middle ratio counts. A turn of ours is five calls in a row, of which the middle one counts: the
first finds the caches as half a second of Saxon left them, which no batch does. Both have met the
document before: stylesheets are compiled, shapes and start tags are known. What a document costs
whose start tags are known from the other examples only is measured beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

Measure = dict[str, Any]
TURNS, IN_A_ROW = 3, 5
ROOT = Path(__file__).resolve().parent.parent


def results(pack_dir: str = "", limit: int = 0) -> list[Measure]:
    """The measures, or one that says why there are none."""
    folder = pack_dir or os.environ.get("DMP_CERTIFY_PACK", "")
    reason = _why_not(folder)
    if reason:
        return [{"name": "documents_skipped", "value": 0, "unit": reason, "against": None}]
    return _measure(Path(folder), limit)


def _why_not(folder: str) -> str:
    if not folder or not Path(folder, "ExemplesCDA").is_dir():
        return "no official pack: set DMP_CERTIFY_PACK to its folder"
    try:
        import saxonche  # noqa: F401
    except ImportError:
        return "saxonche is not installed: pip install dmp-certify[saxon]"
    return ""


Cost = tuple[float, float]


def _cost(act: Any, clock: Any = time.process_time) -> Cost:
    """(seconds on the clock, seconds of processor) of one call.

    Saxon works with threads of its own, which only the clock of the process counts; they go on
    for a while after a call, so that ours is timed by the clock of its only thread.
    """
    wall, cpu = time.perf_counter(), clock()
    act()
    return time.perf_counter() - wall, clock() - cpu


def _own(act: Any) -> Cost:
    return _cost(act, time.thread_time)


def _middle(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost[1])[len(costs) // 2]


def _measure(folder: Path, limit: int) -> list[Measure]:
    sys.path.insert(0, str(ROOT / "tools"))
    from dmp_certify import packs

    packs.load(folder)
    held: list[packs.CompiledPack] = []
    loading = _cost(lambda: held.append(packs.load(folder)))[0]
    pack = held[0]
    files = sorted(Path(folder, "ExemplesCDA").glob("*.xml"))
    files = files[:: max(1, len(files) // limit)] if limit else files
    documents = [(file.name, file.read_bytes()) for file in files]
    cold = [_cost(partial(pack.judge, data, name=name))[0] for name, data in documents]
    fresh = _fresh(pack, documents)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours, theirs = _interleaved(folder, pack, documents)
    wall, cpu = ([(o[at], t[at]) for o, t in zip(ours, theirs, strict=True)] for at in (0, 1))
    found = [
        ("documents_judged", len(documents), "documents", None),
        ("document_ours_mean", statistics.mean(o for o, _ in wall) * 1000, "ms", None),
        ("document_ours_median", statistics.median(o for o, _ in wall) * 1000, "ms", None),
        ("document_ours_tags_of_others_mean", statistics.mean(fresh) * 1000, "ms", None),
        ("document_ours_first_time_mean", statistics.mean(cold) * 1000, "ms", None),
        ("document_saxon_mean", statistics.mean(t for _, t in wall) * 1000, "ms", None),
        *_ratios("times_faster_than_warm_saxon", wall),
        *_ratios("times_less_processor_than_warm_saxon", cpu),
        ("pack_load", loading, "s", "at most 0.5 s"),
        ("pack_memory_after_all_examples", memory, "MB", "at most 300 MB; Saxon 1,500 MB"),
    ]
    ratios = [theirs / mine for mine, theirs in cpu]
    worst = documents[ratios.index(min(ratios))][0]
    print(f"# slowest relative to Saxon: {worst}", file=sys.stderr)
    return [
        {"name": name, "value": round(value, 3), "unit": unit, "against": against}
        for name, value, unit, against in found
    ]


def _fresh(pack: Any, documents: list[tuple[str, bytes]]) -> list[float]:
    """Seconds for each document when its start tags were met in the other ones only."""
    found = []
    for at, (name, data) in enumerate(documents):
        pack.forget_tags()
        for other, (title, content) in enumerate(documents):
            if other != at:
                pack.judge(content, name=title)
        found.append(_own(partial(pack.judge, data, name=name))[0])
    return found


def _ratios(name: str, pairs: list[Cost]) -> list[tuple[str, float, str, str]]:
    """Saxon's cost over ours: all documents together, the median one, the worst one."""
    each = [saxon / mine for mine, saxon in pairs]
    total = sum(saxon for _, saxon in pairs) / sum(mine for mine, _ in pairs)
    terms = "saxonche, warm; our side counts the XML schema, its side does not"
    return [
        (f"documents_{name}", total, "×", f"{terms}; ratio of sums, at least 75"),
        (f"documents_{name}_median", statistics.median(each), "×", terms),
        (f"documents_{name}_worst", min(each), "×", f"{terms}; at least 40"),
    ]


def _interleaved(
    folder: Path, pack: Any, documents: list[tuple[str, bytes]]
) -> tuple[list[Cost], list[Cost]]:
    """The cost of each engine on each document, one after the other."""
    from saxon_reference import Reference

    reference = Reference(folder)
    common = [family for family, _ in reference.layout.common]
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for name, data in documents:
        volet = pack.judge(data, name=name).volet
        families = [*common, *(["VOLET"] if volet else [])]
        for family in families:
            reference.compiled(reference.schema(family, volet))
        own = partial(pack.judge, data, name=name)
        saxon = partial(_saxon, reference, families, volet, data)
        turns = [
            (_middle([_own(own) for _ in range(IN_A_ROW)]), _cost(saxon)) for _ in range(TURNS)
        ]
        mine, other = sorted(turns, key=lambda turn: turn[1][1] / turn[0][1])[TURNS // 2]
        ours.append(mine)
        theirs.append(other)
    return ours, theirs


def _saxon(reference: Any, families: list[str], volet: str | None, data: bytes) -> None:
    node = reference.parse(data)
    for family in families:
        reference.run(family, volet, node)


def main(argv: list[str] | None = None) -> int:
    """Print one line a measure; `--json FILE` also writes them there."""
    parser = argparse.ArgumentParser(description="judging documents, against warm Saxon")
    parser.add_argument("pack", nargs="?", default="")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    limit = int(os.environ.get("DMP_CERTIFY_BENCH_DOCUMENTS", "0"))
    found = results(args.pack, limit)
    if args.json:
        args.json.write_text(json.dumps(found), encoding="utf-8")
    for item in found:
        against = f"  # against {item['against']}" if item["against"] else ""
        print(f"{item['name']} {item['value']} {item['unit']}{against}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
