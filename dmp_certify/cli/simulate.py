"""`simulate`: a DMP that stands until it is stopped."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_certify.cli import exits

if TYPE_CHECKING:
    from dmp_certify.simulator.standing import Standing


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add = parser.add_argument
    add("--world", type=Path, metavar="FILE", help="YAML; default: three invented patients")
    add("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="default: a free port")
    add("--dir", type=Path, default=Path("simulated-dmp"), help="default: simulated-dmp/")
    add("--seed", default="0", help="the same seed invents the same patients")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 once the user stops it."""
    from dmp_certify.cli.run import listening
    from dmp_certify.simulator.standing import serve_forever

    def ready(standing: Standing) -> None:
        print(getattr(standing.describe(), options.lang), flush=True)

    host, port = listening(options.listen)
    serve_forever(
        options.dir, ready, host=host, port=port, world_file=options.world, seed=options.seed
    )
    return exits.CONFORMING
