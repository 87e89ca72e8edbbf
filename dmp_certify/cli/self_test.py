"""`self-test`: the reference product conforms, and each of its sins is caught."""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.engine.selftest import Proof

_SINLESS = Text("(sans faute)", "(no sin)")
_MISSED = Text("pas trouvée par", "not caught by")
_ASTRAY = Text("accuse à tort", "wrongly accused by")
_TOTAL = Text("{} preuves sur {} en {:.0f} s", "{} proofs of {} in {:.0f} s")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("--sin", nargs="+", default=[], metavar="NAME", help="these sins only")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="default: 2")
    parser.add_argument("--json", action="store_true", help="one JSON array on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 1 when a proof does not hold."""
    from dmp_certify.engine.selftest import prove
    from dmp_certify.reference_lps.sins import SINS
    from dmp_certify.report.identity import home

    unknown = sorted(set(options.sin) - set(SINS))
    if unknown:
        raise ConfigurationError(
            f"no sin is called {', '.join(unknown)}; see dmp-certify list sins"
        )
    began, told, held = time.monotonic(), [], 0
    for proof in prove(home() / "pki", options.sin, max(1, options.workers)):
        held += proof.holds
        told.append(
            {
                "sin": proof.sin,
                "holds": proof.holds,
                "expected": list(proof.expected),
                "failed": list(proof.failed),
                "trouble": proof.trouble,
            }
        )
        if not options.json:
            print(_line(proof, options.lang), flush=True)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        total = getattr(_TOTAL, options.lang)
        print(total.format(held, len(told), time.monotonic() - began))
    return exits.CONFORMING if held == len(told) else exits.NON_CONFORMING


def _line(proof: Proof, lang: str) -> str:
    mark = "✓" if proof.holds else "✗"
    name = proof.sin or getattr(_SINLESS, lang)
    if proof.holds:
        return f"{mark} {name:<34}{', '.join(proof.expected) if proof.sin else ''}".rstrip()
    missed = sorted(set(proof.expected) - set(proof.failed))
    astray = sorted(set(proof.failed) - set(proof.expected))
    why = [f"{getattr(_MISSED, lang)} {', '.join(missed)}"] if missed else []
    why += [f"{getattr(_ASTRAY, lang)} {', '.join(astray)}"] if astray else []
    why += [proof.trouble] if proof.trouble else []
    return f"{mark} {name:<34}{' ; '.join(why)}"
