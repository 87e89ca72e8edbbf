"""A whole schema in Saxon, as the ISO skeleton runs it: what the rules given to Saxon one by one
must agree with. Written apart from the package, for schemas without inclusion or abstraction."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from dmp_certify.packs import CompiledPack, DocumentVerdict
from dmp_certify.packs.schematron.engine import fired
from dmp_certify.packs.schematron.nodes import Document

ISO = "{http://purl.oclc.org/dsdl/schematron}"
XSL = "{http://www.w3.org/1999/XSL/Transform}"
PATH = """<xsl:template xmlns:xsl="http://www.w3.org/1999/XSL/Transform" match="@*|node()|/"
  mode="path"><xsl:for-each select="if (self::document-node()) then /*
  else ancestor-or-self::*"><xsl:value-of select="concat('/', name())"/><xsl:if
  test="preceding-sibling::*[name() = name(current())]"><xsl:value-of select="concat('[',
  1 + count(preceding-sibling::*[name() = name(current())]), ']')"/></xsl:if></xsl:for-each><xsl:if
  test="not(self::* or self::document-node())">/@<xsl:value-of select="name()"/></xsl:if>
</xsl:template>"""


class Line(NamedTuple):
    """One check that fails."""

    report: bool
    role: str
    pattern: str
    context: str
    location: str
    text: str


class Told(NamedTuple):
    lines: Counter[Line]
    fired: Counter[tuple[str, str]]
    crash: str


class Whole:
    """The schema `rules.sch` of a folder. `visits` is what the walk goes on to; by default what
    the skeleton guesses from the contexts."""

    def __init__(self, folder: Path, visits: str = "") -> None:
        from saxonche import PySaxonProcessor

        self.schema = etree.parse(folder / "rules.sch").getroot()
        guess = any("(" in r.get("context", "") for r in self.schema.iter(f"{ISO}rule"))
        self.visits = visits or ("*" if guess else "*|comment()|processing-instruction()")
        spaces = {ns.get("prefix"): ns.get("uri") for ns in self.schema.iter(f"{ISO}ns")}
        self.sheet = etree.Element(
            f"{XSL}stylesheet",
            nsmap={
                "xsl": XSL[1:-1],
                "xs": "http://www.w3.org/2001/XMLSchema",
                **spaces,  # type: ignore[dict-item]
            },
        )
        self.sheet.set("version", "2.0")
        self._write()
        target = folder / "whole.xsl"
        target.write_bytes(etree.tostring(self.sheet))
        self.saxon = PySaxonProcessor(license=False)
        processor = self.saxon.new_xslt30_processor()
        processor.set_jit_compilation(False)
        self.run = processor.compile_stylesheet(stylesheet_file=str(target))
        target.unlink()

    def tell(self, data: bytes) -> Told:
        node = self.saxon.parse_xml(xml_text=data.decode())
        try:
            said = self.run.transform_to_string(xdm_node=node)
        except Exception as fault:  # saxonche raises one type for everything
            return Told(Counter(), Counter(), str(fault))
        root = etree.fromstring(said.encode())
        lines: Counter[Line] = Counter()
        for one in root.iter("line"):
            text = " ".join(str(one.xpath("string(text)")).split())
            keys = ("role", "pattern", "context")
            role, pattern, context = (one.get(key, "") for key in keys)
            where = str(one.xpath("string(location)"))
            lines[Line(one.get("kind") == "report", role, pattern, context, where, text)] += 1
        found = Counter((f.get("pattern", ""), f.get("context", "")) for f in root.iter("fired"))
        return Told(lines, found, "")

    def _write(self) -> None:
        self.sheet.append(etree.fromstring(PATH))
        root = self._add(self.sheet, "template", match="/")
        told = etree.SubElement(root, "told")
        for let in self.schema.iterfind(f"{ISO}let"):
            self._let(self.sheet, let)
        for at, pattern in enumerate(self.schema.iterfind(f"{ISO}pattern")):
            mode = f"M{at}"
            self._add(told, "apply-templates", select="/", mode=mode)
            for let in pattern.iterfind(f"{ISO}let"):
                self._let(self.sheet, let)
            rules = list(pattern.iterfind(f"{ISO}rule"))
            for rank, rule in enumerate(rules):
                self._rule(pattern.get("id", ""), rule, mode, 1000 + len(rules) - rank)
            self._add(self.sheet, "template", match="text()", priority="-1", mode=mode)
            on = self._add(self.sheet, "template", match="@*|node()", priority="-2", mode=mode)
            self._add(on, "apply-templates", select=self.visits, mode=mode)

    def _add(self, above: Any, tag: str, **attributes: str) -> Any:
        return etree.SubElement(above, XSL + tag, attributes)

    def _let(self, above: Any, let: Any) -> None:
        self._add(above, "variable", name=let.get("name"), select=let.get("value"))

    def _rule(self, pattern: str, rule: Any, mode: str, priority: int) -> None:
        context = rule.get("context", "")
        made = self._add(self.sheet, "template", match=context, priority=str(priority), mode=mode)
        self._attributes(etree.SubElement(made, "fired"), pattern=pattern, context=context)
        for item in rule:
            if item.tag == f"{ISO}let":
                self._let(made, item)
            elif item.tag == f"{ISO}report":
                self._line(self._add(made, "if", test=item.get("test")), item, pattern, context)
            else:
                choice = self._add(made, "choose")
                self._add(choice, "when", test=item.get("test"))
                self._line(self._add(choice, "otherwise"), item, pattern, context)
        self._add(made, "apply-templates", select=self.visits, mode=mode)

    def _attributes(self, above: Any, **values: str) -> None:
        for name, value in values.items():
            self._add(above, "attribute", name=name).text = value

    def _line(self, above: Any, item: Any, pattern: str, context: str) -> None:
        line = etree.SubElement(above, "line", kind=str(item.tag).removeprefix(ISO))
        role = item.get("role", "")
        self._attributes(line, role=role, pattern=pattern, context=context)
        place = etree.SubElement(line, "location")
        self._add(place, "apply-templates", select=".", mode="path")
        text = etree.SubElement(line, "text")
        self._add(text, "text").text = item.text or ""
        for child in item:
            if child.tag == f"{ISO}value-of":
                self._add(text, "value-of", select=child.get("select"))
            else:
                self._add(text, "value-of", select=f"name({child.get('path', '.')})")
            if (child.tail or "").strip():  # as white space of a stylesheet
                self._add(text, "text").text = child.tail


def ours(verdict: DocumentVerdict) -> Counter[Line]:
    """The failures of a verdict in the same words."""
    return Counter(
        Line(a.report, a.role, a.pattern, a.context, a.location, a.message) for a in verdict.failed
    )


def ours_fired(pack: CompiledPack, data: bytes) -> Counter[tuple[str, str]]:
    """(pattern, context) of each rule fired."""
    runner = pack.runner(None)
    doc = Document(etree.fromstring(data), pack._starts, pack._world, data)
    runner.run(doc)
    found: Counter[tuple[str, str]] = Counter()
    saxon = pack._world.saxon
    elsewhere = saxon.elsewhere(runner, doc) if saxon is not None else []
    for number, rule in [*fired(runner, doc), *((number, f.rule) for number, f in elsewhere)]:
        program = runner.programs[number]
        found[program.patterns[program.rules[rule][0]], program.rules[rule][2]] += 1
    doc.close()
    return found
