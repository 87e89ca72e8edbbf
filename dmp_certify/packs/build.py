"""Compiles a pack: every schema of it to code and data, every document it opens to constants."""

from __future__ import annotations

import gc
import hashlib
import marshal
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from dmp_certify.packs import repair
from dmp_certify.packs.files import PackFiles
from dmp_certify.packs.layout import VOLET, Layout, find_layout
from dmp_certify.packs.schematron.codegen.contexts import Keys
from dmp_certify.packs.schematron.codegen.program import Compiled, compile_schema
from dmp_certify.packs.schematron.codegen.unit import Pool
from dmp_certify.packs.schematron.docs import Library
from dmp_certify.packs.schematron.loader import load_schema
from dmp_certify.packs.schematron.model import Schema
from dmp_certify.packs.schematron.saxon.extra import available
from dmp_certify.packs.schematron.saxon.reading import lenient, strict, written
from dmp_certify.packs.schematron.shapes import Resolver
from dmp_certify.packs.volets import claims
from dmp_certify.packs.xsd import Schema as Xsd
from dmp_certify.packs.xsd import collect


def compile_pack(root: Path) -> dict[str, Any]:
    """Everything that judging needs, as plain data; `PackRefused` names what is not supported."""
    files = PackFiles(root)
    layout = find_layout(files)
    repair.inspect(files)
    read = lenient if available() else strict
    schemas = [(family, load_schema(files, name, family, read)) for family, name in layout.common]
    volets: list[tuple[str, Schema]] = []
    silenced: dict[str, list[tuple[str, str]]] = {}
    for volet, name in layout.volets.items():
        before = set(files.repairs)
        volets.append((volet, load_schema(files, name, VOLET, read)))
        lost = [key for key in files.repairs if key not in before and key[0] == "include"]
        silenced[volet] = [(files.repairs[k].what.fr, files.repairs[k].what.en) for k in lost]
    keys = Keys()
    for _, schema in (*schemas, *volets):
        for pattern in schema.patterns:
            for rule in pattern.rules:
                keys.collect(rule.context)
    pool = Pool(Library(files))
    common = [_compiled(schema, pool, keys) for _, schema in schemas]
    by_volet = {volet: _compiled(schema, pool, keys) for volet, schema in volets}
    data = _assembled(files, layout, keys, pool, common, by_volet)
    data["silenced"] = {volet: lost for volet, lost in silenced.items() if lost}
    data["claims"] = {volet: claims(schema) for volet, schema in volets}
    data["generic"] = tuple(root for _, schema in schemas for root in claims(schema)[0])
    gc.collect()
    return data


def _compiled(schema: Schema, pool: Pool, keys: Keys) -> Compiled:
    """One schema; where saxonche is installed, the rules outside our language are left to it."""
    if not available():
        return compile_schema(schema, pool, keys)
    from dmp_certify.packs.schematron.saxon.rescue import Rescue

    files = pool.library.files
    again = partial(load_schema, files, schema.file, schema.family, written)
    return compile_schema(schema, pool, keys, Rescue(schema, pool, again))


def _assembled(
    files: PackFiles,
    layout: Layout,
    keys: Keys,
    pool: Pool,
    common: list[Compiled],
    volets: dict[str, Compiled],
) -> dict[str, Any]:
    tables = pool.library.tables()
    child, attr = keys.pair
    return {
        "keys": (child, attr, keys.flag),
        "names": dict(pool.names),
        "idents": frozenset(
            ident for item in (*common, *volets.values()) for ident in Resolver(item.rules).idents
        ),
        "constants": pool.constants,
        "common": [_program(item) for item in common],
        "volets": {name: marshal.dumps(_program(item)) for name, item in volets.items()},
        "tables": tables,
        "documents": pool.library.kept,
        "xsd": layout.xsd,
        "schema": _checked_schema(files, layout.xsd),
        "official": layout.official,
        "repairs": [(r.kind, r.path, tuple(r.what), tuple(r.done)) for r in files.repairs.values()],
        "digest": files.digest(),
        "saxon": tuple(
            place for item in (*common, *volets.values()) for place in item.saxon.get("places", ())
        ),
    }


def _checked_schema(files: PackFiles, name: str | None) -> dict[str, bytes]:
    """The schema files, once libxml2 has accepted them."""
    if name is None:
        return {}
    found = collect(files, name)
    Xsd(found, name).compile()
    return found


def _program(item: Compiled) -> dict[str, Any]:
    data = asdict(item)
    source = data.pop("source")
    data["rules"] = item.rules
    data["groups"] = item.groups
    data["code"] = marshal.dumps(compile(source, f"<{item.family}>", "exec", optimize=1))
    data["source_digest"] = hashlib.sha256(source.encode()).hexdigest()
    return data


def schemas_of(root: Path) -> list[Schema]:
    """The expanded schemas of a pack, for tools."""
    files = PackFiles(root)
    layout = find_layout(files)
    return [load_schema(files, name, family) for family, name in layout.common]
