"""What goes wrong when a pack is compiled, and when a rule is evaluated."""

from __future__ import annotations

from dmp_certify.errors import PackError


class Unsupported(Exception):
    """A construct outside the supported language. The loader adds file and line."""


class PackRefused(PackError):
    """A pack cannot be compiled: where (file and line), what, and what to do."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")
        self.file = file
        self.line = line
        self.what = what


class XPathFault(Exception):
    """A dynamic error of XPath 2 (for example FORG0006): it aborts a whole Schematron."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.what = what
