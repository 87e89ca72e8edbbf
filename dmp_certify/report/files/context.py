"""What stands in the document where a Schematron rule fails, and the valid codes nearest to it."""

from __future__ import annotations

import re
from functools import cached_property

from dmp_certify.finding import Text
from dmp_certify.packs import values
from dmp_certify.wire.message import Unreadable
from dmp_certify.wire.xml import Element, parse

_STEP = re.compile(r"(?:[\w.-]+:)?([\w.-]+)(\[\d+\])?")
_LONGEST = 200


class Context:
    """The document behind a verdict; read at the first question."""

    def __init__(self, data: bytes, name: str, pack: str) -> None:
        self._data = data
        self._name = name
        self._pack = pack

    @cached_property
    def _root(self) -> Element | None:
        try:
            return parse(self._data, self._name)
        except Unreadable:
            return None

    def element(self, location: str) -> Element | None:
        """The element at a Schematron location (`/ClinicalDocument/author[2]`), or None."""
        if self._root is None:
            return None
        steps = [
            f"*[local-name()='{found[1]}']{found[2] or ''}"
            for step in location.strip("/").split("/")
            if (found := _STEP.fullmatch(step))
        ]
        if not steps:
            return None
        # The location counts twins of one name, as `name[n]` does in the document's namespace.
        return self._root.first("/" + "/".join(steps))

    def path(self, location: str) -> str:
        """The location of an XSD error (`/*/*[3]`) with the names of its elements."""
        found = self._root.first(location) if self._root and location.startswith("/*") else None
        return found.place.path if found is not None else location

    def observed(self, location: str) -> Text:
        """The start tag at the location, as the reader would write it."""
        found = self.element(location)
        if found is None:
            return Text.same("")
        attributes = "".join(
            f' {key.rpartition("}")[2]}="{value}"' for key, value in found.attributes().items()
        )
        tag = f"<{found.name[1]}{attributes}>"
        return Text.same(tag if len(tag) <= _LONGEST else tag[: _LONGEST - 1] + "…")

    def expected(self, location: str, value_set: str) -> Text:
        """The value set, and the codes in it nearest to the one that stands there."""
        found = self.element(location)
        known = values.codes(self._pack, value_set)
        french, english = f"un code de {value_set}", f"a code of {value_set}"
        if found is None or not known:
            return Text(french, english)
        near = values.nearest(known, found.get("code") or "", found.get("displayName") or "")
        said = ", ".join(f"{one.code} « {one.display} » ({one.system})" for one in near)
        if not said:
            return Text(f"{french} ({len(known)} codes)", f"{english} ({len(known)} codes)")
        return Text(f"{french} ; les plus proches : {said}", f"{english}; nearest: {said}")
