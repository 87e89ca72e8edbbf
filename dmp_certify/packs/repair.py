"""What is broken in a published pack, and the repairs that keep its meaning.

A value set that the rules open under another name or form is rebuilt from the one published
under the same identifier; everything else is only said.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from lxml import etree

from dmp_certify.finding import Text
from dmp_certify.packs.files import PackFiles

SVS = "{urn:ihe:iti:svs:2008}"
_VOC = re.compile(rb"doc\(\s*'([^']*?/)?voc-([0-9.]+)-DYNAMIC\.xml'\s*\)")
_OID = re.compile(r'\bid="([0-9.]+)"')


def inspect(files: PackFiles) -> None:
    """Note the empty files and rebuild the missing vocabularies of `files`."""
    for name, size in sorted(files.sizes.items()):
        if size == 0 and not name.endswith((".txt", ".gitkeep")):
            files.repair(
                "empty",
                name,
                Text(f"« {name} » est vide (0 octet)", f"“{name}” is empty (0 bytes)"),
                Text(
                    "compté comme absent : ce qui en dépend n'est pas démontré",
                    "counted as absent: what depends on it is not demonstrated",
                ),
            )
    for wanted in sorted(_missing_vocabularies(files)):
        _rebuild(files, wanted)


def _missing_vocabularies(files: PackFiles) -> set[str]:
    """The `voc-<OID>-DYNAMIC.xml` that rules open and that are not there.

    Rules open them from the folder of the main schema, one above `include/`.
    """
    wanted: set[str] = set()
    for name in files.sizes:
        if not name.endswith(".sch"):
            continue
        for folder, oid in _VOC.findall(files.read(name)):
            base = (
                name.rsplit("/include/", 1)[0] if "/include/" in name else name.rpartition("/")[0]
            )
            path = f"{base}/{folder.decode()}voc-{oid.decode()}-DYNAMIC.xml"
            if files.find("", path) is None:
                wanted.add(path)
    return wanted


def _rebuild(files: PackFiles, wanted: str) -> None:
    oid = wanted.rsplit("/voc-", 1)[1].removesuffix("-DYNAMIC.xml")
    source = _value_set(files, oid)
    what = Text(
        f"les règles ouvrent « {wanted} », qui n'est dans aucune version publiée",
        f"the rules open “{wanted}”, which is in no published version",
    )
    if source is None:
        files.repair(
            "vocabulary",
            wanted,
            what,
            Text(
                "aucun jeu de valeurs publié ne porte cet identifiant : compté comme vide, "
                "contrôle non démontré",
                "no published value set has that identifier: counted as empty, "
                "check not demonstrated",
            ),
        )
        return
    rows = [
        f"<concept code={quoteattr(c.get('code', ''))} "
        f"codeSystem={quoteattr(c.get('codeSystem', ''))} "
        f"displayName={quoteattr(c.get('displayName', ''))}/>"
        for c in etree.fromstring(files.read(source)).iter(f"{SVS}Concept")
    ]
    text = (
        f"<valueSets><valueSet id={quoteattr(oid)}><conceptList>{''.join(rows)}"
        "</conceptList></valueSet></valueSets>"
    )
    files.overlay[wanted] = text.encode()
    files.repair(
        "vocabulary",
        wanted,
        what,
        Text(
            f"reconstruit depuis « {source} », publié sous le même identifiant ({oid})",
            f"rebuilt from “{source}”, published under the same identifier ({oid})",
        ),
    )


def _value_set(files: PackFiles, oid: str) -> str | None:
    """The SVS file whose ValueSet has this identifier."""
    for name in sorted(files.sizes):
        if not name.endswith(".xml") or ("jeuxDeValeurs" not in name and "valuesets" not in name):
            continue
        head = files.read(name)[:4000]
        if b"urn:ihe:iti:svs:2008" in head and oid in _OID.findall(head.decode("utf-8", "replace")):
            return name
    return None
