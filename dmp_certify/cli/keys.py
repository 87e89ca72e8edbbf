"""`keys new|show`: the identity that signs reports, and the test certificates lent to products."""

from __future__ import annotations

import argparse
import json

from dmp_certify.cli import exits
from dmp_certify.finding import Text

_LENT = Text("certificats de test prêtés au produit :", "test certificates lent to the product:")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="make the identity of this computer")
    new.add_argument("--name", default="dmp-certify", help="the name that reports are signed with")
    show = actions.add_parser("show", help="show the identity, never its key")
    show.add_argument("--json", action="store_true", help="one JSON object on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 when there is no identity, or already one."""
    from dmp_certify.report import identity

    found = identity.new(options.name) if options.action == "new" else identity.own()
    described = found.describe()
    if options.action == "show" and options.json:
        print(json.dumps(described, ensure_ascii=False, indent=2))
        return exits.CONFORMING
    for key, value in described.items():
        print(f"{key:<12}{value}")
    pki = identity.home() / "pki"
    if pki.is_dir():
        print(f"{getattr(_LENT, options.lang)} {pki}")
    return exits.CONFORMING
