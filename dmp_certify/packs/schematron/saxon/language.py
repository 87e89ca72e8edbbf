"""What of a pack may reach Saxon: XPath 2 of which every token is known, and harmless functions.

A pack is untrusted. Its text is never handed over: it is cut into tokens by our own lexer, which
knows no XPath 3 (no `Q{}`, no `#`, no `=>`, no inline function, so no call that cannot be seen),
each call is looked up in the list below, and the tokens are written again. `doc()`, `document()`
and `doc-available()` become functions of our own stylesheet that see the pack and nothing else.
Whatever reads a file, a URI, the machine or its clock is not in the list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from dmp_certify.packs.schematron.cursor import FN, XML, XS
from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.lexer import Token, tokens
from dmp_certify.packs.schematron.saxon.reading import Source

MAX_TEXT = 50_000
MAX_TOKENS = 5_000
MAX_DEPTH = 60
MAX_SIGNS = 8
OURS = "_d"  # the prefix of the functions of our stylesheet
RESERVED = ("_x", OURS, "_e", "_m", "_s")
DOCUMENTS = {"doc": "doc", "document": "document", "doc-available": "available"}

# Function and most arguments. An argument that names a collation is one too many: a collation is
# a URI. No clock either: a verdict must be the same when it is derived again.
_ALLOWED = """
abs:1 avg:1 boolean:1 ceiling:1 codepoint-equal:2 codepoints-to-string:1 compare:2 concat:999
contains:2 count:1 current:0 data:1 dateTime:2 day-from-date:1 day-from-dateTime:1
days-from-duration:1 deep-equal:2 distinct-values:1 doc:1 doc-available:1 document:1 empty:1
encode-for-uri:1 ends-with:2 error:3 escape-html-uri:1 exactly-one:1 exists:1 false:0 floor:1
format-date:2 format-dateTime:2 format-number:2 format-time:2 generate-id:1 has-children:1 head:1
hours-from-dateTime:1 hours-from-duration:1 hours-from-time:1 id:1 idref:1 in-scope-prefixes:1
index-of:2 innermost:1 insert-before:3 iri-to-uri:1 lang:2 last:0 local-name:1
local-name-from-QName:1 lower-case:1 matches:3 max:1 min:1 minutes-from-dateTime:1
minutes-from-duration:1 minutes-from-time:1 month-from-date:1 month-from-dateTime:1
months-from-duration:1 name:1 namespace-uri:1 namespace-uri-for-prefix:2
namespace-uri-from-QName:1 nilled:1 node-name:1 normalize-space:1 normalize-unicode:2 not:1
number:1 one-or-more:1 outermost:1 path:1 position:0 prefix-from-QName:1 QName:2 remove:2
replace:4 resolve-QName:2 reverse:1 root:1 round:2 round-half-to-even:2 seconds-from-dateTime:1
seconds-from-duration:1 seconds-from-time:1 starts-with:2 string:1 string-join:2 string-length:1
string-to-codepoints:1 subsequence:3 substring:3 substring-after:2 substring-before:2 sum:2 tail:1
timezone-from-date:1 timezone-from-dateTime:1 timezone-from-time:1 tokenize:3 translate:3 true:0
unordered:1 upper-case:1 year-from-date:1 year-from-dateTime:1 years-from-duration:1 zero-or-one:1
"""
_FUNCTIONS = {name: int(most) for name, most in re.findall(r"(\S+):(\d+)", _ALLOWED)}
_KIND_TESTS = (
    "attribute comment document-node element empty-sequence item node processing-instruction text"
)
_OPERATORS = (
    "and as div else eq except ge gt idiv if in instance intersect is le lt mod ne of or return "
    "satisfies then to union"
)
_KINDS = frozenset(re.findall(r"\S+", _KIND_TESTS))
_WORDS = frozenset(re.findall(r"\S+", _OPERATORS))


class Phrase(NamedTuple):
    """An expression that may reach Saxon. `opens` are the arguments of its document calls: a
    string token, a variable, or None for anything else; `literal` its text when it is one."""

    text: str
    variables: frozenset[str]
    opens: tuple[Token | None, ...]
    literal: str | None
    words: frozenset[str]


def namespaces_of(declared: Mapping[str, str]) -> dict[str, str]:
    """The prefixes in scope, as our own parser has them."""
    found = {"xs": XS, "xsd": XS, "fn": FN, **declared}
    found.pop("xml", None)
    if any(prefix in RESERVED for prefix in found):
        raise Unsupported("a namespace prefix that the stylesheet for Saxon needs for itself")
    return {prefix: uri for prefix, uri in found.items() if prefix and uri}


def phrase(source: Source, namespaces: Mapping[str, str]) -> Phrase:
    """The expression rewritten for Saxon; `Unsupported` says what may not reach it."""
    if len(source.text) > MAX_TEXT:
        raise Unsupported(f"XPath of {len(source.text)} characters")
    items = tokens(source.text)[:-1]
    if len(items) > MAX_TOKENS:
        raise Unsupported(f"XPath of {len(items)} tokens")
    return _Writer(items, {**namespaces, "xml": XML}).run()


class _Writer:
    def __init__(self, items: list[Token], namespaces: Mapping[str, str]) -> None:
        self.items = items
        self.namespaces = namespaces
        self.opens: list[Token | None] = []
        self.open: list[tuple[str, int, int]] = []  # (function, most arguments, where it began)
        self.commas: list[int] = []
        after = pairwise(items)
        bound = {var.text for var, word in after if var.kind == "var" and word.text == "in"}
        self.bound = [item for item in items if item.kind == "var" and item.text in bound]

    def run(self) -> Phrase:
        text = " ".join(self._token(at, item) for at, item in enumerate(self.items))
        if self.open:
            raise Unsupported("a parenthesis without end")
        only = self.items[0] if len(self.items) == 1 else None
        return Phrase(
            text,
            frozenset(item.text for item in self.items if item.kind == "var"),
            tuple(self.opens),
            only.text if only is not None and only.kind == "string" else None,
            frozenset(i.text for i in self.items if i.kind in ("name", "axis", "symbol")),
        )

    def _near(self, at: int) -> tuple[str, str]:
        """Kind and text of a neighbour."""
        return self.items[at][:2] if 0 <= at < len(self.items) else ("", "")

    def _token(self, at: int, item: Token) -> str:
        if item.kind == "string":
            return '"' + item.text.replace('"', '""') + '"'
        if item.kind == "var":
            if ":" in item.text or self._near(at + 1) == ("symbol", "("):
                raise Unsupported(f"${item.text}: not a plain variable")
            return f"${item.text}"
        if item.kind == "wild":
            prefix = item.text.partition(":")[0]
            if prefix != "*":
                self._uri(prefix)
        elif item.kind == "name":
            return self._name(at, item.text)
        elif item.kind == "symbol":
            self._symbol(at, item.text)
        return item.text

    def _uri(self, prefix: str) -> str:
        if prefix not in self.namespaces:
            raise Unsupported(f"prefix {prefix!r} is not declared")
        return self.namespaces[prefix]

    def _name(self, at: int, text: str) -> str:
        prefix, _, local = text.rpartition(":")
        uri = self._uri(prefix) if prefix else ""
        if self._near(at + 1) != ("symbol", "("):
            return text
        if not prefix and (local in _KINDS or local in _WORDS):
            return text
        if uri == XS:
            return text
        if uri not in ("", FN) or local not in _FUNCTIONS:
            raise Unsupported(f"function {text}() is not run in Saxon")
        if local not in DOCUMENTS:
            return local
        argument = self.items[at + 2] if self._near(at + 3) == ("symbol", ")") else None
        known = argument is not None and argument.kind in ("string", "var")
        self.opens.append(argument if known and argument not in self.bound else None)
        return f"{OURS}:{DOCUMENTS[local]}"

    def _symbol(self, at: int, text: str) -> None:
        kind, before = self._near(at - 1)
        if text in ("(", "["):
            if text == "(" and kind == "symbol" and before in (")", "]", ".", "..", "?"):
                raise Unsupported("a call of a value")
            self._begin(at, text, before if text == "(" and kind == "name" else "")
        elif text in (")", "]"):
            self._end(at, text)
        elif text == "," and self.commas:
            self.commas[-1] += 1
        elif text == "$" or (text == "?" and before in ("(", ",", "")):
            raise Unsupported(f"unexpected {text!r}")
        elif text in ("+", "-"):
            run = self.items[max(0, at - MAX_SIGNS) : at]
            if len(run) == MAX_SIGNS and all(i.kind == "symbol" and i.text in "+-" for i in run):
                raise Unsupported("an expression nested too deeply")

    def _begin(self, at: int, text: str, name: str) -> None:
        local = name.rpartition(":")[2]
        most = 999
        if name and local not in _KINDS and local not in _WORDS:
            most = _FUNCTIONS.get(local, 1)
        self.open.append((local if text == "(" else "", most, at))
        self.commas.append(0)
        if len(self.open) > MAX_DEPTH:
            raise Unsupported("an expression nested too deeply")

    def _end(self, at: int, text: str) -> None:
        if not self.open:
            raise Unsupported(f"unexpected {text!r}")
        name, most, began = self.open.pop()
        if self.items[began].text != {")": "(", "]": "["}[text]:
            raise Unsupported(f"unexpected {text!r}")
        given = self.commas.pop() + (at > began + 1)
        if name and given > most:
            raise Unsupported(f"{name}() with {given} arguments is not run in Saxon")
