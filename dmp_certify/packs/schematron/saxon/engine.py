"""Runs the stylesheets of a pack in Saxon, and answers what the engine asks about a document.

saxonche is imported, and a document is given to it, at the first question. What Saxon reads is
handed to it: the document judged and documents of the pack, parsed by our own parser before.
"""

from __future__ import annotations

import locale
import re
import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree

from dmp_certify.errors import PackError
from dmp_certify.packs.schematron.docs import parse_foreign
from dmp_certify.packs.schematron.engine import Runner
from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import INDEX, Document, Node
from dmp_certify.packs.schematron.report import abort, assertion
from dmp_certify.packs.schematron.saxon.extra import INSTALL
from dmp_certify.packs.schematron.saxon.stylesheet import ABSENT, SPACE
from dmp_certify.packs.schematron.saxon.texts import as_text
from dmp_certify.packs.verdict import Abort, Assertion

_ONE_AT_A_TIME = threading.RLock()
_SAID = re.compile(r"Error[^\n]*\n\s*([A-Z]{4}\d{4})\s+(.*)", re.DOTALL)
_FEATURE = "http://saxon.sf.net/feature/"
Fault = tuple[str, str]


class Fired(NamedTuple):
    """A rule at a node: what fails with its message, what could not be computed."""

    rule: int
    node: int
    suffix: str
    fails: dict[int, str]
    faults: dict[int, Fault]
    silent: dict[int, Fault]


@lru_cache(maxsize=1)
def _processor() -> Any:
    before = locale.setlocale(locale.LC_ALL)
    try:
        from saxonche import PySaxonProcessor

        made = PySaxonProcessor(license=False)
    except ImportError as fault:
        raise PackError(f"saxonche cannot be imported ({fault}): {INSTALL}") from None
    finally:  # it sets that of the environment for the whole process
        locale.setlocale(locale.LC_ALL, before)
    # Nothing that reaches it asks for any of this: a second lock. No protocol, no file is opened.
    made.set_configuration_property(f"{_FEATURE}allow-external-functions", "false")
    made.set_configuration_property(f"{_FEATURE}allowedProtocols", "")
    made.set_configuration_property(f"{_FEATURE}disableXslEvaluate", "true")
    return made


def _compiled(stylesheet: str) -> Any:
    xslt = _processor().new_xslt30_processor()
    xslt.set_jit_compilation(False)  # every error of a stylesheet is said when it is compiled
    return xslt.compile_stylesheet(stylesheet_text=stylesheet)


def refusal(stylesheet: str) -> str:
    """What Saxon has against a stylesheet; nothing when it accepts it."""
    with _ONE_AT_A_TIME:
        try:
            _compiled(stylesheet)
        except PackError as fault:
            return str(fault)
        except Exception as fault:  # saxonche raises a type of its own for everything
            said = _SAID.search(str(fault))
            words = f"{said[1]} {said[2]}" if said else str(fault)
            return f"Saxon refuses it: {' '.join(words.split())[:400]}"
    return ""


