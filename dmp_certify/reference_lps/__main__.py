"""`python -m dmp_certify.reference_lps`: one intent from stdin, its answer on stdout."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m dmp_certify.reference_lps",
        description="The reference product: carries out one intent given as JSON on stdin.",
    )
    default = os.environ.get("DMP_CERTIFY_LPS_STATE", ".reference-lps")
    parser.add_argument("--state", type=Path, default=Path(default), help="state folder")
    parser.add_argument("--sin", help="commit one deliberate fault")
    parser.add_argument("--serve", type=int, metavar="PORT", help="answer over HTTP instead")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Exit code 0 when an answer was written, 2 when the command or its input is wrong."""
    arguments = _arguments(given)
    from dmp_certify.reference_lps.desk import Desk
    from dmp_certify.reference_lps.stages import Stages

    stages = Stages()
    if arguments.sin:
        from dmp_certify.reference_lps.sins import SINS

        sin = SINS.get(arguments.sin)
        if sin is None:
            known = ", ".join(sorted(SINS))
            print(f"unknown sin {arguments.sin!r}; known sins: {known}", file=sys.stderr)
            return 2
        stages = Stages(sin.hooks(arguments.state))
    desk = Desk(arguments.state, stages)
    if arguments.serve is not None:
        from dmp_certify.reference_lps.serve import serve

        return serve(desk, arguments.serve)
    try:
        order = json.load(sys.stdin)
    except ValueError as error:
        print(f"stdin is not JSON: {error}", file=sys.stderr)
        return 2
    json.dump(desk.carry_out(order), sys.stdout, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
