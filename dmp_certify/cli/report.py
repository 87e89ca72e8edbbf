"""`report verify|render|diff|countersign`: what can be done with a signed report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_certify.cli import exits, signing
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.report.verify import Verification

FORMATS = ("html", "pdf", "json", "junit")
_VERIFIED = Text("VÉRIFIÉ", "VERIFIED")
_REFUSED = Text("REFUSÉ", "REFUSED")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    verbs = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    verify = verbs.add_parser("verify", help="offline: signature, chain, digests, replay")
    verify.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE")
    verify.add_argument("--trust", type=Path, nargs="+", metavar="PEM", help="trusted authorities")
    verify.add_argument("--json", action="store_true", help="one JSON array on stdout")
    render = verbs.add_parser("render", help="write the report of a bundle again")
    render.add_argument("bundles", type=Path, nargs=1, metavar="BUNDLE")
    render.add_argument("--format", choices=FORMATS, default="html")
    render.add_argument("--out", type=Path, metavar="FILE", help="default: stdout")
    diff = verbs.add_parser("diff", help="what changed from one bundle to another")
    diff.add_argument("bundles", type=Path, nargs=2, metavar="BUNDLE")
    diff.add_argument("--json", action="store_true", help="one JSON object on stdout")
    counter = verbs.add_parser("countersign", help="add an authority's decision to a bundle")
    counter.add_argument("bundles", type=Path, nargs=1, metavar="BUNDLE")
    counter.add_argument("--trust", type=Path, nargs="+", metavar="PEM", help="as in verify")
    counter.add_argument("--decision", required=True, help="accepted, refused, …")
    counter.add_argument("--by", required=True, help="name and role of who decides")
    counter.add_argument("--reason", default="", help="why")
    signing.declare(counter, required=True)


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 5 when a bundle does not verify, 1 when two reports differ."""
    actions = {
        "verify": _verify,
        "render": _render,
        "diff": _diff,
        "countersign": _countersign,
    }
    return actions[options.action](options)


def _verify(options: argparse.Namespace) -> int:
    from dmp_certify.report.verify import Refused

    told, code = [], exits.CONFORMING
    for path in options.bundles:
        try:
            verified = _verified(path, options.trust)
        except Refused as refused:
            code = exits.VERIFICATION_FAILED
            told.append(
                {
                    "path": str(path),
                    "verified": False,
                    "step": refused.step._asdict(),
                    "reason": refused.reason,
                }
            )
            if not options.json:
                step = getattr(refused.step, options.lang)
                word = getattr(_REFUSED, options.lang)
                print(f"{word}  {path}\n  ✗ {step} – {refused.reason}", file=sys.stderr)
            continue
        told.append(verified.to_json())
        if not options.json:
            _say(verified, options.lang)
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return code


def _verified(path: Path, trust: list[Path] | None) -> Verification:
    from dmp_certify.report import sign
    from dmp_certify.report.derive import derive
    from dmp_certify.report.verify import verify

    if not path.is_file():
        raise ConfigurationError(f"{path} does not exist; give a .dmpcert file")
    anchors = None if trust is None else sign.load_anchors(trust)
    return verify(path, derive, anchors=anchors)


def _say(verified: Verification, lang: str) -> None:
    print(f"{getattr(_VERIFIED, lang)}  {verified.path}")
    print(f"  {verified.product} – {verified.profile}: {verified.ruling}")
    print(f"  {verified.signer} ({verified.signer_sha256[:16]}…), {verified.signed_at}")
    for step in verified.steps:
        print(f"  ✓ {getattr(step, lang)}")
    for decision in verified.decisions:
        print(f"  {decision.decision} – {decision.by} ({decision.signed_at}) {decision.reason}")
    for note in verified.notes:
        print(f"  {getattr(note, lang)}")


def _render(options: argparse.Namespace) -> int:
    import tempfile

    from dmp_certify.evidence.reader import Evidence
    from dmp_certify.report import bundle, model
    from dmp_certify.report.render import excerpt, html, junit, pdf

    held = bundle.read(options.bundles[0])
    report = held.report()
    with tempfile.TemporaryDirectory(prefix="dmp-certify-") as folder:
        lookup = excerpt.of_evidence(Evidence.open(held.unpack_evidence(Path(folder))))
        content = {
            "html": lambda: html.render(report, lookup).encode(),
            "pdf": lambda: pdf.render(report, lookup),
            "json": lambda: model.encode(report),
            "junit": lambda: junit.render(report),
        }[options.format]()
    if options.out is not None:
        bundle.replace(options.out, content)
    else:
        sys.stdout.buffer.write(content)
    return exits.CONFORMING


def _diff(options: argparse.Namespace) -> int:
    """Neither bundle is verified here: `report verify` is for that."""
    from dmp_certify.report import bundle, diff

    before, after = (bundle.read(path).report() for path in options.bundles)
    found = diff.compare(before, after)
    if options.json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        print("\n".join(found.lines(options.lang)))
    return exits.CONFORMING if found.empty else exits.NON_CONFORMING


def _countersign(options: argparse.Namespace) -> int:
    from dmp_certify.report import countersign

    path = options.bundles[0]
    signer = signing.signer(options)
    assert signer is not None  # --key is required
    _verified(path, options.trust)
    decision = countersign.Decision(options.decision, options.by, options.reason)
    print(f"{path}: {countersign.add(path, decision, signer)}")
    return exits.CONFORMING
