"""The official way, in one warm Saxon process: the pack's own stylesheets, run by saxonche.

The pack stays where it is; a repaired copy (the same repairs as ours, written as files) is made
in a temporary folder, since the published one does not run.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from lxml import etree

from dmp_certify.packs.build import compile_pack
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.layout import VOLET, find_layout
from dmp_certify.packs.repair import inspect

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
STEPS = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")
HREF = re.compile(r'(?<=href=")[^"]*[^\x00-\x7f"][^"]*')
EMPTY_INCLUDE = b"<nothing xmlns='urn:x-empty'/>"
EMPTY_SET = b"<RetrieveValueSetResponse xmlns='urn:ihe:iti:svs:2008'/>"


class Line(NamedTuple):
    """One failed assert or successful report, as the SVRL gives it."""

    schematron: str
    report: bool
    role: str
    pattern: str
    context: str
    location: str
    text: str


class Told(NamedTuple):
    """What Saxon says of one document by one schema; `crash` holds the error that stopped it."""

    lines: tuple[Line, ...]
    fired: tuple[tuple[str, str], ...]
    crash: str


class Reference:
    """The official Schematrons of a pack, compiled by Saxon when first needed."""

    def __init__(self, pack: Path) -> None:
        from saxonche import PySaxonProcessor

        self._folder = tempfile.TemporaryDirectory(prefix="oracle-")
        self.root = Path(self._folder.name, "pack")
        shutil.copytree(
            pack, self.root, ignore=shutil.ignore_patterns("ExemplesCDA", "FeuilleDeStyle", ".git")
        )
        files = PackFiles(self.root)
        self.layout = find_layout(files)
        self._mend(files)
        self._spell_includes()
        self.saxon = PySaxonProcessor(license=False)
        self._xslt = self.saxon.new_xslt30_processor()
        self._ready: dict[str, object] = {}
        self.engine = next(self.root.rglob("moteur"))

    def _mend(self, files: PackFiles) -> None:
        """Write each repair as a file."""
        inspect(files)
        data = compile_pack(self.root)
        for name, content in files.overlay.items():
            Path(self.root, name).write_bytes(content)
        for kind, path, _, _ in data["repairs"]:
            if kind == "case":
                found = files._folded[path.casefold()][0]
                target = Path(self.root, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.root / found, target)
            elif kind == "include":
                source, href = path.split(" → ")
                self._stub(files.resolve(source.rpartition("/")[0], href), EMPTY_INCLUDE)
            elif kind == "valueset":
                self._stub(path, EMPTY_SET)

    def _spell_includes(self) -> None:
        """saxonche opens no file by a name with accents; it does by the same name in %XX."""
        for path in self.root.rglob("*.sch"):
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            spelt = HREF.sub(
                lambda href: quote(href[0], safe="/.%-_#:", errors="surrogateescape"), text
            )
            if spelt != text:
                path.write_bytes(spelt.encode("utf-8", "surrogateescape"))

    def _stub(self, path: str | None, content: bytes) -> None:
        target = Path(self.root, path or "")
        for parent in list(target.parents)[::-1]:
            if parent.is_file() and parent.stat().st_size == 0:
                parent.unlink()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def schema(self, family: str, volet: str | None) -> str:
        """The file of a schema."""
        if family == VOLET:
            return self.layout.volets[volet or ""]
        return dict(self.layout.common)[family]

    def compiled(self, name: str) -> object:
        """The executable stylesheet of a schema file."""
        if name not in self._ready:
            text = (self.root / name).read_text(encoding="utf-8")
            at = self.root / name
            for step in STEPS:
                stylesheet = self._xslt.compile_stylesheet(stylesheet_file=str(self.engine / step))
                source = self.saxon.parse_xml(xml_file_name=str(at))
                text = stylesheet.transform_to_string(xdm_node=source)
                at = (self.root / name).with_suffix(f".{step}.tmp")
                at.write_text(text, encoding="utf-8")
            final = (self.root / name).with_suffix(".xsl")
            final.write_text(text, encoding="utf-8")
            self._ready[name] = self._xslt.compile_stylesheet(stylesheet_file=str(final))
        return self._ready[name]

    def parse(self, data: bytes) -> object:
        """A document in Saxon's own tree."""
        path = self.root / "document.xml"
        path.write_bytes(data)
        return self.saxon.parse_xml(xml_file_name=str(path))

    def run(self, family: str, volet: str | None, node: object) -> str:
        """The SVRL of one schema on one document."""
        executable = self.compiled(self.schema(family, volet))
        result: str = executable.transform_to_string(xdm_node=node)  # type: ignore[attr-defined]
        return result

    def tell(self, family: str, volet: str | None, node: object) -> Told:
        """What one schema says of one document."""
        try:
            svrl = self.run(family, volet, node)
        except Exception as fault:  # saxonche raises its own type for every dynamic error
            return Told((), (), str(fault).split("\n")[0])
        return read_svrl(family, svrl)


def read_svrl(family: str, svrl: str) -> Told:
    """The lines of an SVRL report."""
    root = etree.fromstring(svrl.encode())
    lines: list[Line] = []
    fired: list[tuple[str, str]] = []
    pattern = context = ""
    for item in root:
        if item.tag == f"{SVRL}active-pattern":
            pattern = item.get("id", "")
        elif item.tag == f"{SVRL}fired-rule":
            context = item.get("context", "")
            fired.append((pattern, context))
        elif item.tag in (f"{SVRL}failed-assert", f"{SVRL}successful-report"):
            text = " ".join("".join(item.find(f"{SVRL}text").itertext()).split())  # type: ignore[union-attr]
            lines.append(
                Line(
                    family,
                    item.tag.endswith("report"),
                    item.get("role", ""),
                    pattern,
                    context,
                    item.get("location", ""),
                    text,
                )
            )
    return Told(tuple(lines), tuple(fired), "")
