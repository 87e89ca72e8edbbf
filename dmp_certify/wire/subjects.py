"""All view modules in one place: importing this declares every reader."""

from __future__ import annotations

import importlib
import pkgutil

from dmp_certify import wire


def declare_readers() -> None:
    """Import every module of `wire`, so that each view has its reader."""
    for module in pkgutil.iter_modules(wire.__path__, wire.__name__ + "."):
        importlib.import_module(module.name)
