"""Tokens of the XPath 2 subset."""

from __future__ import annotations

import re
from typing import NamedTuple

from dmp_certify.packs.schematron.errors import Unsupported

_NCNAME = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<string>"(?:[^"]|"")*"|'(?:[^']|'')*')
      | (?P<double>(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+)
      | (?P<decimal>\d+\.\d*|\.\d+)
      | (?P<integer>\d+)
      | (?P<var>\$[ \t\r\n]*NC(?::NC)?)
      | (?P<wild>\*:NC|NC:\*(?!\*))
      | (?P<axis>NC(?=[ \t\r\n]*::))
      | (?P<name>NC:(?!:)NC|NC)
      | (?P<symbol>::|//|<=|>=|!=|<<|>>|\.\.|[()\[\],./@|=<>+\-*?$])
    """.replace("NC", _NCNAME),
    re.VERBOSE,
)


MAX_NUMBER = 100


class Token(NamedTuple):
    """`kind` is a group of the scanner; `text` is the token without quotes or `$`."""

    kind: str
    text: str
    at: int


def tokens(source: str) -> list[Token]:
    """The tokens of `source`; `Unsupported` on a character that starts none.

    XPath comments `(: … :)` are removed first, nested ones too.
    """
    source = _without_comments(source)
    found: list[Token] = []
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise Unsupported(f"unexpected character {source[at]!r} in XPath {source!r}")
        kind = match.lastgroup or ""
        text = match.group()
        if len(text) > MAX_NUMBER and kind in ("integer", "decimal", "double"):
            raise Unsupported("a number too long")
        if kind == "string":
            text = text[1:-1].replace(text[0] * 2, text[0])
        elif kind == "var":
            text = text[1:].strip(" \t\r\n")
        if kind != "space":
            found.append(Token(kind, text, at))
        at = match.end()
    found.append(Token("end", "", len(source)))
    return found


def _without_comments(source: str) -> str:
    if "(:" not in source:
        return source
    out: list[str] = []
    depth = at = 0
    quote = ""
    while at < len(source):
        pair = source[at : at + 2]
        if not quote and pair == "(:":
            depth, at = depth + 1, at + 2
            continue
        if not quote and depth and pair == ":)":
            depth, at = depth - 1, at + 2
            out.append(" ")
            continue
        if not depth:
            char = source[at]
            quote = "" if char == quote else (quote or (char if char in "'\"" else ""))
            out.append(char)
        at += 1
    if depth:
        raise Unsupported(f"comment without end in XPath {source!r}")
    return "".join(out)
