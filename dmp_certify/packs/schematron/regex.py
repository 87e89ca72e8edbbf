"""XPath 2 regular expressions in terms of Python's.

The two differ where it matters: `\\s` is four characters, `\\w` leaves punctuation out, `.` stops
at a carriage return too, `$` never stands before a last line feed, and look-around does not exist.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from dmp_certify.packs.schematron.errors import XPathFault

_SPACE = r" \t\n\r"
_NAME_START = (
    r":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHAR = _NAME_START + r"\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PLAIN_ESCAPES = frozenset("\\|.-^?*+{}()[]$nrt")


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str = "") -> re.Pattern[str]:
    """The Python pattern that matches as XPath says; FORX0001/FORX0002 when there is none."""
    options = 0
    for flag in flags:
        if flag not in "smix":
            raise XPathFault("FORX0001", f"unknown regular expression flag {flag!r}")
    if "i" in flags:
        options |= re.IGNORECASE
    if "x" in flags:
        pattern = re.sub(r"[ \t\n\r]", "", pattern)
    try:
        return re.compile(_Translator(pattern, flags).text(), options)
    except (re.error, OverflowError) as fault:
        raise XPathFault("FORX0002", f"invalid regular expression {pattern!r}: {fault}") from None


@lru_cache(maxsize=64)
def _category(name: str) -> str:
    """The members of a Unicode category (`L`, `Lu`…) as the inside of a character class."""
    return _ranges(lambda c: unicodedata.category(c).startswith(name))


@lru_cache(maxsize=1)
def _word() -> str:
    return _ranges(lambda c: unicodedata.category(c)[0] not in "PZC")


def _ranges(inside: Callable[[str], bool]) -> str:
    parts: list[str] = []
    start = -1
    for code in range(sys.maxunicode + 2):
        hit = code <= sys.maxunicode and inside(chr(code))
        if hit and start < 0:
            start = code
        elif not hit and start >= 0:
            parts.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = -1
    return "".join(parts)


class _Translator:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"
        self.start, self.end = (
            (r"(?m:^)(?!\Z(?<=\n))", r"(?=\n|\Z)") if "m" in flags else (r"\A", r"\Z")
        )
        self.quantified = True

    def bad(self, what: str) -> XPathFault:
        return XPathFault("FORX0002", f"invalid regular expression {self.pattern!r}: {what}")

    def text(self) -> str:
        out: list[str] = []
        self.quantified = True
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            self.at += 1
            out.append(self._one(char))
        return "".join(out)

    def _one(self, char: str) -> str:
        if char in "?*+{":
            return self._quantifier(char)
        before, self.quantified = self.quantified, False
        if char == "\\":
            return self._escape(False)
        if char == "[":
            return self._class()
        if char == ".":
            return self.dot
        if char == "^":
            self.quantified = before
            return f"(?:{self.start})"
        if char == "$":
            return f"(?:{self.end})"
        if char in "}]":
            raise self.bad(f"{char!r} out of place")
        if char == "(":
            self.quantified = True
            return self._group()
        if char == "|":
            self.quantified = True
            return "|"
        return char if char == ")" else re.escape(char)

    def _group(self) -> str:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            return "(?:"
        if self.pattern.startswith("?", self.at):
            raise self.bad("look-around does not exist in XPath")
        return "("

    def _quantifier(self, char: str) -> str:
        if self.quantified and not (self.at >= 2 and self.pattern[self.at - 2] == "^"):
            raise self.bad("nothing to repeat")
        text = char
        if char == "{":
            match = re.compile(r"\d+(,\d*)?\}", re.ASCII).match(self.pattern, self.at)
            if match is None:
                raise self.bad("malformed {…}")
            text, self.at = "{" + match.group(), match.end()
        if self.pattern.startswith("?", self.at):
            self.at += 1
            text += "?"
        self.quantified = True
        return text

    def _escape(self, inside: bool) -> str:
        if self.at >= len(self.pattern):
            raise self.bad("lone backslash")
        char = self.pattern[self.at]
        self.at += 1
        if char in _PLAIN_ESCAPES:
            return "\\" + char
        if char in "123456789" and not inside:
            return f"(?:\\{char})"
        if char in "pP":
            return self._property(char, inside)
        classes: dict[str, Callable[[], str]] = {
            "s": lambda: _SPACE,
            "d": lambda: r"\d",
            "w": _word,
            "i": lambda: _NAME_START,
            "c": lambda: _NAME_CHAR,
        }
        if char.lower() not in classes:
            raise self.bad(f"unknown escape \\{char}")
        members = classes[char.lower()]()
        if char.isupper():
            if inside:
                raise self.bad(f"\\{char} inside a class is not supported")
            return f"[^{members}]"
        return members if inside else f"[{members}]"

    def _property(self, char: str, inside: bool) -> str:
        match = re.compile(r"\{([A-Z][a-z]?)\}").match(self.pattern, self.at)
        if match is None or (char == "P" and inside):
            raise self.bad("unsupported character property")
        self.at = match.end()
        members = _category(match.group(1))
        if inside:
            return members
        return f"[{'^' if char == 'P' else ''}{members}]"

    def _class(self) -> str:
        out = ["["]
        if self.pattern.startswith("^", self.at):
            self.at += 1
            out.append("^")
        first = True
        while True:
            if self.at >= len(self.pattern):
                raise self.bad("class without end")
            char = self.pattern[self.at]
            self.at += 1
            if char == "]" and not first:
                return "".join(out) + "]"
            if char == "[" or (char == "-" and self.pattern.startswith("[", self.at)):
                raise self.bad("class subtraction is not supported")
            if char == "\\":
                out.append(self._escape(True))
            else:
                out.append(char if char == "-" else re.escape(char))
            first = False
