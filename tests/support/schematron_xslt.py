"""A Schematron schema as a stylesheet, for Saxon: the peer of `dmp_certify.packs.schematron`.

It reads the schema on its own and leaves every expression to Saxon. One mode a pattern, one
template a rule with the earlier rule first, one instruction a check, as ISO 19757-3 says; written
here because the published translators belong to the official packs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

ISO = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "http://www.w3.org/1999/XSL/Transform"
SVRL = "http://purl.oclc.org/dsdl/svrl"
FIRST_PRIORITY = 100_000
_BELOW = "*|comment()|processing-instruction()"
_SPACES = {
    "xsl": XSL,
    "svrl": SVRL,
    "xs": "http://www.w3.org/2001/XMLSchema",
    "fn": "http://www.w3.org/2005/xpath-functions",
}
X = ElementMaker(namespace=XSL, nsmap=_SPACES)
V = ElementMaker(namespace=SVRL, nsmap=_SPACES)
Expand = Callable[[str], str]


def stylesheet(schema: Path) -> bytes:
    """The stylesheet that reports on a document as the schema says, in SVRL."""
    top = included(schema)
    spaces = {ns.get("prefix"): ns.get("uri") for ns in top.iterfind(f"{ISO}ns")}
    sheet = etree.Element(f"{{{XSL}}}stylesheet", nsmap={**_SPACES, **spaces}, version="2.0")
    # What doc() names is looked for beside the schema.
    sheet.set("{http://www.w3.org/XML/1998/namespace}base", schema.resolve().as_uri())
    output = V("schematron-output")
    sheet.append(X.template(output, match="/"))
    sheet.append(_place())
    for let in top.iterfind(f"{ISO}let"):
        sheet.append(_variable(let))
    for number, pattern in enumerate(_active(top)):
        mode = f"M{number}"
        output.append(V("active-pattern", id=pattern.get("id", "")))
        output.append(X("apply-templates", select="/", mode=mode))
        sheet.extend(_Pattern(top, pattern, mode).templates())
    return etree.tostring(sheet, xml_declaration=True, encoding="UTF-8")


def included(file: Path) -> etree._Element:
    """The root element of a file, each include replaced by what it leads to."""
    root = etree.parse(file).getroot()
    for include in list(root.iter(f"{ISO}include")):
        found = included(file.parent / include.get("href", ""))
        found.tail = include.tail
        include.getparent().replace(include, found)  # type: ignore[union-attr]
    return root


def _active(top: etree._Element) -> Iterator[etree._Element]:
    phase = top.get("defaultPhase", "#ALL")
    named = {
        active.get("pattern")
        for item in top.iterfind(f"{ISO}phase")
        for active in item.iterfind(f"{ISO}active")
        if item.get("id") == phase
    }
    for pattern in top.iterfind(f"{ISO}pattern"):
        if pattern.get("abstract") != "true" and (phase == "#ALL" or pattern.get("id") in named):
            yield pattern


def _place() -> etree._Element:
    """The path of an element; a document node stands for its element."""
    same = "preceding-sibling::*[name() = name(current())]"
    index = X("if", X("value-of", select=f"concat('[', count({same}) + 1, ']')"), test=same)
    step = X("for-each", X.text("/"), X("value-of", select="name()"), index)
    step.set("select", "if (self::*) then ancestor-or-self::* else *")
    return X.template(step, match="/|*", mode="place")


def _variable(let: etree._Element) -> etree._Element:
    return X.variable(name=let.get("name", "").strip(), select=let.get("value", ""))


class _Pattern:
    """The templates of one pattern; `is-a` takes those of another, with its parameters."""

    def __init__(self, top: etree._Element, pattern: etree._Element, mode: str) -> None:
        self.top = top
        self.mode = mode
        self.source = pattern
        self.expand: Expand = str
        if pattern.get("is-a"):
            self.source = self._named("pattern", pattern.get("is-a", ""))
            given = [(p.get("name"), p.get("value", "")) for p in pattern.iterfind(f"{ISO}param")]
            self.expand = lambda text: _replaced(text, given)

    def _named(self, kind: str, ident: str) -> etree._Element:
        return next(item for item in self.top.iter(f"{ISO}{kind}") if item.get("id") == ident)

    def templates(self) -> Iterator[etree._Element]:
        yield from (_variable(let) for let in self.source.iterfind(f"{ISO}let"))
        concrete = [r for r in self.source.iterfind(f"{ISO}rule") if r.get("abstract") != "true"]
        for number, rule in enumerate(concrete):
            context = self.expand(rule.get("context", ""))
            template = X.template(match=context, mode=self.mode)
            template.set("priority", str(FIRST_PRIORITY - number))
            template.append(V("fired-rule", context=context.replace("{", "{{").replace("}", "}}")))
            template.extend(self._body(rule))
            template.append(self._deeper())
            yield template
        yield X.template(match="text()", mode=self.mode, priority="-1")
        yield X.template(self._deeper(), match="@*|node()", mode=self.mode, priority="-2")

    def _deeper(self) -> etree._Element:
        return X("apply-templates", select=_BELOW, mode=self.mode)

    def _body(self, rule: etree._Element) -> Iterator[etree._Element]:
        for item in rule.iterchildren(f"{ISO}*"):
            kind = str(item.tag).removeprefix(ISO)
            if kind == "let":
                yield _variable(item)
            elif kind == "extends":
                yield from self._body(self._named("rule", item.get("rule", "")))
            elif kind in ("assert", "report"):
                yield self._check(item, kind == "report")

    def _check(self, item: etree._Element, report: bool) -> etree._Element:
        said = V("text")
        self._message(item, said)
        line = V("successful-report" if report else "failed-assert")
        where = X.attribute(X("apply-templates", select=".", mode="place"), name="location")
        line.append(where)
        line.set("role", item.get("role", ""))
        line.append(said)
        holds = X.when(test=self.expand(item.get("test", "")))
        if report:
            holds.append(line)
            return X.choose(holds)
        return X.choose(holds, X.otherwise(line))

    def _message(self, item: etree._Element, out: etree._Element) -> None:
        """White space alone between two elements disappears, as in a stylesheet."""
        self._words(item.text, out)
        for child in item.iterchildren("*"):
            kind = str(child.tag).removeprefix(ISO)
            if kind == "value-of":
                out.append(X("value-of", select=self.expand(child.get("select", "."))))
            elif kind == "name":
                out.append(X("value-of", select=f"name({self.expand(child.get('path', '.'))})"))
            else:
                out.append(X.text(" "))
                self._message(child, out)
                out.append(X.text(" "))
            self._words(child.tail, out)

    def _words(self, text: str | None, out: etree._Element) -> None:
        if (text or "").strip():
            out.append(X.text(self.expand(text or "")))


def _replaced(text: str, given: list[tuple[str | None, str]]) -> str:
    for name, value in given:
        text = text.replace(f"${name}", value)
    return text
