"""The stylesheet that Saxon runs for one schema: the patterns that hold a rule of its own.

It walks a document as the ISO skeleton does, one mode a pattern, first match by priority. Rules of
ours that stand before one of Saxon's are there with their context only, since they match first.
Every check is tried alone: what it raises is told, and the others are judged all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from dmp_certify.packs.schematron.errors import Unsupported
from dmp_certify.packs.schematron.saxon.language import Phrase

SPACE = "urn:dmp-certify:saxon"
_XSL = "http://www.w3.org/1999/XSL/Transform"
_OWN = {
    "_x": _XSL,
    "_d": SPACE,
    "_e": "http://www.w3.org/2005/xqt-errors",
    "_m": "http://www.w3.org/2005/xpath-functions/map",
    "_s": "http://www.w3.org/2001/XMLSchema",
}
_HEADS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _OWN.items())
# `_d:run` names the rules whose bodies are run: when an error cannot be caught (that of a global
# let), they are run one by one. `_d:place` tells a node by the number of its element.
_COMMON = f"""<_x:stylesheet version="3.0" {_HEADS}>
<_x:param name="_d:paths" as="_s:string*"/>
<_x:param name="_d:documents" as="document-node()*"/>
<_x:param name="_d:run" as="_s:integer*"/>
<_x:variable name="_d:pack" as="map(_s:string, document-node())" select="_m:merge(
  for $i in 1 to count($_d:paths) return map {{ $_d:paths[$i] : $_d:documents[$i] }})"/>
<_x:variable name="_d:numbers" as="map(_s:string, _s:integer)" select="let $all := //* return
  _m:merge(for $i in 1 to count($all) return map {{ generate-id($all[$i]) : $i }})"/>
<_x:function name="_d:path" as="_s:string">
  <_x:param name="href" as="_s:string"/>
  <_x:sequence select="if (matches($href, '^([A-Za-z][A-Za-z0-9+.\\-]*:|/|\\\\)')) then '' else
    string-join(fold-left(tokenize(concat($_d:folder, '/', replace($href, '#.*$', '', 's')), '/'),
      (), function($done, $part) {{
        if ($part = ('', '.')) then $done
        else if ($part = '..' and exists($done) and $done[last()] ne '..')
        then subsequence($done, 1, count($done) - 1) else ($done, $part) }}), '/')"/>
</_x:function>
<_x:function name="_d:doc" as="document-node()?">
  <_x:param name="href" as="_s:string?"/>
  <_x:sequence select="if (empty($href)) then ()
    else if (_m:contains($_d:pack, _d:path($href))) then $_d:pack(_d:path($href))
    else error(QName('{_OWN["_e"]}', 'FODC0002'), concat('no document ', $href, ' in the pack'))"/>
</_x:function>
<_x:function name="_d:document" as="document-node()*">
  <_x:param name="hrefs" as="item()*"/>
  <_x:sequence select="(for $href in $hrefs return if ($href instance of node())
    then error(QName('{_OWN["_e"]}', 'FODC0002'), 'a name relative to the document judged')
    else _d:doc(string($href))) | ()"/>
</_x:function>
<_x:function name="_d:available" as="_s:boolean">
  <_x:param name="href" as="_s:string?"/>
  <_x:sequence select="exists($href) and _m:contains($_d:pack, _d:path($href))
    and empty($_d:pack(_d:path($href))/_d:absent)"/>
</_x:function>
<_x:function name="_d:place" as="_s:string">
  <_x:param name="at" as="node()"/>
  <_x:variable name="up" select="$at/ancestor-or-self::*[1]"/>
  <_x:sequence select="concat(if ($up) then $_d:numbers(generate-id($up)) else 0,
    if ($at instance of element() or $at instance of document-node()) then ''
    else concat(' @', name($at)))"/>
