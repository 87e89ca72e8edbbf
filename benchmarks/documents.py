"""Judging documents by the official pack: ours against the same rules in one warm Saxon process.

    python -m benchmarks.documents [PACK_DIR]

The pack stays outside the repository: its folder is the argument or `DMP_CERTIFY_PACK`. For each
example of the pack, in turn, both engines judge it: ours whole (parse, XML schema, every
Schematron, value sets, findings), Saxon without the XML schema and without reading its reports.
Both have met the document's rules before: stylesheets are compiled, shapes are known.
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


def _seconds(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _measure(folder: Path, limit: int) -> list[Measure]:
    sys.path.insert(0, str(ROOT / "tools"))
    from dmp_certify import packs

    packs.load(folder)
    held: list[packs.CompiledPack] = []
    loading = _seconds(lambda: held.append(packs.load(folder)))
    pack = held[0]
    files = sorted(Path(folder, "ExemplesCDA").glob("*.xml"))
    files = files[:: max(1, len(files) // limit)] if limit else files
    documents = [(file.name, file.read_bytes()) for file in files]
    cold = [_seconds(lambda d=d: pack.judge(d[1], name=d[0])) for d in documents]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours, theirs = _interleaved(folder, pack, documents)
    ratios = [t / o for o, t in zip(ours, theirs, strict=True)]
    found = [
        ("documents_judged", len(documents), "documents", None),
        ("document_ours_mean", statistics.mean(ours) * 1000, "ms", None),
        ("document_ours_median", statistics.median(ours) * 1000, "ms", None),
        ("document_ours_first_time_mean", statistics.mean(cold) * 1000, "ms", None),
        ("document_saxon_mean", statistics.mean(theirs) * 1000, "ms", None),
        (
            "documents_times_faster_than_warm_saxon",
            sum(theirs) / sum(ours),
            "× by ratio of sums",
            "warm saxonche, XML schema counted on our side only; at least 75",
        ),
        (
            "documents_times_faster_than_saxon_worst",
            min(ratios),
            "× on the worst document",
            "warm saxonche; at least 40",
        ),
        (
            "documents_times_faster_than_saxon_median",
            statistics.median(ratios),
            "× median",
            "warm saxonche",
        ),
        ("pack_load", loading, "s", "at most 0.5 s"),
        ("pack_memory_after_all_examples", memory, "MB", "at most 300 MB; Saxon 1,500 MB"),
    ]
    worst = documents[ratios.index(min(ratios))][0]
    print(f"# slowest relative to Saxon: {worst}", file=sys.stderr)
    return [
        {"name": name, "value": round(value, 3), "unit": unit, "against": against}
        for name, value, unit, against in found
    ]


def _interleaved(
    folder: Path, pack: Any, documents: list[tuple[str, bytes]]
) -> tuple[list[float], list[float]]:
    """Seconds of each engine on each document, one after the other."""
    from saxon_reference import Reference

    reference = Reference(folder)
    common = [family for family, _ in reference.layout.common]
    ours: list[float] = []
    theirs: list[float] = []
    for name, data in documents:
        volet = pack.judge(data, name=name).volet
        families = [*common, *(["VOLET"] if volet else [])]
        for family in families:
            reference.compiled(reference.schema(family, volet))
        runs = [_seconds(lambda d=data, n=name: pack.judge(d, name=n)) for _ in range(3)]
        ours.append(statistics.median(runs))
        saxon = partial(_saxon, reference, families, volet, data)
        theirs.append(_seconds(saxon))
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
