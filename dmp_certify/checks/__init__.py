"""One file per fault; the path of the file is the id of the check."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from dmp_certify.catalogue.check import Check
from dmp_certify.errors import SuiteError


@cache
def load_all() -> tuple[Check, ...]:
    """Every check, in the order of their ids. Raises SuiteError on a file without its check."""
    found: list[Check] = []
    for module in pkgutil.walk_packages(__path__, __name__ + "."):
        slug = module.name.rpartition(".")[2]
        if module.ispkg or slug.startswith("_"):
            continue
        declared = getattr(importlib.import_module(module.name), slug, None)
        if not isinstance(declared, Check):
            raise SuiteError(f"{module.name}: no check named {slug}")
        found.append(declared)
    return tuple(sorted(found, key=lambda one: one.id))
