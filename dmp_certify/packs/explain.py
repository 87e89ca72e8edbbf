"""Words an XSD failure that libxml2 words badly: xmlschema says what the value should be.

libxml2 gives the verdict; xmlschema, thirty times slower, is loaded only when a message of
libxml2 names a facet or a union and leaves the reader there.
"""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from dmp_certify.packs.verdict import XsdError

if TYPE_CHECKING:
    from dmp_certify.packs.compiled import CompiledPack

_BADLY_WORDED = re.compile(r"facet|not a valid value|union type|atomic type")
_LONGEST = 4_000_000


def explanations(
    pack: CompiledPack, data: bytes, errors: tuple[XsdError, ...]
) -> dict[XsdError, str]:
    """A clearer sentence for each error that needs one; none for those xmlschema cannot place."""
    unclear = [error for error in errors if _BADLY_WORDED.search(error.message)]
    if not unclear or pack.schema is None or len(data) > _LONGEST:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
        reasons = list(_reasons(pack, root))
        places = [(error, _at(root, error.path)) for error in unclear]
    except (etree.LxmlError, ValueError):
        return {}
    return {
        error: reason
        for error, place in places
        for element, reason in reversed(reasons)
        if place is not None and element is place
    }


def _at(root: etree._Element, path: str) -> Any:
    held = root.xpath(path) if path.startswith("/") else []
    return held[0] if isinstance(held, list) and held else None


def _reasons(pack: CompiledPack, root: etree._Element) -> Iterator[tuple[Any, str]]:
    import xmlschema

    try:
        for error in _schema(pack).iter_errors(root):
            if error.elem is not None and error.reason:
                yield error.elem, str(error.reason)
    except (xmlschema.XMLSchemaException, KeyError, RecursionError):
        return  # an unknown xsi:type stops xmlschema; what came before still serves


@lru_cache(maxsize=2)
def _schema(pack: CompiledPack) -> Any:
    """The pack's schema as xmlschema reads it, from files that are gone once it is built."""
    import xmlschema

    assert pack.schema is not None
    with tempfile.TemporaryDirectory(prefix="dmp-certify-xsd-") as folder:
        place = Path(folder).resolve()
        for name, content in pack.schema.files.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)

        def local(uri: str) -> str:
            inside = uri.removeprefix("pack:")  # xmlschema writes pack:/a as pack:///a
            return (place / inside.lstrip("/")).as_uri() if inside != uri else uri

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an import it cannot follow explains less, no more
            return xmlschema.XMLSchema(
                str(place / pack.schema.main), uri_mapper=local, validation="lax", allow="local"
            )
