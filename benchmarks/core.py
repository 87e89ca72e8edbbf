"""Judging documents by our own pack and the XML schema: against lxml's parse and the same schema.

    python -m benchmarks.core [PACK_DIR]

The official examples and the schema stay outside the repository: their folder is the argument or
`DMP_CERTIFY_PACK`. Two figures, in one warm process and on each example in turn: ours is what
`check` and `bulk` do with a document (parse, every check of `core`, findings) and the validation by
the schema; the peer is lxml's parse, with the options we parse with, and that validation. Turns
alternate and the best of each counts, which keeps other work on the machine out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from dmp_certify.bulk import worker
from dmp_certify.checks import load_all
from dmp_certify.engine import documents
from dmp_certify.engine.pack_choice import PackChoice
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.layout import find_layout
from dmp_certify.packs.xsd import Schema, collect
from dmp_certify.wire import xml
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.message import Message

Measure = dict[str, Any]
Document = tuple[str, bytes]
TURNS = 7
LIMIT = 3
PEER = "lxml parse + XSD of the same document"


def results(pack_dir: str = "", turns: int = TURNS) -> list[Measure]:
    """The measures, or one that says why there are none."""
    folder = Path(pack_dir or os.environ.get("DMP_CERTIFY_PACK", "") or "/nowhere")
    if not (folder / "ExemplesCDA").is_dir():
        reason = "no official pack: set DMP_CERTIFY_PACK to its folder"
        return [{"name": "core_skipped", "value": 0, "unit": reason, "against": None}]
    files = sorted((folder / "ExemplesCDA").glob("*.xml"))
    return _measure(_schema(folder), [(file.name, file.read_bytes()) for file in files], turns)


def _schema(folder: Path) -> etree.XMLSchema:
    """The pack's schema alone, as its users meet it: none of the Schematrons is compiled."""
    files = PackFiles(folder)
    name = find_layout(files).xsd or ""
    return Schema(collect(files, name), name).compile()


def _seconds(act: Callable[[], object]) -> float:
    """Of this thread alone: all the work is in it, and the machine has other things to do."""
    began = time.thread_time()
    act()
    return time.thread_time() - began


class _Bench:
    """The two sides and, beside them, what a line of `bulk` costs."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        worker.warm("core")
        self.schema = schema
        self.checks = PackChoice().checks(load_all(), "cda")

    def peer(self, document: Document) -> None:
        self.schema.validate(xml.parse(document[1], document[0]).node)

    def parse(self, document: Document) -> None:
        xml.parse(document[1], document[0])

    def core(self, document: Document) -> None:
        documents.judge(document[1], document[0], checks=self.checks)

    def ours(self, document: Document) -> None:
        """Judging, then the validation of the very tree that was judged."""
        message = documents.read(document[1], document[0])
        assert isinstance(message, Message)
        documents.judge_read(message, checks=self.checks)
        (cda,) = message.views(Cda)
        self.schema.validate(cda.presentation.root.node)

    def line(self, document: Document) -> None:
        """Judging included, as a worker of `bulk` does it and its journal writes it."""
        json.dumps(worker.judge(document[0], document[1], "core"), ensure_ascii=False)

    def seconds(self, document: Document, turns: int) -> dict[str, float]:
        """The best time of each act on the document; they alternate."""
        acts = {
            "peer": self.peer,
            "ours": self.ours,
            "core": self.core,
            "parse": self.parse,
            "line": self.line,
        }
        best = dict.fromkeys(acts, float("inf"))
        for _ in range(turns + 2):
            for name, act in acts.items():
                best[name] = min(best[name], _seconds(partial(act, document)))
        return best


def _measure(schema: etree.XMLSchema, found: list[Document], turns: int) -> list[Measure]:
    bench = _Bench(schema)
    for document in found:
        bench.line(document)
    best = [bench.seconds(document, turns) for document in found]
    ratios = [one["ours"] / one["peer"] for one in best]
    total = {name: sum(one[name] for one in best) for name in best[0]}
    worst = found[ratios.index(max(ratios))][0]
    print(f"# furthest from parse and XSD: {worst}", file=sys.stderr)
    ratio = total["ours"] / total["peer"]
    sums = f"{PEER}; ratio of sums, under {LIMIT}"
    return [
        {"name": f"core_{name}", "value": round(value, 3), "unit": unit, "against": against}
        for name, value, unit, against in (
            ("documents", len(found), "documents", None),
            ("parse_and_xsd_mean", total["peer"] / len(found) * 1000, "ms", None),
            ("parse_mean", total["parse"] / len(found) * 1000, "ms", None),
            ("judging_mean", total["core"] / len(found) * 1000, "ms", "without the XSD"),
            ("and_xsd_times_parse_and_xsd", ratio, "×", sums),
            ("and_xsd_times_parse_and_xsd_median", statistics.median(ratios), "×", PEER),
            ("and_xsd_times_parse_and_xsd_worst", max(ratios), "×", f"{PEER}; {worst}"),
            ("bulk_line_times_judging", total["line"] / total["core"], "×", "core_judging_mean"),
        )
    ]


def main(argv: list[str] | None = None) -> int:
    """Print one line a measure; `--json FILE` also writes them there."""
    parser = argparse.ArgumentParser(description="judging documents by core, against lxml")
    parser.add_argument("pack", nargs="?", default="")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    found = results(args.pack, args.turns)
    if args.json:
        args.json.write_text(json.dumps(found), encoding="utf-8")
    for item in found:
        against = f"  # against {item['against']}" if item["against"] else ""
        print(f"{item['name']} {item['value']} {item['unit']}{against}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
