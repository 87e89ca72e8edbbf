"""Saxon on a small pack of our own: what `tools/saxon_reference.py` is for an official one."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.layout import VOLET, find_layout
from tests.support.schematron_xslt import stylesheet
from tools.saxon_reference import Told, read_svrl


class PlainReference:
    """The schemas of a pack as stylesheets, compiled by Saxon when first needed."""

    def __init__(self, pack: Path) -> None:
        from saxonche import PySaxonProcessor

        self.pack = pack
        self.layout = find_layout(PackFiles(pack))
        self._folder = tempfile.TemporaryDirectory(prefix="saxon-")
        self._saxon = PySaxonProcessor(license=False)
        self._xslt = self._saxon.new_xslt30_processor()
        self._ready: dict[str, object] = {}

    def parse(self, data: bytes) -> object:
        """A document in Saxon's own tree."""
        file = Path(self._folder.name, "document.xml")
        file.write_bytes(data)
        return self._saxon.parse_xml(xml_file_name=str(file))

    def _compiled(self, name: str) -> object:
        if name not in self._ready:
            file = Path(self._folder.name, f"{len(self._ready)}.xsl")
            file.write_bytes(stylesheet(self.pack / name))
            self._ready[name] = self._xslt.compile_stylesheet(stylesheet_file=str(file))
        return self._ready[name]

    def tell(self, family: str, volet: str | None, node: object) -> Told:
        """What one schema says of one document."""
        known = self.layout.volets if family == VOLET else dict(self.layout.common)
        executable = self._compiled(known[(volet or "") if family == VOLET else family])
        try:
            svrl = executable.transform_to_string(xdm_node=node)  # type: ignore[attr-defined]
        except Exception as fault:  # saxonche raises its own type for every dynamic error
            return Told((), (), str(fault).split("\n")[0])
        return read_svrl(family, svrl)
