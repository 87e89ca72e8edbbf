"""`make bench`: one line per measure (`name value unit`), all in benchmarks/results.json."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import suite

RESULTS = Path(__file__).with_name("results.json")
# Measures with processes or a peer of their own: each is a program with `--json FILE`.
PROGRAMS = (
    "benchmarks.capture",
    "benchmarks.documents",
    "benchmarks.core",
    "benchmarks.many",
)


def _program(module: str) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "measures.json"
        done = subprocess.run(
            [sys.executable, "-m", module, "--json", str(file)],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if not file.exists():
            print(f"{module}: no measure (exit code {done.returncode})", file=sys.stderr)
            return []
        found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
        return found


def main() -> int:
    """Always 0: a measure informs, it judges nothing."""
    found: list[dict[str, Any]] = []
    for part in (suite.results, *(lambda m=module: _program(m) for module in PROGRAMS)):
        measures = part()
        for one in measures:
            print(one["name"], one["value"], one["unit"], flush=True)
        found += measures
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
