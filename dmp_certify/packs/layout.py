"""Where things are in a pack: the schema, the common Schematrons, the volets, the value sets.

Two layouts: the one ANS publishes (`schematrons/`, `schematrons/profils/`, `infrastructure/cda/`,
`jeuxDeValeurs/`), and a plain one (`*.sch` common, `volets/*.sch`, `xsd/*.xsd`, `valuesets/`).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.schematron.errors import PackRefused

_FAMILIES = (
    (re.compile(r"(^|/)IHE\.sch$"), "IHE"),
    (re.compile(r"(^|/)terminologie\.sch$"), "TERMINO"),
    (re.compile(r"(^|/)CI-SIS_ModelesDeContenusCDA\.sch$"), "MODCDA"),
    (
        re.compile(r"(^|/)(ASIP-STRUCT-MIN-StrucMin|CI-SIS_StructurationMinimale)\.sch$"),
        "STRUCTMIN",
    ),
    (re.compile(r"(^|/)CI-SIS_Modeles_ANS\.sch$"), "MODANS"),
)
_LOCATION = re.compile(rb"schemaLocation\s*=\s*['\"]([^'\"]*)")
ORDER = tuple(name for _, name in _FAMILIES)
VOLET = "VOLET"


@dataclass(slots=True)
class Layout:
    """`common` are (family, file) applied to every document; `volets` are file by volet name."""

    common: list[tuple[str, str]] = field(default_factory=list)
    volets: dict[str, str] = field(default_factory=dict)
    xsd: str | None = None
    official: bool = False


def find_layout(files: PackFiles) -> Layout:
    """The layout of a pack; `PackRefused` when there is nothing in it to judge by."""
    root = _base(files)
    layout = Layout(official=f"{root}schematrons/profils/IHE.sch" in files.sizes)
    (_official if layout.official else _plain)(files, layout, root)
    layout.xsd = _schema(files, root)
    if not layout.common and not layout.volets and layout.xsd is None:
        raise PackRefused(
            ".", 0, "no Schematron and no schema here: give the folder or the zip published by ANS"
        )
    rank = {name: at for at, name in enumerate(ORDER)}
    layout.common.sort(key=lambda item: (rank.get(item[0], len(ORDER)), item[1]))
    return layout


def _base(files: PackFiles) -> str:
    """The folder that holds the pack: a zip often wraps it in one more folder."""
    tops = {name.split("/", 1)[0] for name in files.sizes if "/" in name}
    if len(tops) == 1 and all("/" in name for name in files.sizes):
        top = tops.pop()
        if top not in ("schematrons", "volets", "xsd", "infrastructure"):
            return f"{top}/"
    return ""


def _official(files: PackFiles, layout: Layout, root: str) -> None:
    for name in sorted(files.sizes):
        if not name.endswith(".sch"):
            continue
        for pattern, family in _FAMILIES:
            if name.startswith(f"{root}schematrons/profils/") and pattern.search(name):
                layout.common.append((family, name))
        if posixpath.dirname(name) == f"{root}schematrons":
            volet = posixpath.basename(name).removesuffix(".sch").removeprefix("CI-SIS_")
            layout.volets[volet] = name


def _plain(files: PackFiles, layout: Layout, root: str) -> None:
    for name in sorted(files.sizes):
        if not name.endswith(".sch"):
            continue
        stem = posixpath.basename(name).removesuffix(".sch")
        folder = posixpath.dirname(name)
        if folder == root.rstrip("/"):
            layout.common.append((stem, name))
        elif folder == f"{root}volets":
            layout.volets[stem] = name


def _schema(files: PackFiles, root: str) -> str | None:
    """The main XML schema: CDA_extended.xsd, or the only one of `xsd/` that no other includes."""
    for wanted in ("infrastructure/cda/CDA_extended.xsd", "infrastructure/cda/CDA.xsd"):
        if f"{root}{wanted}" in files.sizes:
            return f"{root}{wanted}"
    found = [n for n in files.sizes if posixpath.dirname(n) == f"{root}xsd" and n.endswith(".xsd")]
    used = {link.decode() for n in found for link in _LOCATION.findall(files.read(n))}
    found = [n for n in found if posixpath.basename(n) not in used]
    return found[0] if len(found) == 1 else None
