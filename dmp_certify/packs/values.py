"""The codes of a pack's value sets, for messages: judging itself uses hash sets made before."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lxml import etree

from dmp_certify.packs import store

CUTOFF = 0.55
"""Similarity below which a code or a name is no help (`difflib` ratio)."""


class Code(NamedTuple):
    """One concept of a value set."""

    code: str
    system: str
    display: str


def codes(pack: str, name: str) -> tuple[Code, ...]:
    """The concepts of the value set file `name` of an added pack; empty when there is none.

    Both published forms are read: IHE SVS (`Concept`) and ART-DECOR (`concept`).
    """
    path = _files(pack).get(PurePosixPath(name).name.lower())
    return _read(path) if path is not None else ()


def nearest(known: tuple[Code, ...], code: str, display: str = "", most: int = 3) -> list[Code]:
    """The concepts nearest to what stands in the document, by code or by name, best first."""
    scored = (
        (max(_alike(code, one.code), _alike(display.lower(), one.display.lower())), one)
        for one in dict.fromkeys(known)
    )
    best = sorted(
        (pair for pair in scored if pair[0] >= CUTOFF), key=lambda pair: (-pair[0], pair[1])
    )
    return [one for _, one in best[:most]]


def _alike(given: str, known: str) -> float:
    return difflib.SequenceMatcher(None, given, known).ratio() if given and known else 0.0


@lru_cache(maxsize=4)
def _files(pack: str) -> dict[str, Path]:
    tree = store.home() / "packs" / pack / "tree"
    return {path.name.lower(): path for path in sorted(tree.rglob("*.xml"))} if pack else {}


@lru_cache(maxsize=64)
def _read(path: Path) -> tuple[Code, ...]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except (OSError, etree.XMLSyntaxError):
        return ()
    return tuple(
        Code(node.get("code", ""), node.get("codeSystem", ""), node.get("displayName", ""))
        for node in root.iter()
        if isinstance(node.tag, str) and node.get("code") and node.get("codeSystem")
    )
