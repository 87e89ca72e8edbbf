"""HTML made of escaped strings: text enters a page through here and nowhere else."""

from __future__ import annotations

import html
import re
from typing import TypeAlias

from dmp_certify.finding import Text

# Control characters are illegal in HTML and XML: each is shown as its code.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Direction overrides would let a message show its lines in another order than they stand.
_BIDI = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_VOID = frozenset({"meta", "input", "br", "link"})


class Markup(str):
    """A string that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "str | Text | None"


def visible(text: str) -> str:
    """`text` with control and direction characters replaced by their codes."""
    return _BIDI.sub(_code, _CONTROL.sub(_code, text))


def _code(found: re.Match[str]) -> str:
    return f"‹{ord(found.group()):02X}›"


def escape(text: str) -> Markup:
    """`text` as HTML; Markup passes."""
    return text if isinstance(text, Markup) else Markup(html.escape(visible(text)))


def both(text: Text, tag: str = "span") -> Markup:
    """A bilingual text: one element per language, or the bare text when they read alike."""
    if text.fr == text.en:
        return escape(text.fr) if tag == "span" else h(tag, text.fr)
    return Markup(h(tag, text.fr, lang="fr") + h(tag, text.en, lang="en"))


def h(tag: str, *children: Child, **attributes: str | None) -> Markup:
    """An element. `class_` is `class`, `for_` is `for`; None leaves an attribute or child out."""
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{shown}>")
    inside = "".join(
        both(child) if isinstance(child, Text) else escape(child)
        for child in children
        if child is not None
    )
    return Markup(f"<{tag}{shown}>{inside}</{tag}>")


def join(*parts: str) -> Markup:
    """Some pieces, one after the other."""
    return Markup("".join(escape(part) for part in parts))
