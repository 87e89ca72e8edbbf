"""Judge documents with the compiled pack and with Saxon, and print every difference.

    python tools/oracle.py PACK_DIR [DOCUMENT_OR_FOLDER …] [--fuzz N] [--edits K] [--seed S]

Without a document, the examples of the pack are judged. `--fuzz N` adds N documents made from
them by K random edits each. Exit code: 0 when nothing differs, 1 otherwise, 2 on bad usage.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fuzz import Fuzzer
from saxon_reference import Line, Reference

from dmp_certify.packs import CompiledPack, load
from dmp_certify.packs.schematron.engine import fired
from dmp_certify.packs.schematron.nodes import Document


class Bench:
    """Both engines on one pack; `reference` is the official way unless another one is given."""

    def __init__(self, pack_dir: Path, reference: Any = None) -> None:
        self.pack: CompiledPack = load(pack_dir)
        self.reference = reference or Reference(pack_dir)
        self.documents = self.lines = self.firings = self.aborts = 0

    def differences(self, name: str, data: bytes) -> Iterator[str]:
        """Each difference on one document, in words."""
        self.documents += 1
        verdict = self.pack.judge(data, name=name)
        aborted = {item.schematron for item in verdict.aborted}
        ours = Counter(
            Line(a.schematron, a.report, a.role, a.pattern, a.context, a.location, a.message)
            for a in verdict.failed
        )
        ours_fired = self._fired(data, verdict.volet)
        node = self.reference.parse(data)
        families = [family for family, _ in self.reference.layout.common]
        for family in [*families, *(["VOLET"] if verdict.volet else [])]:
            told = self.reference.tell(family, verdict.volet, node)
            if bool(told.crash) != (family in aborted):
                said = [item.reason.en for item in verdict.aborted if item.schematron == family]
                yield f"{family} abort: saxon {told.crash!r}, ours {said}"
            if told.crash:
                self.aborts += 1
                continue
            self.lines += len(told.lines)
            self.firings += len(told.fired)
            mine = Counter({k: n for k, n in ours.items() if k.schematron == family})
            theirs = Counter(told.lines)
            for line, count in (theirs - mine).items():
                yield f"{family} only saxon ×{count}: {_short(line)}"
            for line, count in (mine - theirs).items():
                yield f"{family} only ours ×{count}: {_short(line)}"
            mine_fired, saxon_fired = ours_fired.get(family, Counter()), Counter(told.fired)
            wrong = (mine_fired - saxon_fired) + (saxon_fired - mine_fired)
            for (pattern, context), count in wrong.items():
                yield f"{family} fired ×{count} differs: {pattern} {context[:160]}"

    def _fired(self, data: bytes, volet: str | None) -> dict[str, Counter[tuple[str, str]]]:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        runner = self.pack.runner(volet)
        doc = Document(etree.fromstring(data, parser), self.pack._starts, self.pack._world, data)
        runner.run(doc)
        found: dict[str, Counter[tuple[str, str]]] = {}
        saxon = self.pack._world.saxon
        more = saxon.elsewhere(runner, doc) if saxon is not None else ()
        for number, rule in [*fired(runner, doc), *((at, one.rule) for at, one in more)]:
            program = runner.programs[number]
            pattern, _, context, *_ = program.rules[rule]
            found.setdefault(program.family, Counter())[program.patterns[pattern], context] += 1
        doc.close()
        return found


def _short(line: Line) -> str:
    kind = "report" if line.report else "assert"
    return f"{kind} {line.pattern} @ {line.location} [{line.role}] {line.text[:200]}"


def documents(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of each XML file, gzip ones unpacked."""
    for path in paths:
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in found:
            if file.suffix == ".gz":
                yield file.name.removesuffix(".gz"), gzip.decompress(file.read_bytes())
            elif file.suffix == ".xml":
                yield file.name, file.read_bytes()


def fuzzed(
    base: list[tuple[str, bytes]], count: int, edits: int, seed: int
) -> Iterator[tuple[str, bytes]]:
    """Documents made by random edits; the name keeps what chooses the volet."""
    for number in range(count):
        name, data = base[(number * 7 + seed) % len(base)]
        fuzzer = Fuzzer(seed * 100_003 + number)
        root = fuzzer.edited(etree.fromstring(data), edits)
        yield f"{Path(name).stem}__fuzz{seed}-{number}.xml", etree.tostring(root)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack", type=Path)
    parser.add_argument("paths", type=Path, nargs="*")
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the documents that differ")
    args = parser.parse_args(argv)
    if not args.pack.is_dir():
        print(f"{args.pack}: no such folder; give the folder of a content pack", file=sys.stderr)
        return 2
    examples = [p for p in (args.pack / "ExemplesCDA",) if p.is_dir()]
    bench = Bench(args.pack)
    base = list(documents(args.paths or examples))
    todo = fuzzed(base, args.fuzz, args.edits, args.seed) if args.fuzz else iter(base)
    wrong = total = 0
    for name, data in todo:
        found = list(bench.differences(name, data))
        for difference in found:
            print(f"{name}: {difference}")
        if found and args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            (args.keep / name).write_bytes(data)
        wrong += bool(found)
        total += len(found)
    print(
        f"{bench.documents} documents, {bench.firings} rules fired, {bench.lines} lines of "
        f"failure by Saxon: {total} differences in {wrong} documents"
    )
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
