"""A compiled pack in memory: judges documents without touching a file."""

from __future__ import annotations

import gc
import marshal
import threading
from typing import Any

from lxml import etree

from dmp_certify.finding import Text
from dmp_certify.packs.files import Repair
from dmp_certify.packs.schematron.engine import Runner, Suite
from dmp_certify.packs.schematron.nodes import Document
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.schematron.report import findings
from dmp_certify.packs.schematron.starts import Starts
from dmp_certify.packs.verdict import Assertion, DocumentVerdict, NotDemonstrated, XsdError
from dmp_certify.packs.volets import Choice, Chooser, header_of
from dmp_certify.packs.world import World
from dmp_certify.packs.xsd import Schema

MAX_SHAPES = 90_000


class CompiledPack:
    """One pack ready to judge. Threads may share it: documents are judged one at a time."""

    def __init__(self, name: str, data: dict[str, Any]) -> None:
        self.name = name
        self.digest: str = data["digest"]
        self.official: bool = data["official"]
        self.repairs = tuple(
            Repair(kind, path, Text(*what), Text(*done))
            for kind, path, what, done in data["repairs"]
        )
        self.volets: tuple[str, ...] = tuple(data["volets"])
        self._data = data
        child, attr, self._flag = data["keys"]
        self._starts = Starts(data["names"], (child, attr), data["idents"])
        self._constants: dict[str, Any] = data["constants"]
        self._chooser = Chooser(data["claims"], data["generic"])
        self._world = World(data)
        if data["saxon"]:
            from dmp_certify.packs.schematron.saxon.engine import Engine

            self._world.saxon = Engine(data["documents"])
        self._common = Suite([self._program(item) for item in data["common"]], self._flag)
        self._runners: dict[str | None, Runner] = {}
        self._silenced: dict[str, list[tuple[str, str]]] = data["silenced"]
        self._absent = {r.path.rsplit("/", 1)[-1] for r in self.repairs if r.kind == "valueset"}
        self._lock = threading.RLock()
        gc.freeze()  # the rules live as long as the process: no collection need look at them
        self.schema = Schema(data["schema"], data["xsd"]) if data["xsd"] else None

    def _program(self, data: dict[str, Any]) -> Program:
        if data["saxon"]:
            self._world.saxon.add(data)
        return Program(data, marshal.loads(data["code"]), self._constants)

    def runner(self, volet: str | None) -> Runner:
        """The schemas that apply with a volet."""
        if volet not in self._runners:
            suites = [self._common]
            if volet is not None:
                data = marshal.loads(self._data["volets"][volet])
                suites.append(Suite([self._program(data)], self._flag))
            self._runners[volet] = Runner(suites)
        return self._runners[volet]

    def _trim(self) -> None:
        """Keep what documents leave behind within bounds: a record has 150,000 of them."""
        self._starts.trim()
        runners = self._runners.values()
        if self._common.size + sum(runner.size for runner in runners) > MAX_SHAPES:
            for runner in runners:
                for suite in runner.suites:
                    suite.forget()
                runner.reset()
            self._starts.forget_tags()  # what rules have said of them holds on to the shapes

    def forget_tags(self) -> None:
        """Forget the start tags met so far: for measures, and to give their memory back."""
        with self._lock:
            self._starts.forget_tags()

    def choose(self, root: etree._Element, name: str = "") -> Choice:
        """The volet of a document, and why."""
        return self._chooser.choose(header_of(root), name)

    def judge(self, data: bytes, *, name: str = "", volet: str | None = None) -> DocumentVerdict:
        """The verdict on one document. `name` is its file name, used only when the content leaves
        the volet open; `volet` imposes one. Bytes that are not XML give one XSD error."""
        with self._lock:
            collecting = gc.isenabled()
            gc.disable()
            try:
                return self._judge(data, name, volet)
            finally:
                if collecting:
                    gc.enable()

    def _judge(self, data: bytes, name: str, volet: str | None) -> DocumentVerdict:
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as fault:
            return self._unreadable(str(fault), getattr(fault, "lineno", None))
        choice = (
            Choice(volet, Text(f"volet {volet} imposé", f"volet {volet} imposed"))
            if volet is not None
            else self.choose(root, name)
        )
        errors = self.schema.errors(root) if self.schema is not None else ()
        self._trim()
        runner = self.runner(choice.volet)
        doc = Document(root, self._starts, self._world, data)
        try:
            if self.schema is not None:
                errors += self.schema.dangling(doc)
            raws = runner.run(doc)
            failed, aborted = findings(runner, doc, raws) if raws else ([], [])
            if self._world.saxon is not None:
                self._world.saxon.complete(runner, doc, failed, aborted)
            silent = self._world.silent(doc)
        finally:
            doc.close()
        conforming = not errors and not aborted and not failed
        return DocumentVerdict(
            self.name,
            choice.volet,
            choice.reason,
            errors,
            tuple(failed),
            tuple(aborted),
            (*silent, *self._silent_rules(choice, failed)),
            conforming,
        )

    def _silent_rules(self, choice: Choice, failed: list[Assertion]) -> tuple[NotDemonstrated, ...]:
        """What the defects of the pack leave undecided for this document."""
        if choice.volet is None:
            return (NotDemonstrated("VOLET", choice.reason),) if self.volets else ()
        found = [
            NotDemonstrated("VOLET", Text(*lost)) for lost in self._silenced.get(choice.volet, ())
        ]
        asked = {
            (item.schematron, name)
            for item in failed
            for name in (item.value_set or "").split()
            if name in self._absent
        }
        for family, name in sorted(asked):
            text = Text(
                f"le jeu de valeurs « {name} » manque dans le contenu publié : "
                "tout code y est refusé par la règle officielle",
                f"the value set “{name}” is missing from the published content: "
                "the official rule refuses every code",
            )
            found.append(NotDemonstrated(family, text))
        return tuple(found)

    def _unreadable(self, what: str, line: int | None) -> DocumentVerdict:
        reason = Text(
            "le document n'est pas un XML bien formé", "the document is not well-formed XML"
        )
        error = XsdError(line, "/", f"{reason.en}: {what}")
        return DocumentVerdict(self.name, None, reason, (error,), (), (), (), False)
