"""Writes XML from the product's own values: elements as nested calls, everything escaped once."""

from __future__ import annotations


class Xml(str):
    """Markup that is already escaped."""

    __slots__ = ()


Content = str | None


def text(value: str) -> Xml:
    """Character data."""
    if isinstance(value, Xml):
        return value
    return Xml(
        value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
    )


def _attribute(value: str) -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return escaped.replace("\t", "&#x9;").replace("\n", "&#xA;").replace("\r", "&#xD;")


def el(tag: str, /, *content: Content, **attributes: str | None) -> Xml:
    """`<tag a="b">content</tag>`; None is left out.

    Plain strings are escaped, `Xml` is kept. In attribute names `__` stands for `:` and a trailing
    `_` is dropped (`class_`, `xsi__type`); `xmlns` comes out as given. Start and end tags are
    always both written and attributes keep their order, so that a caller who orders them as
    Canonical XML does gets canonical bytes.
    """
    parts = [
        f' {name.rstrip("_").replace("__", ":")}="{_attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    ]
    inner = "".join(text(piece) for piece in content if piece is not None)
    return Xml(f"<{tag}{''.join(parts)}>{inner}</{tag}>")


def join(pieces: list[Xml]) -> Xml:
    """Several pieces of markup as one."""
    return Xml("".join(pieces))


def document(root: Xml) -> bytes:
    """A whole document in UTF-8 with its declaration."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + root.encode()
