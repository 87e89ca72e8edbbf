"""The place where the parser stands: tokens to come and namespaces in scope."""

from __future__ import annotations

from collections.abc import Mapping

from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.lexer import Token, tokens

XS = "http://www.w3.org/2001/XMLSchema"
FN = "http://www.w3.org/2005/xpath-functions"
XML = "http://www.w3.org/XML/1998/namespace"


class Cursor:
    """The tokens being read and the namespaces in scope."""

    def __init__(self, source: str, namespaces: Mapping[str, str]) -> None:
        self.source = source
        self.items = tokens(source)
        self.at = 0
        self.depth = 0
        self.namespaces = {"xs": XS, "xsd": XS, "fn": FN, "xml": XML, **namespaces}

    @property
    def now(self) -> Token:
        return self.items[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.items[min(self.at + ahead, len(self.items) - 1)]

    def take(self) -> Token:
        token = self.now
        self.at += token.kind != "end"  # an expression that stops short is refused, not overrun
        return token

    def symbol(self, *texts: str) -> bool:
        """Take the symbol when it is one of `texts`."""
        if self.now.kind == "symbol" and self.now.text in texts:
            self.at += 1
            return True
        return False

    def word(self, *texts: str) -> bool:
        if self.now.kind == "name" and self.now.text in texts:
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.symbol(text):
            raise self.error(f"{text!r} expected")

    def error(self, what: str) -> Unsupported:
        near = self.now.text or "the end"
        return Unsupported(f"{what} near {near!r} in XPath {self.source!r}")

    def uri(self, prefix: str) -> str:
        if prefix not in self.namespaces:
            raise self.error(f"prefix {prefix!r} is not declared")
        return self.namespaces[prefix]
