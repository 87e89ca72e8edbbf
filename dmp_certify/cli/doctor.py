"""`doctor`: can this computer run the suite?"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import shutil
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from dmp_certify import __version__
from dmp_certify.cli import exits
from dmp_certify.finding import Text

_LIBRARIES = (
    "cryptography",
    "h11",
    "jsonschema",
    "lxml",
    "reportlab",
    "rfc8785",
    "rich",
    "xmlschema",
    "xmlsec",
    "yaml",
)
_NEEDED_BYTES = 200 * 1024 * 1024
_VERDICT = {
    True: Text("Ce poste peut faire tourner la suite.", "This computer can run the suite."),
    False: Text("Corriger d'abord les lignes ✗.", "Mend the ✗ lines first."),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 when something is missing."""
    told = [_probe(name, look) for name, look in _PROBES.items()]
    fit = all(each["fit"] for each in told)
    if options.json:
        document = {"version": __version__, "fit": fit, "probes": told}
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for each in told:
            print(f"{'✓' if each['fit'] else '✗'} {each['name']:<12}{each['found']}")
        print(getattr(_VERDICT[fit], options.lang))
    return exits.CONFORMING if fit else exits.USAGE


def _probe(name: str, look: Callable[[], str]) -> dict[str, str | bool]:
    try:
        return {"name": name, "fit": True, "found": look()}
    except Exception as error:
        return {"name": name, "fit": False, "found": f"{type(error).__name__}: {error}"}


def _python() -> str:
    return f"{platform.python_version()}, {platform.system()}"


def _libraries() -> str:
    for name in _LIBRARIES:
        importlib.import_module(name)
    return f"{len(_LIBRARIES)} / {len(_LIBRARIES)}"


def _data() -> str:
    from dmp_certify import data
    from dmp_certify.catalogue import profiles
    from dmp_certify.checks import load_all

    loaded = [profiles.load(name).id for name in profiles.names()]
    return f"{data.root()}: {', '.join(loaded)}; {len(load_all())} checks"


def _tls() -> str:
    from dmp_certify.simulator.tls import SUITES

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(":".join(SUITES))
    offered = {suite["name"] for suite in context.get_ciphers()}
    missing = sorted(set(SUITES) - offered)
    if missing or not ssl.HAS_TLSv1_2:
        raise RuntimeError(f"{ssl.OPENSSL_VERSION} lacks {', '.join(missing) or 'TLS 1.2'}")
    return f"{ssl.OPENSSL_VERSION}, TLS 1.2, {len(SUITES)} suites"


def _home() -> str:
    from dmp_certify.report.identity import home, own

    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        signs = "signs" if own().exists else "no identity yet: made on the first run"
    return f"{folder} ({signs})"


def _disk() -> str:
    free = shutil.disk_usage(Path.cwd()).free
    if free < _NEEDED_BYTES or not os.access(Path.cwd(), os.W_OK):
        raise RuntimeError(f"{free // 2**20} MB free in {Path.cwd()}; 200 MB and write access")
    return f"{free // 2**20} MB free in {Path.cwd()}"


_PROBES: dict[str, Callable[[], str]] = {
    "python": _python,
    "libraries": _libraries,
    "data": _data,
    "tls": _tls,
    "home": _home,
    "disk": _disk,
}
