"""`init`: write a `sut.toml` and an adapter that runs at once."""

from __future__ import annotations

import argparse
from pathlib import Path

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text

_NEXT = Text(
    "Compléter ces deux fichiers, puis : dmp-certify run alimentation --sut {}",
    "Complete both files, then: dmp-certify run alimentation --sut {}",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="default: here")
    parser.add_argument("--shell", action="store_true", help="an adapter in sh, not in Python")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 when a file is already there."""
    from dmp_certify.drivers import stub

    settings, script = stub.SUT_TOML, stub.ADAPTER_STUB
    adapter = options.folder / "adapter.py"
    if options.shell:
        adapter, script = options.folder / "adapter.sh", stub.SHELL_STUB
        settings = settings.replace('["python3", "adapter.py"]', '["sh", "adapter.sh"]')
    sut = options.folder / "sut.toml"
    for file in (sut, adapter):
        if file.exists():
            raise ConfigurationError(f"{file} exists and is kept; name another folder")
    try:
        options.folder.mkdir(parents=True, exist_ok=True)
        sut.write_text(settings, "utf-8")
        adapter.write_text(script, "utf-8")
        adapter.chmod(0o755)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write in {options.folder} ({error.strerror}); name another folder"
        ) from error
    print(f"{sut}\n{adapter}\n{getattr(_NEXT, options.lang).format(sut)}")
    return exits.CONFORMING
