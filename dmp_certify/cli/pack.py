"""`pack add|list|verify`: official content packs that the user obtained from ANS."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_certify.cli import exits
from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.packs import PackInfo

_NONE = Text(
    "Aucun pack officiel : le pack core, le nôtre, juge seul. dmp-certify pack add FICHIER.zip",
    "No official pack: our own pack, core, judges alone. dmp-certify pack add FILE.zip",
)
_INTACT = Text("intact", "intact")
_ALTERED = Text("ALTÉRÉ", "ALTERED")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="take in the folder or zip that ANS publishes")
    add.add_argument("source", type=Path, metavar="DIR|ZIP")
    add.add_argument("--name", default="", help="default: the name of the folder or zip")
    listed = actions.add_parser("list", help="the packs that were added")
    listed.add_argument("--json", action="store_true", help="one JSON array on stdout")
    verify = actions.add_parser("verify", help="are the files still those that were added?")
    verify.add_argument("names", nargs="*", metavar="NAME", help="default: all")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 5 when a pack is not what was added."""
    actions = {"add": _add, "list": _list, "verify": _verify}
    return actions[options.action](options)


def _add(options: argparse.Namespace) -> int:
    from dmp_certify import packs

    info = packs.add(options.source, options.name)
    _tell(info, options.lang)
    for repair in info.repairs:
        what, done = getattr(repair.what, options.lang), getattr(repair.done, options.lang)
        print(f"  {repair.path}: {what} → {done}")
    return exits.CONFORMING


def _tell(info: PackInfo, lang: str) -> None:
    """One pack in a line, and the rules that run in Saxon."""
    print(getattr(info.summary(), lang))
    rules = info.saxon_rules()
    if rules is not None:
        print(f"  {getattr(rules, lang)}")


def _list(options: argparse.Namespace) -> int:
    from dmp_certify import packs

    held = packs.list_packs()
    if options.json:
        told = [
            {
                "name": info.name,
                "digest": info.digest,
                "added": info.added,
                "official": info.official,
                "rules": info.rules,
                "checks": info.checks,
                "saxon": info.saxon,
            }
            for info in held
        ]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif not held:
        print(getattr(_NONE, options.lang))
    else:
        for info in held:
            _tell(info, options.lang)
    return exits.CONFORMING


def _verify(options: argparse.Namespace) -> int:
    from dmp_certify import packs

    code = exits.CONFORMING
    for name in options.names or [info.name for info in packs.list_packs()]:
        found = packs.verify(name)
        print(f"{name}: {getattr(_INTACT if found.intact else _ALTERED, options.lang)}")
        for mark, files in (("≠", found.changed), ("-", found.missing), ("+", found.unexpected)):
            for file in files:
                print(f"  {mark} {file}")
        if not found.intact:
            code = exits.VERIFICATION_FAILED
    return code