</_x:function>
</_x:stylesheet>"""
ABSENT = f'<_d:absent xmlns:_d="{SPACE}"/>'


@dataclass(slots=True)
class SaxonCheck:
    """One check: the lets in its sight in order, its test, the parts of its message."""

    report: bool
    lets: list[tuple[str, Phrase]]
    test: Phrase
    message: list[str | Phrase]


@dataclass(slots=True)
class SaxonRule:
    """One rule; `checks` is None for a rule of ours, there for its context only."""

    number: int
    context: Phrase
    checks: list[SaxonCheck] | None = None


@dataclass(slots=True)
class Sheet:
    """What the stylesheet of a schema is made of. `everywhere` holds the patterns that also look
    at attributes, comments and processing instructions."""

    folder: str
    namespaces: Mapping[str, str]
    lets: dict[str, Phrase] = field(default_factory=dict)
    patterns: dict[int, list[SaxonRule]] = field(default_factory=dict)
    everywhere: set[int] = field(default_factory=set)
    walk: str = "*|comment()|processing-instruction()"

    def text(self) -> str:
        """The stylesheet; every text of the pack in it has been read and written again."""
        try:
            return _Writer(self).run()
        except ValueError as fault:  # a name or a namespace that XML does not know
            raise Unsupported(str(fault)) from None


class _Writer:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        common = etree.fromstring(_COMMON)
        self.root = etree.Element(f"{{{_XSL}}}stylesheet", nsmap={**sheet.namespaces, **_OWN})
        self.root.set("version", "3.0")
        self.root.set("exclude-result-prefixes", "#all")
        self.root.extend(list(common))

    def run(self) -> str:
        folder = self.sheet.folder.replace("'", "''")
        self._add(self.root, "variable", name="_d:folder", select=f"'{folder}'")
        for name, value in self.sheet.lets.items():
            self._add(self.root, "variable", name=name, select=value.text)
        top = self._add(self.root, "template", match="/")
        told = etree.SubElement(top, "told")
        for pattern in self.sheet.patterns:
            self._add(told, "apply-templates", select="/", mode=f"_d:p{pattern}")
            self._pattern(pattern)
        return etree.tostring(self.root, encoding="unicode")

    def _add(self, above: etree._Element, tag: str, **attributes: str) -> etree._Element:
        return etree.SubElement(above, f"{{{_XSL}}}{tag}", attributes)

    def _pattern(self, pattern: int) -> None:
        rules = self.sheet.patterns[pattern]
        mode = f"_d:p{pattern}"
        for rank, rule in enumerate(rules):
            priority = str(1000 + len(rules) - rank)
            made = self._add(
                self.root, "template", match=rule.context.text, priority=priority, mode=mode
            )
            if rule.checks is not None:
                self._fired(made, rule.number, rule.checks)
            self._on(made, pattern)
        self._add(self.root, "template", match="text()", priority="-1", mode=mode)
        other = self._add(self.root, "template", match="@*|node()", priority="-2", mode=mode)
        self._on(other, pattern)

    def _on(self, template: etree._Element, pattern: int) -> None:
        """To what is below. What the skeleton leaves out comes apart, so that `position()` is
        what it is there."""
        self._add(template, "apply-templates", select=self.sheet.walk, mode=f"_d:p{pattern}")
        if pattern in self.sheet.everywhere:
            rest = "@*" if "comment" in self.sheet.walk else "@*|comment()|processing-instruction()"
            self._add(template, "apply-templates", select=rest, mode=f"_d:p{pattern}")

    def _fired(self, template: etree._Element, number: int, checks: list[SaxonCheck]) -> None:
        fired = etree.SubElement(template, "fired", rule=str(number), place="{_d:place(.)}")
        body = self._add(fired, "if", test=f"$_d:run = {number}")
        for at, check in enumerate(checks):
            tried = self._add(body, "try")
            self._lets(tried, check.lets)
            if check.report:
                fails = self._add(tried, "if", test=check.test.text)
            else:
                choice = self._add(tried, "choose")
                self._add(choice, "when", test=check.test.text)
                fails = self._add(choice, "otherwise")
            etree.SubElement(fails, "fails", at=str(at))
            telling = self._add(fails, "try")
            self._message(etree.SubElement(telling, "says", at=str(at)), check.message)
            self._caught(telling, "silent", at)
            self._caught(tried, "error", at)

    def _caught(self, tried: etree._Element, name: str, at: int) -> None:
        """What is told of an error: `catch` comes last in a `try`."""
        told = etree.SubElement(self._add(tried, "catch"), name, at=str(at))
        told.set("code", "{local-name-from-QName($_e:code)}")
        told.set("what", "{$_e:description}")

    def _lets(self, above: etree._Element, lets: Iterable[tuple[str, Phrase]]) -> None:
        for name, value in lets:
            self._add(above, "variable", name=name, select=value.text)

    def _message(self, above: etree._Element, parts: Iterable[str | Phrase]) -> None:
        for part in parts:
            if isinstance(part, str):
                self._add(above, "text").text = part
            else:
                self._add(above, "value-of", select=part.text)