class Engine:
    """The stylesheets of one pack. `files` holds the documents that its rules may open."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files
        self._programs: dict[str, dict[str, Any]] = {}
        self._ready: dict[str, Any] = {}
        self._kept: list[Any] = []
        self._numbers: dict[tuple[int, ...], Any] = {}

    def add(self, data: dict[str, Any]) -> None:
        """Take what the compiler wrote for one schema."""
        if data["saxon"]:
            self._programs[data["file"]] = data["saxon"]

    # -- what generated code asks --------------------------------------------------------------

    def fires(self, doc: Document, node: Node, file: str, rule: int) -> bool:
        """Whether a rule whose context is Saxon's matches an element first."""
        return (rule, node[INDEX], "") in self._told(doc, file)

    def fails(
        self, doc: Document, node: Node, found: list[int] | None, file: str, rule: int
    ) -> list[int] | None:
        """The checks that fail, after those of `found`; raises when one cannot be computed."""
        fired = self._fired(doc, node, file, rule)
        for code, what in fired.faults.values():
            raise XPathFault(code, what)
        return [*(found or ()), *fired.fails] or None

    def holds(self, doc: Document, node: Node, file: str, rule: int, at: int) -> bool:
        """Whether one check holds."""
        fired = self._fired(doc, node, file, rule)
        if at in fired.faults:
            raise XPathFault(*fired.faults[at])
        return at not in fired.fails

    def says(self, doc: Document, node: Node, file: str, rule: int, at: int) -> str:
        """The message of a check that fails."""
        fired = self._fired(doc, node, file, rule)
        if at in fired.silent:
            raise XPathFault(*fired.silent[at])
        return fired.fails[at]

    def _fired(self, doc: Document, node: Node, file: str, rule: int) -> Fired:
        fired = self._told(doc, file).get((rule, node[INDEX], ""))
        if fired is None:  # both engines match contexts alike; if not, nothing is passed over
            raise XPathFault("saxon", f"rule {rule + 1} of {file} does not match there in Saxon")
        return fired

    # -- what only Saxon sees ------------------------------------------------------------------

    def elsewhere(self, runner: Runner, doc: Document) -> list[tuple[int, Fired]]:
        """(program, rule fired) for its own contexts on what is not an element, in order."""
        found: list[tuple[int, Fired]] = []
        for number, program in enumerate(runner.programs):
            outside = self._programs.get(program.file, {}).get("outside", ())
            try:
                told = self._told(doc, program.file).values() if outside else ()
            except XPathFault:
                continue
            mine = [f for f in told if f.rule in outside and (f.suffix or not f.node)]
            mine.sort(key=lambda fired: (program.rules[fired.rule][0], fired.node))
            found += [(number, fired) for fired in mine]
        return found

    def complete(
        self, runner: Runner, doc: Document, failed: list[Assertion], aborted: list[Abort]
    ) -> None:
        """Add what its own contexts find elsewhere than on elements."""
        for program in runner.programs:
            outside = self._programs.get(program.file, {}).get("outside", ())
            if not outside:
                continue
            try:
                self._told(doc, program.file)
            except XPathFault as fault:
                aborted.append(abort(program, outside[0], doc.root, fault))
        for number, fired in self.elsewhere(runner, doc):
            program, node = runner.programs[number], doc.nodes[fired.node]
            for code, what in (*fired.faults.values(), *fired.silent.values()):
                ill = abort(program, fired.rule, node, XPathFault(code, what))
                aborted.append(ill._replace(location=_at(ill.location, fired)))
            for at, message in fired.fails.items():
                bad = assertion(program, fired.rule, node, at, message)
                failed.append(bad._replace(location=_at(bad.location, fired)))

    # -- Saxon ---------------------------------------------------------------------------------

    def _told(self, doc: Document, file: str) -> dict[tuple[int, int, str], Fired]:
        """What Saxon says of a document by one schema; asked once."""
        known = doc.cache.get(("saxon", file))
        if known is None:
            with _ONE_AT_A_TIME:
                try:
                    known = self._run(doc, file)
                except XPathFault as fault:
                    known = fault
            doc.cache["saxon", file] = known
        if isinstance(known, XPathFault):
            raise known
        told: dict[tuple[int, int, str], Fired] = known
        return told

    def _run(self, doc: Document, file: str) -> dict[tuple[int, int, str], Fired]:
        node = doc.cache.get("saxon document")
        if node is None:
            node = doc.cache["saxon document"] = _parsed(doc.elem)
        rules = self._programs[file]["rules"]
        try:
            return self._once(file, node, rules)
        except XPathFault:  # one that no rule can catch: find out whose it is
            told = self._once(file, node, ())
        for rule in rules:
            try:
                mine = self._once(file, node, (rule,))
                told |= {key: fired for key, fired in mine.items() if fired.rule == rule}
            except XPathFault as fault:
                first = next((fired for fired in told.values() if fired.rule == rule), None)
                if first is not None:
                    first.faults[0] = (fault.code, fault.what)
        return told

    def _once(
        self, file: str, node: Any, rules: tuple[int, ...]
    ) -> dict[tuple[int, int, str], Fired]:
        executable = self._executable(file)
        if rules not in self._numbers:
            numbers = map(_processor().make_integer_value, rules)
            self._numbers[rules] = _sequence(numbers)
        executable.set_parameter(f"{{{SPACE}}}run", self._numbers[rules][0])
        try:
            said = executable.transform_to_string(xdm_node=node)
        except Exception as fault:  # as above: one type for everything
            raise XPathFault("Saxon", " ".join(str(fault).split())) from None
        root = etree.fromstring(said.encode(), etree.XMLParser(huge_tree=True))
        return {(one.rule, one.node, one.suffix): one for one in map(_read, root)}

    def _executable(self, file: str) -> Any:
        if file not in self._ready:
            data = self._programs[file]
            made = _compiled(data["stylesheet"])
            paths = data["documents"]
            names = _sequence(map(_processor().make_string_value, paths))
            documents = _sequence(map(self._foreign, paths.values()))
            made.set_parameter(f"{{{SPACE}}}paths", names[0])
            made.set_parameter(f"{{{SPACE}}}documents", documents[0])
            self._kept += [names, documents]
            self._ready[file] = made
        return self._ready[file]

    def _foreign(self, name: str) -> Any:
        if not name:
            return _processor().parse_xml(xml_text=ABSENT)
        return _parsed(parse_foreign(self._files[name], name))


def _parsed(root: etree._Element) -> Any:
    return _processor().parse_xml(xml_text=as_text(root))


def _sequence(items: Iterable[Any]) -> tuple[Any, list[Any]]:
    """A sequence and its items: saxonche borrows both, so the caller must keep them alive."""
    made, kept = _processor().empty_sequence(), list(items)
    for item in kept:
        made.add_xdm_item(item)
    return made, kept


def _read(item: etree._Element) -> Fired:
    """One `fired` element of the result."""
    place, _, suffix = str(item.get("place")).partition(" ")
    fired = Fired(int(str(item.get("rule"))), int(place), suffix, {}, {}, {})
    for told in item:
        at = int(str(told.get("at")))
        fault = (str(told.get("code")), str(told.get("what")))
        if told.tag == "error":
            fired.faults[at] = fault
        elif told.tag == "silent":
            fired.silent[at] = fault
        elif told.tag == "says":
            fired.fails[at] = str(told.xpath("string()"))
        else:
            fired.fails.setdefault(at, "")
    return fired


def _at(location: str, fired: Fired) -> str:
    """The place of an attribute (or of a comment) from that of its element."""
    if not fired.suffix:
        return location
    return f"{location if fired.node else ''}/{fired.suffix}"
