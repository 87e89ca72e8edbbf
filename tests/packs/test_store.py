"""Adding, listing, verifying and loading; the cache is trusted only when its seal holds."""

from __future__ import annotations

import marshal
import os
from pathlib import Path

import pytest

from dmp_certify import packs
from dmp_certify.errors import PackError
from dmp_certify.packs import build, store
from tests.packs.test_hostile import make, rule


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders compiled during a test."""
    done: list[Path] = []
    real = build.compile_pack

    def counted(root: Path) -> dict[str, object]:
        done.append(root)
        return real(root)

    monkeypatch.setattr("dmp_certify.packs.pack.compile_pack", counted)
    return done


def test_a_pack_is_added_listed_verified_and_loaded(tmp_path: Path) -> None:
    folder = make(tmp_path / "My pack", rule("@a"), valuesets__empty_xml="")
    info = packs.add(folder)
    assert (info.name, info.rules, info.checks) == ("My-pack", 1, 1)
    assert [r.kind for r in info.repairs] == ["empty"]
    assert "1 contrôles" in info.summary().fr and "1 checks" in info.summary().en
    assert packs.list_packs() == (info,)
    assert packs.verify("My-pack").intact
    verdict = packs.load("My-pack").judge(b"<a xmlns='urn:h'/>")
    assert [a.message for a in verdict.failed] == ["m"]


def test_what_changed_in_a_pack_is_named(home: Path, tmp_path: Path) -> None:
    packs.add(make(tmp_path / "p", rule("@a"), note_txt="x", other_txt="y"))
    tree = home / "packs" / "p" / "tree"
    (tree / "note.txt").write_text("changed")
    (tree / "other.txt").unlink()
    (tree / "new.txt").write_text("new")
    check = packs.verify("p")
    assert (check.intact, check.changed, check.missing, check.unexpected) == (
        False,
        ("note.txt",),
        ("other.txt",),
        ("new.txt",),
    )


def test_the_compiled_form_is_reused(tmp_path: Path, compilations: list[Path]) -> None:
    folder = make(tmp_path / "p", rule("@a"))
    packs.add(folder)
    packs.load("p")
    packs.load(folder)
    assert len(compilations) == 1
    (folder / "rules.sch").write_text((folder / "rules.sch").read_text() + "\n")
    packs.load(folder)
    assert len(compilations) == 2


@pytest.mark.parametrize("harm", ["truncated", "flipped", "replaced", "forged", "writable"])
def test_a_cache_that_cannot_be_trusted_is_compiled_again(
    tmp_path: Path, compilations: list[Path], harm: str
) -> None:
    folder = make(tmp_path / "p", rule("@a"))
    digest = packs.load(folder).digest
    path = store.cache_path(digest)
    raw = path.read_bytes()
    mark = tmp_path / "mark"
    code = compile(f"open({str(mark)!r}, 'w')", "<forged>", "exec")
    if harm == "writable":
        path.chmod(0o666)
    else:
        path.write_bytes(
            {
                "truncated": raw[:-20],
                "flipped": raw[:200] + bytes([raw[200] ^ 1]) + raw[201:],
                "replaced": b"",
                "forged": raw[:51] + marshal.dumps({"digest": digest, "common": [code]}),
            }[harm]
        )
    again = packs.load(folder)
    assert len(compilations) == 2 and not mark.exists()
    assert [a.message for a in again.judge(b"<a xmlns='urn:h'/>").failed] == ["m"]
    assert path.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_another_compiler_compiles_again(
    tmp_path: Path, compilations: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(tmp_path / "p", rule("@a"))
    packs.load(folder)
    monkeypatch.setattr(store, "compiler_version", lambda: "another")
    packs.load(folder)
    assert len(compilations) == 2


def test_a_name_that_is_not_there_is_said_with_what_to_do(tmp_path: Path) -> None:
    for name in ("none", "../p", "a/b"):
        with pytest.raises(PackError, match="pack add"):
            packs.load(name)
    with pytest.raises(PackError, match="not a pack name"):
        packs.add(make(tmp_path / "p", rule("@a")), name="../x")


def test_a_pack_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    first = packs.add(make(tmp_path / "one" / "p", rule("@a")))
    second = packs.add(make(tmp_path / "two" / "p", rule("@b")))
    assert first.digest != second.digest
    assert [info.digest for info in packs.list_packs()] == [second.digest]
