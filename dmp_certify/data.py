"""The only finder of the data files that ship with the suite."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dmp_certify.errors import SuiteError


@cache
def root() -> Path:
    """The folder that holds `profiles/` and `reports/schema/`: in the wheel, or the checkout."""
    package = Path(__file__).resolve().parent
    for candidate in (package / "_data", package.parent):
        if (candidate / "profiles").is_dir():
            return candidate
    raise SuiteError(
        f"data files not found: neither {package / '_data'} nor {package.parent} holds profiles/; "
        "reinstall the package"
    )


def path(*parts: str) -> Path:
    """A data file or folder below the root, e.g. `path("profiles", "alimentation.yaml")`."""
    found = root().joinpath(*parts)
    if not found.exists():
        raise SuiteError(f"data file missing: {found}; reinstall the package")
    return found
