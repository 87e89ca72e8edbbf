"""One compiled schema, ready to run."""

from __future__ import annotations

import zlib
from types import CodeType
from typing import Any

from dmp_certify.packs.schematron.namespace import functions
from dmp_certify.packs.schematron.regex import compiled
from dmp_certify.packs.schematron.shapes import Resolver, asks_alone


class Program:
    """One compiled schema, ready to run. `data` is what the compiler wrote, `code` its module."""

    def __init__(self, data: dict[str, Any], code: CodeType, constants: dict[str, Any]) -> None:
        self.family: str = data["family"]
        self.file: str = data["file"]
        self.rules = data["rules"]
        self.patterns: list[str] = data["patterns"]
        self.checks: list[tuple[tuple[bool, str, str, str], ...]] = data["checks"]
        self._careful: list[bytes] = data["careful"]
        self._loaded: dict[int, dict[str, Any]] = {}
        self._alone: dict[int, bool] = {}
        self.space = functions()
        self.space.update(constants)
        for name, (pattern, flags) in data["regexes"].items():
            self.space[name] = _LazySearch(pattern, flags)
        exec(code, self.space)
        self.resolver = Resolver(self.rules)
        self.groups = data["groups"]

    def asks_alone(self, rule: int) -> bool:
        """Whether a rule, or its checks, ask whether the element has siblings of its name."""
        if rule not in self._alone:
            _, alternatives, _, body, _, _ = self.rules[rule]
            self._alone[rule] = any(
                asks_alone(static)
                for steps in alternatives
                for step in steps[:1]
                if step != "/"
                for static, _ in step[2]
            ) or any(
                asks_alone(formula) for _, checks, _ in self.groups[body] for _, formula in checks
            )
        return self._alone[rule]

    def careful(self, body: int) -> dict[str, Any]:
        """The careful functions of a body, compiled at the first use."""
        if body not in self._loaded:
            source = zlib.decompress(self._careful[body]).decode()
            space = dict(self.space)
            exec(compile(source, f"<{self.family} b{body}>", "exec"), space)
            self._loaded[body] = space
        return self._loaded[body]


class _LazySearch:
    """A pattern compiled when first used."""

    __slots__ = ("flags", "pattern", "search")

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern, self.flags = pattern, flags
        self.search: Any = None

    def __call__(self, text: str) -> Any:
        if self.search is None:
            self.search = compiled(self.pattern, self.flags).search
        return self.search(text)
