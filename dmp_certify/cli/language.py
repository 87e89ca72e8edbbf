"""French first: English is spoken when it is asked for."""

from __future__ import annotations

import os
import sys

LANGUAGES = ("fr", "en")


def language() -> str:
    """`--lang`, else DMP_CERTIFY_LANG, else the locale when it is English, else French."""
    for rank, word in enumerate(sys.argv):
        asked = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and rank + 1 < len(sys.argv):
            asked = sys.argv[rank + 1]
        if asked in LANGUAGES:
            return asked
    stated = os.environ.get("DMP_CERTIFY_LANG", "")
    if stated in LANGUAGES:
        return stated
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "en" if (locale or "").startswith("en") else "fr"
