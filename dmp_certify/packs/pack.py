"""Content packs as the user meets them: added, listed, verified, loaded."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from dmp_certify import clock
from dmp_certify.errors import PackError
from dmp_certify.finding import Text
from dmp_certify.packs import archive, store
from dmp_certify.packs.build import compile_pack
from dmp_certify.packs.compiled import CompiledPack
from dmp_certify.packs.files import PackFiles, Repair
from dmp_certify.packs.schematron.saxon import extra

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


class PackInfo(NamedTuple):
    """What is known of a pack once added. `digest` is SHA-256 over its whole tree; `added` is
    an ISO 8601 time; `repairs` say what is broken in it and what was done; `saxon` names the
    rules (file:line) that run in Saxon."""

    name: str
    digest: str
    source: str
    added: str
    official: bool
    schemas: tuple[str, ...]
    volets: tuple[str, ...]
    rules: int
    checks: int
    xsd: str | None
    repairs: tuple[Repair, ...]
    saxon: tuple[str, ...] = ()

    def saxon_rules(self) -> Text | None:
        """Which rules run in Saxon (file and line), if any does."""
        return extra.told(self.saxon) if self.saxon else None

    def summary(self) -> Text:
        """One sentence for the terminal."""
        count = len(self.schemas) + len(self.volets)
        return Text(
            f"{self.name} : {count} Schematrons, {self.rules} règles, {self.checks} contrôles, "
            f"{len(self.repairs)} défaut(s) du contenu publié, empreinte {self.digest[:16]}",
            f"{self.name}: {count} Schematrons, {self.rules} rules, {self.checks} checks, "
            f"{len(self.repairs)} defect(s) of the published content, digest {self.digest[:16]}",
        )


class PackCheck(NamedTuple):
    """Whether the files of a pack are still those that were added."""

    name: str
    intact: bool
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]


def add(source: Path | str, name: str = "") -> PackInfo:
    """Take a pack in: copy it, pin it by digest, compile it.

    `PackError` (`PackRefused` with file and line) when it cannot be read or compiled; nothing
    is kept then. A pack of the same name is replaced.
    """
    origin = Path(source)
    folder = store.home() / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
    try:
        tree = staging / "tree"
        _take(origin, tree)
        files = PackFiles(tree)
        data = _compiled(tree, files.digest())
        chosen = name or _name_for(origin)
        if not _NAME.fullmatch(chosen):
            raise PackError(f"{chosen!r} is not a pack name: letters, digits, '.', '_' and '-'")
        info = _info(chosen, str(origin.resolve()), data)
        _write_info(staging, info, files)
        target = folder / chosen
        old = staging / "old"
        if target.exists():
            target.rename(old)
        moved = staging / "whole"
        moved.mkdir()
        tree.rename(moved / "tree")
        (staging / "pack.json").rename(moved / "pack.json")
        moved.rename(target)
        return info
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _take(origin: Path, tree: Path) -> None:
    if origin.is_dir():
        archive.copy_tree(origin, tree)
    elif origin.is_file():
        tree.mkdir()
        archive.extract(origin, tree)
    else:
        raise PackError(f"{origin}: no such folder or zip")


def _name_for(origin: Path) -> str:
    stem = origin.resolve().name if origin.is_dir() else origin.stem
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._") or "pack"


def _info(name: str, source: str, data: dict[str, Any]) -> PackInfo:
    import marshal

    volets = {key: marshal.loads(value) for key, value in data["volets"].items()}
    programs = [*data["common"], *volets.values()]
    return PackInfo(
        name,
        data["digest"],
        source,
        clock.now().isoformat(),
        data["official"],
        tuple(item["family"] for item in data["common"]),
        tuple(volets),
        sum(len(item["rules"]) for item in programs),
        sum(len(item["checks"][rule[3]]) for item in programs for rule in item["rules"]),
        data["xsd"],
        tuple(Repair(k, p, Text(*what), Text(*done)) for k, p, what, done in data["repairs"]),
        data["saxon"],
    )


def _write_info(folder: Path, info: PackInfo, files: PackFiles) -> None:
    record = info._asdict()
    record["repairs"] = [[r.kind, r.path, list(r.what), list(r.done)] for r in info.repairs]
    record["files"] = {name: _digest(files.root / name) for name in sorted(files.sizes)}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / "pack.json").write_text(text, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record(name: str) -> dict[str, Any]:
    path = store.home() / "packs" / name / "pack.json"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(info.name for info in list_packs()) or "none"
        raise PackError(f"no pack named {name!r} (known: {known}); add one with: pack add DIR|ZIP")
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise PackError(f"{path}: damaged ({fault}); add the pack again") from None
    return record


def _from_record(record: dict[str, Any]) -> PackInfo:
    fields = {key: record[key] for key in PackInfo._fields if key != "saxon"}
    fields["saxon"] = tuple(record.get("saxon", ()))  # absent from older records
    fields["repairs"] = tuple(
        Repair(kind, path, Text(*what), Text(*done)) for kind, path, what, done in record["repairs"]
    )
    fields["schemas"], fields["volets"] = tuple(record["schemas"]), tuple(record["volets"])
    return PackInfo(**fields)


def list_packs() -> tuple[PackInfo, ...]:
    """The packs added, newest first."""
    folder = store.home() / "packs"
    names = sorted(p.parent.name for p in folder.glob("*/pack.json"))
    found = [_from_record(_record(name)) for name in names if _NAME.fullmatch(name)]
    return tuple(sorted(found, key=lambda info: info.added, reverse=True))


def verify(name: str) -> PackCheck:
    """Compare every file of a pack with what was added."""
    record = _record(name)
    tree = store.home() / "packs" / name / "tree"
    files = PackFiles(tree)
    known: dict[str, str] = record["files"]
    changed = _differing(tree, known, files.sizes)
    missing = tuple(sorted(set(known) - set(files.sizes)))
    unexpected = tuple(sorted(set(files.sizes) - set(known)))
    intact = not (changed or missing or unexpected) and files.digest() == record["digest"]
    return PackCheck(name, intact, changed, missing, unexpected)


def _differing(tree: Path, known: dict[str, str], present: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        name for name in sorted(present) if name in known and _digest(tree / name) != known[name]
    )


def _compiled(tree: Path, digest: str) -> dict[str, Any]:
    """The compiled form of the tree, from the cache when it is there and sound."""
    data = _kept(digest)
    if data is None:
        data = compile_pack(tree)
        store.save(digest, data)
    return data


def _kept(digest: str) -> dict[str, Any] | None:
    """The compiled form kept; `PackError` when it needs Saxon and there is none."""
    data = store.read(digest)
    if data is None:
        data = store.read(digest, saxon=True)
        if data is not None:
            extra.need(data["saxon"])
    return data


def load(name_or_dir: str | Path) -> CompiledPack:
    """A pack ready to judge: one added, by name, or a folder or zip as it is.

    `PackError` when there is none of that name or it cannot be compiled.
    """
    path = Path(name_or_dir)
    if path.is_dir():
        return CompiledPack(_name_for(path), _compiled(path, PackFiles(path).digest()))
    if path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "tree"
            _take(path, tree)
            return CompiledPack(_name_for(path), _compiled(tree, PackFiles(tree).digest()))
    record = _record(str(name_or_dir))
    tree = store.home() / "packs" / str(name_or_dir) / "tree"
    data = _kept(record["digest"])
    if data is None:
        digest = PackFiles(tree).digest()
        if digest != record["digest"]:
            raise PackError(
                f"pack {name_or_dir!r} is no longer what was added; see: pack verify {name_or_dir}"
            )
        data = _compiled(tree, digest)
    return CompiledPack(str(name_or_dir), data)


def newest_official() -> PackInfo | None:
    """The official pack added last, or None."""
    return next((info for info in list_packs() if info.official), None)
