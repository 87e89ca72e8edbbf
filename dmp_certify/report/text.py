"""Words on their way into a report: bounded, writable as UTF-8, in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dmp_certify.evidence.entry import JsonValue
from dmp_certify.finding import Text

# A product may put megabytes where a code is expected; its bytes stay whole in evidence.
LIMIT = 2000

_TRACE_PATH = re.compile(r'File "[^"\n]*?((?:dmp_certify|site-packages|lib)[/\\][^"\n]*)"')


def clean(text: str) -> str:
    """`text` without lone surrogates, at most LIMIT characters and a mark of what is left out."""
    sound = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if len(sound) <= LIMIT:
        return sound
    return f"{sound[:LIMIT]}… (+{len(sound) - LIMIT})"


def pair(text: Text) -> dict[str, JsonValue]:
    """A bilingual text as `report.json` holds it."""
    return {"fr": clean(text.fr), "en": clean(text.en)}


def bilingual(value: object) -> dict[str, JsonValue]:
    """The same for a value read from evidence: {fr, en}, or one string for both languages."""
    if isinstance(value, Mapping):
        fr, en = str(value.get("fr") or ""), str(value.get("en") or "")
        return pair(Text(fr or en, en or fr))
    return pair(Text.same("" if value is None else str(value)))


def trace(text: Text) -> Text:
    """A traceback without the folders of the machine it was made on.

    A replay elsewhere must give the same bytes, and a path is nobody's business.
    """
    return Text(*(_TRACE_PATH.sub(_relative, each) for each in text))


def _relative(found: re.Match[str]) -> str:
    path = found.group(1).replace("\\", "/")
    for marker in ("dmp_certify/", "site-packages/"):
        path = path[path.rfind(marker) :] if marker in path else path
    return f'File "{path}"'
