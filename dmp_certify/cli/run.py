"""`run`: play profiles with a product, judge, and leave a signed report."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmp_certify.cli import exits, signing
from dmp_certify.errors import ConfigurationError

if TYPE_CHECKING:
    from dmp_certify.engine.plan import Plan
    from dmp_certify.engine.resume import Past
    from dmp_certify.report.deliver import Delivery
    from dmp_certify.report.sign import Signer


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add = parser.add_argument
    add("profiles", metavar="PROFILE", nargs="*", help="e.g. alimentation")
    add("--sut", metavar="FILE", help="sut.toml, or `reference` for the bundled product")
    add("--sin", default="", metavar="NAME", help="a fault that the bundled product commits")
    add("--out", type=Path, default=Path("reports"), metavar="DIR", help="default: reports/")
    add("--only", nargs="+", default=[], metavar="ID", help="play these scenarios only")
    add("--seed", type=int, metavar="N", help="the same seed draws the same test data")
    add("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="default: a free port")
    add("--resume", type=Path, metavar="DIR", help="end the stopped run in this folder")
    add("--pack", default="", metavar="NAME", help="content pack; default: newest official one")
    signing.declare(parser)
    add("--json", action="store_true", help="one JSON object on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code: that of the gravest ruling."""
    signer = signing.signer(options)
    told = [_deliver(options, folder, plan, signer) for folder, plan in _played(options)]
    if options.json:
        print(json.dumps([_as_json(each) for each in told], ensure_ascii=False, indent=2))
    return exits.of_rulings(each.ruling for each in told)


def _played(options: argparse.Namespace) -> Iterator[tuple[Path, Plan]]:
    from dmp_certify.cli.progress import progress
    from dmp_certify.engine import resume
    from dmp_certify.engine import run as engine
    from dmp_certify.engine.events import Events

    if options.resume is not None:
        past = resume.read(options.resume, options.sut)
        plan = _resumed(options, past)
        with progress(options.lang, quiet=options.json, talks=_talks(plan)) as view:
            folder = engine.resume(plan, past, options.resume, Events(view))
        yield folder, plan
        return
    if not options.profiles or options.sut is None:
        raise ConfigurationError(
            "name a profile and the product: dmp-certify run alimentation --sut sut.toml"
        )
    for plan in _plans(options):
        with progress(options.lang, quiet=options.json, talks=_talks(plan)) as view:
            folder = engine.begin(plan, options.out, Events(view))
        yield folder, plan


def _talks(plan: Plan) -> bool:
    return str(plan.sut.driver["kind"]) == "human"


def _resumed(options: argparse.Namespace, past: Past) -> Plan:
    from dmp_certify.catalogue import profiles
    from dmp_certify.engine.plan import Plan
    from dmp_certify.report.identity import home

    profile, listen = profiles.load(past.profile), listening(options.listen)
    return Plan(profile, past.sut, home() / "pki", past.seed, past.only, listen)


def _plans(options: argparse.Namespace) -> list[Plan]:
    """One plan for each profile; all of them hold together before the first is played."""
    from dmp_certify.catalogue import profiles
    from dmp_certify.engine import config
    from dmp_certify.engine.pack_choice import for_run
    from dmp_certify.engine.plan import Plan, draw_seed
    from dmp_certify.report.identity import home

    sut = config.load(options.sut, options.sin)
    seed = draw_seed() if options.seed is None else options.seed
    listen, pack = listening(options.listen), for_run(options.pack)
    plans = [
        Plan(profiles.load(name), sut, home() / "pki", seed, tuple(options.only), listen, pack)
        for name in options.profiles
    ]
    for plan in plans:
        plan.scenarios()
    return plans


def _deliver(
    options: argparse.Namespace, folder: Path, plan: Plan, signer: Signer | None
) -> Delivery:
    from dmp_certify.cli.summary import summarise
    from dmp_certify.report.deliver import deliver

    delivery = deliver(folder, plan.profile.id, signer)
    if not options.json:
        summarise(delivery, options.lang, sys.stdout)
    return delivery


def _as_json(delivery: Delivery) -> dict[str, Any]:
    report = delivery.report
    return {
        "profile": report["profile"]["id"],
        "product": report["product"]["name"],
        "ruling": delivery.ruling,
        "counts": report["counts"],
        "files": {name: str(path) for name, path in delivery.files.items()},
    }


def listening(text: str) -> tuple[str, int]:
    """HOST:PORT as a pair. Raises ConfigurationError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ConfigurationError(f"--listen {text!r} is not HOST:PORT; e.g. 127.0.0.1:8443")
    return host.strip("[]") or "127.0.0.1", int(port)
