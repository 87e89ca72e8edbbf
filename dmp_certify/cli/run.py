"""`run`: play profiles with a product, judge, and leave a signed report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError

if TYPE_CHECKING:
    from dmp_certify.engine.plan import Plan
    from dmp_certify.report.deliver import Delivery


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
    add("--key", type=Path, help="sign with this PKCS#12 file, or PEM key with --certificate")
    add("--certificate", type=Path, help="PEM certificate of --key, then its issuers")
    add("--key-password-env", metavar="VAR", help="variable that holds the password of --key")
    add("--json", action="store_true", help="one JSON object on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code: that of the gravest ruling."""
    from dmp_certify.cli.progress import progress

    told = []
    for folder, plan in _played(options, progress(options.lang, quiet=options.json)):
        told.append(_deliver(options, folder, plan))
    if options.json:
        print(json.dumps([_as_json(each) for each in told], ensure_ascii=False, indent=2))
    return exits.of_rulings(each.ruling for each in told)


def _played(options: argparse.Namespace, show: Any) -> Any:
    from dmp_certify.catalogue import profiles
    from dmp_certify.engine import config, resume
    from dmp_certify.engine import run as engine
    from dmp_certify.engine.events import Events
    from dmp_certify.engine.pack_choice import for_run
    from dmp_certify.engine.plan import Plan
    from dmp_certify.report.identity import home

    pki, listen = home() / "pki", listening(options.listen)
    if options.resume is not None:
        past = resume.read(options.resume, options.sut)
        plan = Plan(profiles.load(past.profile), past.sut, pki, past.seed, past.only, listen)
        with show as view:
            yield engine.resume(plan, past, options.resume, Events(view)), plan
        return
    if not options.profiles or options.sut is None:
        raise ConfigurationError(
            "name a profile and the product: dmp-certify run alimentation --sut sut.toml"
        )
    sut = config.load(options.sut, options.sin)
    chosen = {} if options.seed is None else {"seed": options.seed}
    for name in options.profiles:
        plan = Plan(
            profiles.load(name),
            sut,
            pki,
            only=tuple(options.only),
            listen=listen,
            pack=for_run(options.pack),
            **chosen,
        )
        with show as view:
            yield engine.begin(plan, options.out, Events(view)), plan


def _deliver(options: argparse.Namespace, folder: Path, plan: Plan) -> Delivery:
    import os

    from dmp_certify.cli.summary import summarise
    from dmp_certify.report.deliver import deliver, signer_of

    password = None
    if options.key_password_env is not None:
        password = os.environ.get(options.key_password_env)
        if password is None:
            raise ConfigurationError(
                f"--key-password-env: the environment has no variable "
                f"{options.key_password_env}; set it"
            )
    signer = signer_of(options.key, options.certificate, password)
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
