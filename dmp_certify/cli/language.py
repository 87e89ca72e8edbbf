"""French first: English is spoken when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence

LANGUAGES = ("fr", "en")
_chosen = ""


def choose(asked: str) -> None:
    """Speak `asked` from here on; what the environment says when it is empty."""
    global _chosen
    _chosen = asked


def language() -> str:
    """`--lang`, else DMP_CERTIFY_LANG, else the locale when it is English, else French."""
    stated = _chosen or os.environ.get("DMP_CERTIFY_LANG", "")
    if stated in LANGUAGES:
        return stated
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "en" if (locale or "").startswith("en") else "fr"


def spoken(fr: str, en: str) -> str:
    """The sentence in the language of this command line."""
    return en if language() == "en" else fr


def without_language(words: Sequence[str]) -> tuple[list[str], str]:
    """The words without `--lang`, which may stand anywhere, and the language it names (or "")."""
    left: list[str] = []
    asked = ""
    rest = iter(words)
    for word in rest:
        if word == "--lang":
            asked = next(rest, "?")
        elif word.startswith("--lang="):
            asked = word.partition("=")[2] or "?"
        else:
            left.append(word)
    return left, asked
