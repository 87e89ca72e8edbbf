"""Reads a Schematron schema: inclusion, phases, abstract patterns and rules."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from dmp_certify.errors import PackError
from dmp_certify.finding import Text
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.schematron.errors import PackRefused
from dmp_certify.packs.schematron.model import Check, Let, Pattern, Rule, Schema
from dmp_certify.packs.schematron.saxon.reading import Read, strict
from dmp_certify.packs.schematron.syntax import Expr

ISO = "{http://purl.oclc.org/dsdl/schematron}"
MAX_INCLUDES = 40
MAX_ITEMS = 400_000
MAX_CHECKS = 20_000
MAX_TEXT = 200_000
_SILENT = frozenset({"title", "p", "param", "phase", "ns", "diagnostics", "properties"})
Expand = Callable[[str], str]


@dataclass(slots=True, eq=False)
class Item:
    """One Schematron element with the file it comes from; inclusions are already in place."""

    name: str
    element: etree._Element
    file: str
    children: list[Item] = field(default_factory=list)

    def get(self, key: str) -> str:
        return self.element.get(key, "")

    @property
    def line(self) -> int:
        return line_of(self.element)

    def named(self, name: str) -> Iterator[Item]:
        return (child for child in self.children if child.name == name)

    def walk(self) -> Iterator[Item]:
        yield self
        for child in self.children:
            yield from child.walk()


def line_of(element: etree._Element) -> int:
    """The line of an element, 0 when unknown."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def read_xml(files: PackFiles, name: str) -> etree._Element:
    """The root element of a file of the pack; no entity and no network is ever followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(files.read(name), parser)
    except etree.XMLSyntaxError as fault:
        raise PackRefused(name, fault.lineno or 0, f"not well-formed XML: {fault.msg}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise PackRefused(name, 1, "a DOCTYPE is not accepted in a pack file")
    return root


def read_tree(files: PackFiles, name: str) -> Item:
    """The schema file `name` with every inclusion in its place."""
    return _item(files, read_xml(files, name), name, (name,), [MAX_ITEMS])


def _item(
    files: PackFiles,
    element: etree._Element,
    file: str,
    trail: tuple[str, ...],
    budget: list[int],
) -> Item:
    budget[0] -= 1
    if budget[0] < 0:
        raise PackRefused(file, line_of(element), "inclusions that grow without end")
    item = Item(str(element.tag).removeprefix(ISO), element, file)
    for child in element:
        if not isinstance(child.tag, str) or not child.tag.startswith(ISO):
            if isinstance(child.tag, str) and item.name in ("schema", "pattern", "rule"):
                raise PackRefused(file, line_of(child), f"<{child.tag}> is not supported")
            continue
        if child.tag == f"{ISO}include":
            included = _included(files, child, file, trail, budget)
            if included is not None:
                item.children.append(included)
        else:
            item.children.append(_item(files, child, file, trail, budget))
    return item


def _included(
    files: PackFiles,
    element: etree._Element,
    file: str,
    trail: tuple[str, ...],
    budget: list[int],
) -> Item | None:
    href = element.get("href", "")
    line = line_of(element)
    if "#" in href:
        raise PackRefused(file, line, f"include of a fragment ({href!r}) is not supported")
    try:
        found = files.find(posixpath.dirname(file), href)
    except PackError as fault:
        raise PackRefused(file, line, str(fault)) from None
    if found is None:
        files.repair(
            "include",
            f"{file} → {href}",
            Text(
                f"{file}, ligne {line} : l'inclusion « {href} » ne mène à aucun fichier",
                f"{file}, line {line}: the include “{href}” leads to no file",
            ),
            Text(
                "laissée vide : les règles de ce fichier ne sont pas démontrées",
                "left empty: the rules of that file are not demonstrated",
            ),
        )
        return None
    if found in trail or len(trail) > MAX_INCLUDES:
        raise PackRefused(file, line, f"include {href!r} turns in a circle or is too deep")
    root = read_xml(files, found)
    if not str(root.tag).startswith(ISO) or root.tag == f"{ISO}schema":
        raise PackRefused(file, line, f"include {href!r} must lead to a fragment, not a schema")
    return _item(files, root, found, (*trail, found), budget)


def load_schema(files: PackFiles, name: str, family: str, read: Read = strict) -> Schema:
    """The schema of `name`, expanded and parsed; `PackRefused` gives file and line."""
    top = read_tree(files, name)
    if top.name != "schema":
        raise PackRefused(name, top.line, "the root element is not a Schematron schema")
    if top.get("queryBinding") not in ("xslt2", "xpath2"):
        raise PackRefused(name, top.line, f"query binding {top.get('queryBinding')!r}, not xslt2")
    schema = Schema(family, name, posixpath.dirname(name))
    for ns in top.named("ns"):
        schema.namespaces[ns.get("prefix")] = ns.get("uri")
    _Reader(schema, top, read).read()
    return schema


class _Reader:
    """Turns the items of one schema into its model."""

    def __init__(self, schema: Schema, top: Item, parse: Read) -> None:
        self.schema = schema
        self.top = top
        self.parse = parse
        everything = list(top.walk())
        self.rules = {i.get("id"): i for i in reversed(everything) if i.name == "rule"}
        self.patterns = {i.get("id"): i for i in reversed(everything) if i.name == "pattern"}

    def read(self) -> None:
        active = self._active()
        for item in self.top.children:
            if item.name == "let":
                self.schema.globals.append(self._let(item, str))
            elif item.name == "pattern":
                if item.get("abstract") == "true":
                    continue
                if active is None or item.get("id") in active:
                    self._pattern(item)
            elif item.name not in _SILENT:
                raise PackRefused(item.file, item.line, f"<{item.name}> is not supported here")

    def _active(self) -> set[str] | None:
        phase = self.top.get("defaultPhase").strip()
        if phase in ("", "#ALL"):
            return None
        for item in self.top.named("phase"):
            if item.get("id") == phase:
                return {active.get("pattern") for active in item.named("active")}
        raise PackRefused(
            self.top.file, self.top.line, f"default phase {phase!r} is not defined in the schema"
        )

    def _pattern(self, item: Item) -> None:
        source = item
        expand: Expand = _same
        if item.get("documents"):
            raise PackRefused(item.file, item.line, "pattern/@documents is not supported")
        if item.get("is-a"):
            found = self.patterns.get(item.get("is-a"))
            if found is None:
                raise PackRefused(item.file, item.line, f"no pattern {item.get('is-a')!r}")
            source, expand = found, _macro(item)
        pattern = Pattern(item.get("id"))
        for child in source.children:
            if child.name == "let":
                self.schema.globals.append(self._let(child, str))
            elif child.name == "rule":
                if child.get("abstract") != "true":
                    pattern.rules.append(self._rule(child, source, expand))
            elif child.name not in _SILENT:
                raise PackRefused(child.file, child.line, f"<{child.name}> is not supported here")
        self.schema.patterns.append(pattern)

    def _rule(self, item: Item, pattern: Item, expand: Expand) -> Rule:
        context = expand(item.get("context"))
        body: list[Let | Check] = []
        self._body(item, pattern, expand, body, ())
        tree = self._parse(item, "context", context)
        return Rule(tree, context, tuple(body), item.file, item.line)

    def _body(
        self,
        item: Item,
        pattern: Item,
        expand: Expand,
        out: list[Let | Check],
        trail: tuple[str, ...],
    ) -> None:
        if len(out) > MAX_CHECKS:
            raise PackRefused(item.file, item.line, "a rule that extends others without end")
        for child in item.children:
            if child.name == "let":
                out.append(self._let(child, str))
            elif child.name in ("assert", "report"):
                out.append(self._check(child, expand))
            elif child.name == "extends":
                name = child.get("rule")
                local = {r.get("id"): r for r in reversed(list(pattern.named("rule")))}
                base = local.get(name) or self.rules.get(name)
                if base is None or name in trail:
                    raise PackRefused(child.file, child.line, f"extends {name!r}: no such rule")
                self._body(base, pattern, expand, out, (*trail, name))
            elif child.name not in _SILENT:
                raise PackRefused(child.file, child.line, f"<{child.name}> is not supported here")

    def _let(self, item: Item, expand: Expand) -> Let:
        if "value" not in item.element.attrib:
            raise PackRefused(item.file, item.line, "a let without @value is not supported")
        value = self._parse(item, "value", expand(item.get("value")))
        return Let(item.get("name").strip(), value)

    def _check(self, item: Item, expand: Expand) -> Check:
        if item.get("subject"):
            raise PackRefused(item.file, item.line, "@subject is not supported")
        test = self._parse(item, "test", expand(item.get("test")))
        return Check(
            item.name == "report",
            test,
            item.get("role"),
            tuple(self._message(item, item.element, expand)),
            item.get("id"),
        )

    def _message(self, item: Item, node: etree._Element, expand: Expand) -> Iterator[str | Expr]:
        """The parts of a message; white space alone disappears, as in a stylesheet."""
        if (node.text or "").strip(" \t\r\n"):
            yield expand(node.text or "")
        for child in node:
            name = str(child.tag).removeprefix(ISO) if isinstance(child.tag, str) else ""
            if name == "value-of":
                yield self._parse(item, "select", expand(child.get("select", ".")))
            elif name == "name":
                yield self._parse(item, "path", f"name({child.get('path', '.')})")
            elif name:
                yield " "
                yield from self._message(item, child, expand)
                yield " "
            if (child.tail or "").strip(" \t\r\n"):
                yield expand(child.tail or "")

    def _parse(self, item: Item, what: str, text: str) -> Expr:
        return self.parse(item, what, text, self.schema.namespaces)


def _same(text: str) -> str:
    return text


def _macro(caller: Item) -> Expand:
    """Textual replacement of `$name` by each parameter in turn, as the skeleton does."""
    pairs = [(f"${p.get('name')}", p.get("value")) for p in caller.named("param")]

    def expand(text: str) -> str:
        for name, value in pairs:
            if text.count(name) * len(value) > MAX_TEXT:
                raise PackRefused(caller.file, caller.line, "parameters that grow without end")
            text = text.replace(name, value)
        return text

    return expand
