"""The texts of a schema that has rules for Saxon: phrases, the lets and documents they need."""

from __future__ import annotations

import copy
import posixpath
import re
from collections.abc import Iterable, Mapping

from lxml import etree

from dmp_certify.packs.schematron.docs import Library, parse_foreign
from dmp_certify.packs.schematron.errors import PackRefused, Unsupported
from dmp_certify.packs.schematron.lexer import Token
from dmp_certify.packs.schematron.model import Let, Schema
from dmp_certify.packs.schematron.saxon.language import Phrase, namespaces_of, phrase
from dmp_certify.packs.schematron.saxon.reading import Source
from dmp_certify.packs.schematron.saxon.stylesheet import SaxonCheck
from dmp_certify.packs.schematron.syntax import Expr

MAX_DOCUMENTS = 64 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z_][\w.\-]*", re.ASCII)
_NOTHING = Phrase("()", frozenset(), (), None, frozenset())
Lets = list[tuple[str, Phrase]]


class Texts:
    """`schema` holds every expression as `Source`. `lets` and `documents` grow with what is asked:
    the global lets in use, and for each path that a rule may open its file, or nothing."""

    def __init__(self, schema: Schema, library: Library) -> None:
        self.schema = schema
        self.library = library
        self.rules = [rule for pattern in schema.patterns for rule in pattern.rules]
        self.lets: dict[str, Phrase] = {}
        self.documents: dict[str, str] = {}
        self._globals = {item.name: item for item in schema.globals}
        self._everything = False
        try:
            self.namespaces = namespaces_of(schema.namespaces)
        except Unsupported as fault:
            raise PackRefused(schema.file, 0, str(fault)) from None

    def context(self, number: int) -> Phrase:
        context = self.rules[number].context
        assert isinstance(context, Source)
        try:
            return self.phrase(context, {})
        except PackRefused as refused:
            rule = self.rules[number]
            raise PackRefused(rule.file, rule.line, refused.what) from None

    def checks(self, number: int) -> list[SaxonCheck]:
        """The checks of a rule, each with the lets in its sight."""
        rule = self.rules[number]
        lets: Lets = []
        found: list[SaxonCheck] = []
        for item in rule.body:
            sight = dict(lets)
            if isinstance(item, Let):
                lets.append((_plain(item, rule.file, rule.line), self.phrase(item.value, sight)))
                continue
            test = self.phrase(item.test, sight)
            message = [p if isinstance(p, str) else self.phrase(p, sight) for p in item.message]
            found.append(SaxonCheck(item.report, list(lets), test, message))
        return found

    def sets(self, check: SaxonCheck) -> str:
        """The names of the documents that a check looks into, itself or through its lets."""
        sight = dict(check.lets)
        names: dict[str, None] = {}
        waiting = [check.test]
        visited: set[str] = set()
        while waiting:
            one = waiting.pop()
            for token in one.opens:
                name = self._literal(token, sight)
                if name:
                    names[name.rsplit("/", 1)[-1]] = None
            for variable in sorted(one.variables & sight.keys() - visited):
                visited.add(variable)
                waiting.append(sight[variable])
        return " ".join(names)

    def phrase(self, expr: Expr, sight: Mapping[str, Phrase]) -> Phrase:
        """The expression for Saxon, once what it needs is there; refused with file and line."""
        assert isinstance(expr, Source)
        try:
            found = phrase(expr, self.namespaces)
            for name in sorted(found.variables - sight.keys()):
                self.need(name)
            for token in found.opens:
                self._open(token, sight)
        except Unsupported as fault:
            raise PackRefused(expr.file, expr.line, f"@{expr.what}: {fault}") from None
        return found

    def need(self, name: str) -> None:
        """Take a let of the schema or of a pattern along."""
        item = self._globals.get(name)
        if item is not None and name not in self.lets:
            _plain(item, *self.place(name))
            self.lets[name] = _NOTHING  # lets may go in a circle: Saxon says so
            self.lets[name] = self.phrase(item.value, {})

    def place(self, name: str) -> tuple[str, int]:
        """File and line of a global let."""
        value = self._globals[name].value
        assert isinstance(value, Source)
        return value.file, value.line

    # -- documents -----------------------------------------------------------------------------

    def _literal(self, token: Token | None, sight: Mapping[str, Phrase]) -> str | None:
        """The name of a document, when it is known."""
        if token is None or token.kind == "string":
            return None if token is None else token.text
        known = sight.get(token.text) or self.lets.get(token.text)
        return None if known is None else known.literal

    def _open(self, token: Token | None, sight: Mapping[str, Phrase]) -> None:
        name = self._literal(token, sight)
        if name is None:
            self._open_all()
            return
        if not name.strip():
            raise Unsupported("a document without a name")
        kept = self.library.keep(self.schema.folder, name)
        plain = posixpath.normpath(posixpath.join(self.schema.folder, name.split("#")[0]))
        self.documents[plain] = kept
        if kept:
            parse_foreign(self.library.kept[kept], kept)

    def _open_all(self) -> None:
        """A name made while judging may mean any XML file of the pack."""
        if self._everything:
            return
        self._everything = True
        total = 0
        files = self.library.files
        for name in sorted({*files.sizes, *files.overlay}):
            data = files.read(name) if _may_be_xml(name) else b""
            if not data.strip():
                continue
            try:
                parse_foreign(data, name)
            except Unsupported:
                continue  # to open it is an error while judging, as for an absent one
            total += len(data)
            if total > MAX_DOCUMENTS:
                raise Unsupported("a document chosen while judging, in a pack this large")
            self.library.kept[name] = data
            self.documents.setdefault(name, name)


def _may_be_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rdf", ".xsd", ".sch", ".svs"))


def _plain(item: Let, file: str, line: int) -> str:
    if not _NAME.fullmatch(item.name):
        raise PackRefused(file, line, f"let {item.name!r}: not a plain name")
    return item.name


def as_text(root: etree._Element) -> str:
    """The document of `root` as Saxon is given it: no DOCTYPE, so no entity and no default."""
    before = list(root.itersiblings(preceding=True))[::-1]
    if next(root.iter(etree.Entity), None) is not None:
        root = _without_entities(root)
    parts: Iterable[etree._Element] = (*before, root, *root.itersiblings())
    return "".join(etree.tostring(part, encoding="unicode", with_tail=False) for part in parts)


def _without_entities(root: etree._Element) -> etree._Element:
    """A copy in which an entity that nobody resolves says nothing, as in our own node table."""
    root = copy.deepcopy(root)
    for entity in list(root.iter(etree.Entity)):
        above, before, tail = entity.getparent(), entity.getprevious(), entity.tail or ""
        if above is None:
            continue
        if before is None:
            above.text = (above.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
        entity.tail = None
        above.remove(entity)
    return root
