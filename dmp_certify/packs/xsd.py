"""The XML schema of a pack: libxml2 decides, and two holes of it are closed here.

libxml2 accepts an IDREF without its ID, and miscounts in a pattern that mixes alternatives and
counted repetitions. The first is checked here; for the second, each pattern is given to libxml2
as one facet per alternative, which XML Schema defines as the same thing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

from lxml import etree

from dmp_certify.errors import PackError
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.schematron.errors import PackRefused, Unsupported
from dmp_certify.packs.schematron.loader import line_of, read_xml
from dmp_certify.packs.schematron.nodes import Document, location
from dmp_certify.packs.verdict import XsdError

XS = "{http://www.w3.org/2001/XMLSchema}"
_LINKS = (f"{XS}include", f"{XS}import", f"{XS}redefine")
MAX_FACETS = 64


def collect(files: PackFiles, name: str) -> dict[str, bytes]:
    """The schema files that `name` brings together, patterns rewritten; none outside the pack."""
    found: dict[str, bytes] = {}
    waiting = [name]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        root = read_xml(files, path)
        for link in root.iter(*_LINKS):
            href = link.get("schemaLocation")
            if href is None:
                continue
            if link.get("namespace") == XS.strip("{}"):
                del link.attrib["schemaLocation"]  # built in: the file adds nothing
                continue
            try:
                target = files.find(posixpath.dirname(path), href)
            except PackError as fault:
                raise PackRefused(path, line_of(link), str(fault)) from None
            if target is None:
                raise PackRefused(path, line_of(link), f"schema {href!r} is not in the pack")
            link.set("schemaLocation", f"pack:/{target}")
            waiting.append(target)
        for pattern in list(root.iter(f"{XS}pattern")):
            _spread(pattern)
        found[path] = etree.tostring(root)
    return found


def _spread(pattern: etree._Element) -> None:
    """One facet per alternative, when the pattern has both alternatives and counters."""
    value = pattern.get("value", "")
    if "|" not in value or "{" not in value:
        return
    try:
        parts = alternatives(value)
    except Unsupported:
        return
    parent = pattern.getparent()
    if parent is None or len(parts) < 2:
        return
    at = parent.index(pattern)
    pattern.set("value", parts[0])
    for offset, part in enumerate(parts[1:], 1):
        extra = etree.Element(f"{XS}pattern", value=part)
        parent.insert(at + offset, extra)


def alternatives(pattern: str) -> list[str]:
    """Patterns whose union is `pattern`: alternatives at the top and in plain groups."""
    out: list[str] = []
    for branch in _split(pattern):
        group = _plain_group(branch)
        if group is None:
            out.append(branch)
            continue
        start, end = group
        for inner in _split(branch[start + 1 : end]):
            out += alternatives(f"{branch[:start]}({inner}){branch[end + 1 :]}")
        if len(out) > MAX_FACETS:
            raise Unsupported("too many alternatives")
    return out


def _scan(pattern: str) -> Iterable[tuple[int, str]]:
    """The characters that structure a pattern: escapes and classes are skipped."""
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
            continue
        if char == "[":
            depth = 0
            while at < len(pattern):
                if pattern[at] == "\\":
                    at += 1
                elif pattern[at] == "[":
                    depth += 1
                elif pattern[at] == "]":
                    depth -= 1
                    if depth == 0:
                        break
                at += 1
        else:
            yield at, char
        at += 1


def _split(pattern: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for at, char in _scan(pattern):
        if char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
    return [*parts, pattern[start:]]


def _plain_group(pattern: str) -> tuple[int, int] | None:
    """The first group at the top that has alternatives and is not repeated."""
    depth = start = 0
    for at, char in _scan(pattern):
        if char == "(":
            if depth == 0:
                start = at
            depth += 1
        elif char == ")":
            depth -= 1
            repeated = pattern[at + 1 : at + 2] in tuple("?*+{")
            if depth == 0 and not repeated and len(_split(pattern[start + 1 : at])) > 1:
                return start, at
    return None


class _PackResolver(etree.Resolver):
    """Gives libxml2 the schema files from memory, and nothing from anywhere else."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self.files = files

    def resolve(  # type: ignore[override]
        self, url: str | None, public: str | None, context: Any
    ) -> Any:
        data = self.files.get((url or "").removeprefix("pack:/"))
        if data is None:
            raise PackError(f"schema {url!r} is not in the pack")
        return self.resolve_string(data, context, base_url=url)


class Schema:
    """The schema of a pack, compiled when first needed."""

    def __init__(self, files: dict[str, bytes], main: str) -> None:
        self.files = files
        self.main = main
        self._schema: etree.XMLSchema | None = None
        self.ids, self.references = (frozenset(found) for found in _identifiers(files))

    def compile(self) -> etree.XMLSchema:
        """The libxml2 schema; `PackRefused` when it is not a valid one."""
        if self._schema is None:
            parser = etree.XMLParser(no_network=True, resolve_entities=False)
            parser.resolvers.add(_PackResolver(self.files))
            root = etree.fromstring(self.files[self.main], parser, base_url=f"pack:/{self.main}")
            try:
                self._schema = etree.XMLSchema(root)
            except etree.XMLSchemaParseError as fault:
                raise PackRefused(self.main, 0, f"not a valid XML schema: {fault}") from None
        return self._schema

    def errors(self, root: etree._Element) -> tuple[XsdError, ...]:
        """The errors of the document that libxml2 sees, in document order."""
        schema = self.compile()
        found: list[XsdError] = []
        if not schema.validate(root):
            found = [XsdError(e.line, e.path or "", e.message) for e in list(schema.error_log)]  # type: ignore[call-overload]
        return tuple(found)

    def dangling(self, doc: Document) -> tuple[XsdError, ...]:
        """References to an identifier that no element bears: libxml2 lets them through."""
        asked = [
            (node, name, word)
            for node in doc.bearing(self.references)
            for name in self.references
            if name in node[1]
            for word in node[1][name].split()
        ]
        if not asked:
            return ()
        bearers = doc.bearing(self.ids)
        known = {n[1][name].strip() for n in bearers for name in self.ids if name in n[1]}
        return tuple(
            XsdError(
                node[7].sourceline,
                location(node),
                f"attribute '{name}': there is no ID '{word}' in the document (IDREF)",
            )
            for node, name, word in asked
            if word not in known
        )


def _identifiers(files: dict[str, bytes]) -> tuple[set[str], set[str]]:
    """The attribute names that the schema types as ID, and as IDREF or IDREFS, and only so."""
    kinds: dict[str, set[str]] = {}
    for data in files.values():
        for item in etree.fromstring(data).iter(f"{XS}attribute"):
            name, kind = item.get("name"), (item.get("type") or "").rpartition(":")[2]
            if name:
                kinds.setdefault(name, set()).add(kind)
    ids = {name for name, kind in kinds.items() if kind == {"ID"}}
    references = {name for name, kind in kinds.items() if kind and kind <= {"IDREF", "IDREFS"}}
    return ids, references
