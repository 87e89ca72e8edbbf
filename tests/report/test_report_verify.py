"""A bundle verifies, or says why not: nothing in it can change unseen."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_certify.errors import ConfigurationError, VerificationError
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Text
from dmp_certify.report import archive, bundle, countersign, dsse, identity, model, statement
from dmp_certify.report.countersign import Decision
from dmp_certify.report.sign import Signer
from dmp_certify.report.verify import REPLAY, Refused, Verification, verify
from tests.report import pki, sample

Parts = dict[str, bytes]


def rebuild(evidence: Evidence, profile: str) -> Mapping[str, JsonValue]:
    assert profile == "alimentation"
    return model.build(evidence, sample.FINDINGS, sample.basis())


def sealed(
    folder: Path, signer: Signer | None = None, findings: tuple[Finding, ...] = sample.FINDINGS
) -> Path:
    evidence = sample.record(folder / "evidence")
    report = model.build(evidence, findings, sample.basis())
    return bundle.write(
        folder / "run.dmpcert", evidence, report, signer or pki.signer(), now=pki.at()
    )


def held(path: Path, trust: tuple[pki.Authority, ...] | None = None) -> Verification:
    anchors = tuple(each.certificate for each in trust or (pki.authority(),))
    return verify(path, rebuild, anchors=anchors, now=pki.at(1))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sealed(tmp_path_factory.mktemp("good"))


@pytest.fixture
def tamper(good: Path, tmp_path: Path) -> Callable[[Callable[[Parts], None]], Path]:
    """A copy of the good bundle with its parts changed and zipped again, canonically."""

    def change(wound: Callable[[Parts], None]) -> Path:
        parts = archive.read(good.read_bytes())
        wound(parts)
        path = tmp_path / "changed.dmpcert"
        path.write_bytes(archive.write(parts))
        return path

    return change


def relist(parts: Parts) -> None:
    """What somebody without the key can still do: make the manifest true again."""
    parts[bundle.MANIFEST] = bundle.manifest_of(parts)


# --- it holds --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_sealed_run_verifies(tmp_path: Path, kind: str) -> None:
    result = held(sealed(tmp_path, pki.signer(kind)))
    assert result.ruling == "NON_CONFORMING"
    assert result.product.startswith("Éditeur & Fils")
    assert result.signer == "CN=Éditeur de test"
    assert len(result.steps) == 7
    assert not result.own_identity
    assert json.loads(json.dumps(result.to_json()))["verified"] is True


def test_any_zip_tool_reads_a_bundle(good: Path) -> None:
    with zipfile.ZipFile(good) as opened:
        assert opened.testzip() is None
        names = opened.namelist()
    assert names == sorted(names)
    assert {"manifest.json", "report.json", "statement.dsse.json", "sut.toml"} <= set(names)


def test_the_statement_is_in_toto_over_manifest_report_and_evidence(good: Path) -> None:
    parts = archive.read(good.read_bytes())
    envelope = json.loads(parts["statement.dsse.json"])
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    signed = json.loads(dsse.unseal(parts["statement.dsse.json"], "x").payload)
    assert signed["_type"] == "https://in-toto.io/Statement/v1"
    subjects = {each["name"]: each["digest"]["sha256"] for each in signed["subject"]}
    assert subjects["report.json"] == hashlib.sha256(parts["report.json"]).hexdigest()
    assert subjects["manifest.json"] == hashlib.sha256(parts["manifest.json"]).hexdigest()
    last = parts["evidence/ledger.jsonl"].splitlines()[-1]
    assert subjects["evidence"] == hashlib.sha256(last).hexdigest()
    assert signed["predicate"]["ruling"] == "NON_CONFORMING"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_stock_openssl_verifies_the_signature(tmp_path: Path, kind: str) -> None:
    parts = archive.read(sealed(tmp_path, pki.signer(kind)).read_bytes())
    envelope = dsse.unseal(parts["statement.dsse.json"], "x")
    public = envelope.certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    (tmp_path / "key.pub").write_bytes(public)
    (tmp_path / "sig").write_bytes(envelope.signature)
    (tmp_path / "pae").write_bytes(dsse.pae(envelope.payload))

    def check() -> int:
        command = ["openssl", "dgst", "-sha256", "-verify", "key.pub", "-signature", "sig", "pae"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert check() == 0
    (tmp_path / "pae").write_bytes(dsse.pae(envelope.payload) + b" ")
    assert check() != 0


# --- it does not -----------------------------------------------------------------------------


def unseen(path: Path, data: bytes) -> bool:
    path.write_bytes(data)
    try:
        held(path)
    except Refused as refused:
        assert refused.reason
        return False
    return True


def flipped(data: bytes, place: int) -> bytes:
    wounded = bytearray(data)
    wounded[place] ^= 1 << (place % 8)
    return bytes(wounded)


def test_every_flipped_byte_is_seen(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    data = path.read_bytes()
    inside = bytearray(len(data))
    for content in archive.read(data).values():
        begin = data.index(content)
        inside[begin : begin + len(content)] = b"\1" * len(content)
    # Contents are plain bytes under a checksum: one in 29 will do there, and chance adds others.
    places = [n for n in range(len(data)) if not inside[n] or n % 29 == 0]
    assert len(places) > 2000
    assert [n for n in places if unseen(path, flipped(data, n))] == []
    assert unseen(path, data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_flipped_bits_are_seen(good: Path, tmp_path_factory: Any, data: st.DataObject) -> None:
    content = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.getbasetemp() / "flipped.dmpcert"
    assert unseen(path, bytes(content)) is (bytes(content) == good.read_bytes())


@pytest.mark.parametrize(
    ("name", "step"),
    [("statement.dsse.json", 3), ("manifest.json", 5), ("evidence/ledger.jsonl", 23)],
)
def test_flips_are_seen_under_a_sound_zip_and_manifest(
    tmp_path: Path, name: str, step: int
) -> None:
    """What is left once checksums and manifest are made true again: signature and chain."""
    path = sealed(tmp_path)
    parts = archive.read(path.read_bytes())
    found = []
    for place in range(0, len(parts[name]), step):
        wounded = {**parts, name: flipped(parts[name], place)}
        if name != "manifest.json":
            relist(wounded)
        if unseen(path, archive.write(wounded)):
            found.append(place)
    assert found == []


@pytest.mark.parametrize("cut", [0, 1, 30, 1000, -1, -22])
def test_a_truncated_or_extended_file_is_seen(good: Path, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cut.dmpcert"
    path.write_bytes(good.read_bytes()[:cut])
    with pytest.raises(Refused):
        held(path)
    path.write_bytes(good.read_bytes() + b"\0")
    with pytest.raises(Refused, match="canonical"):
        held(path)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot read"):
        held(tmp_path / "none.dmpcert")


def test_another_zip_of_the_same_content_is_refused(good: Path, tmp_path: Path) -> None:
    parts = archive.read(good.read_bytes())
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", method) as opened:
            for name in sorted(parts):
                opened.writestr(name, parts[name])
        path = tmp_path / "again.dmpcert"
        path.write_bytes(stream.getvalue())
        with pytest.raises(Refused, match="not canonical"):
            held(path)


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("evidence/ledger.jsonl", b"\0" * 200_000_000)
    path = tmp_path / "bomb.dmpcert"
    path.write_bytes(stream.getvalue())
    with pytest.raises(Refused, match="compressed, not stored"):
        held(path)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "evidence/../../x", "a\\b", "evidence//x"])
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr(name, b"x")
    path = tmp_path / "x.dmpcert"
    path.write_bytes(stream.getvalue())
    with pytest.raises(Refused, match="unsafe name"):
        held(path)


def _blob(parts: Parts) -> str:
    return next(name for name in parts if name.startswith("evidence/blobs/"))


WOUNDS: list[tuple[str, Callable[[Parts], object], str]] = [
    ("report changed", lambda p: p.update({"report.json": p["report.json"] + b" "}), "was changed"),
    ("blob removed", lambda p: p.pop(_blob(p)), "was removed"),
    ("blob added", lambda p: p.update({"evidence/blobs/" + "0" * 64: b"x"}), "was added"),
    ("stranger added", lambda p: p.update({"evidence/x.txt": b"x"}), "which no bundle holds"),
    ("statement removed", lambda p: p.pop("statement.dsse.json"), "was removed"),
    ("ledger removed", lambda p: p.pop("evidence/ledger.jsonl"), "was removed"),
    ("manifest spelled anew", lambda p: p.update({"manifest.json": p["manifest.json"] + b"\n"}),
     "canonical form"),
    ("manifest not JSON", lambda p: p.update({"manifest.json": b"[" * 100_000}), "not JSON"),
    ("statement not JSON", lambda p: p.update({"statement.dsse.json": b"{"}), "not a DSSE"),
    ("sut.toml swapped", lambda p: p.update({"sut.toml": b"x = 1\n"}), "was changed"),
]  # fmt: skip


@pytest.mark.parametrize(("wound", "reason"), [w[1:] for w in WOUNDS], ids=[w[0] for w in WOUNDS])
def test_parts_changed(
    tamper: Callable[[Callable[[Parts], object]], Path],
    wound: Callable[[Parts], object],
    reason: str,
) -> None:
    with pytest.raises(Refused, match=reason):
        held(tamper(wound))


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("report.json", b"NON_CONFORMING", b"CONFORMING", "signs .* for manifest.json"),
        ("evidence/ledger.jsonl", b'"seed":42', b'"seed":43', "prev|chain|line 2"),
        ("sut.toml", b"Cabinet", b"Cabinot", "not the one that the run recorded"),
    ],
)
def test_a_changed_part_under_a_manifest_made_true_again(
    tamper: Callable[[Callable[[Parts], None]], Path],
    name: str,
    old: bytes,
    new: bytes,
    reason: str,
) -> None:
    def wound(parts: Parts) -> None:
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)
        relist(parts)

    with pytest.raises(Refused, match=reason):
        held(tamper(wound))


def test_the_last_entries_of_the_ledger_cannot_be_cut_off(
    tamper: Callable[[Callable[[Parts], None]], Path],
) -> None:
    def wound(parts: Parts) -> None:
        ledger = parts["evidence/ledger.jsonl"].splitlines(keepends=True)
        parts["evidence/ledger.jsonl"] = b"".join(ledger[:-1])
        relist(parts)

    with pytest.raises(Refused, match="signs"):
        held(tamper(wound))


def test_the_statement_of_another_bundle_is_refused(
    tamper: Callable[[Callable[[Parts], None]], Path], tmp_path: Path
) -> None:
    other = archive.read(sealed(tmp_path / "other", findings=sample.CLEAN).read_bytes())

    with pytest.raises(Refused, match="signs"):
        held(
            tamper(
                lambda parts: parts.update({"statement.dsse.json": other["statement.dsse.json"]})
            )
        )


def test_a_certificate_swapped_for_another_of_the_same_key_is_refused(
    tamper: Callable[[Callable[[Parts], None]], Path],
) -> None:
    twin = pki.signer()

    def wound(parts: Parts) -> None:
        envelope = dsse.unseal(parts["statement.dsse.json"], "x")
        parts["statement.dsse.json"] = dsse._encode(replace(envelope, chain=twin.chain))

    with pytest.raises(Refused, match="not those its signer vouched for"):
        held(tamper(wound))


def test_a_report_signed_true_but_judged_otherwise_is_refused(tmp_path: Path) -> None:
    """The vendor owns the key: only the replay sees that the findings were dropped."""
    path = sealed(tmp_path, findings=sample.CLEAN)
    assert bundle.read(path).report()["ruling"] == "CONFORMING"
    with pytest.raises(Refused, match="findings") as refused:
        held(path)
    assert refused.value.step is REPLAY
    assert "verify it with the suite that made it" in str(refused.value)


def test_one_word_of_one_finding_is_enough(tmp_path: Path) -> None:
    first = sample.FINDINGS[3]._replace(observed=Text.same("2026-11-23T08:59:58Z"))
    path = sealed(tmp_path, findings=(first, *sample.FINDINGS[:3], *sample.FINDINGS[4:]))
    with pytest.raises(Refused, match=r"finding \d+: vihf.assertion-expired"):
        held(path)


def test_a_replay_that_breaks_is_a_refusal(good: Path) -> None:
    def broken(evidence: Evidence, profile: str) -> Mapping[str, JsonValue]:
        raise RuntimeError("no judge")

    with pytest.raises(Refused, match="no judge"):
        verify(good, broken, anchors=(pki.authority().certificate,), now=pki.at(1))


def test_a_report_of_another_format_is_refused(tmp_path: Path) -> None:
    signer, evidence = pki.signer(), sample.record(tmp_path / "evidence")
    report: Any = model.build(evidence, sample.FINDINGS, sample.basis())
    report["schema"] = "urn:other"
    path = bundle.write(tmp_path / "x.dmpcert", evidence, report, signer, now=pki.at())
    with pytest.raises(Refused, match="not a report of format"):
        held(path)


@pytest.mark.parametrize("name", ["ruling", "requirements", "product"])
def test_a_report_that_departs_from_its_schema_is_not_shown(good: Path, name: str) -> None:
    parts = archive.read(good.read_bytes())
    report = json.loads(parts["report.json"])
    report[name] = 7
    broken = bundle.Bundle({**parts, "report.json": json.dumps(report).encode()})
    with pytest.raises(VerificationError, match="cannot be read"):
        broken.report()


def test_a_statement_that_says_another_ruling_is_refused(tmp_path: Path) -> None:
    path, signer = sealed(tmp_path), pki.signer()
    parts = archive.read(path.read_bytes())
    evidence = Evidence.open(tmp_path / "evidence")
    predicate = {**statement.report_predicate(bundle.read(path).report()), "ruling": "CONFORMING"}
    payload = statement.build(
        statement.REPORT_PREDICATE,
        bundle.subjects_of(parts, evidence.root),
        predicate,
        signer.chain,
        pki.at(),
    )
    parts["statement.dsse.json"] = dsse.seal(payload, signer)
    path.write_bytes(archive.write(parts))
    with pytest.raises(Refused, match="another ruling"):
        held(path)


# --- who signed ------------------------------------------------------------------------------


def test_a_signer_of_another_authority_is_refused(good: Path) -> None:
    with pytest.raises(Refused, match="no path leads"):
        held(good, (pki.authority("Autre autorité"),))


def test_an_authority_of_the_same_name_is_refused(good: Path) -> None:
    impostor = pki.authority.__wrapped__("Autorité de test")
    with pytest.raises(Refused, match="no path leads"):
        held(good, (impostor,))


def test_no_anchor_at_all_is_refused(good: Path) -> None:
    with pytest.raises(Refused, match="no path leads"):
        verify(good, rebuild, anchors=(), now=pki.at(1))


def test_the_intermediate_or_the_signer_itself_may_be_the_anchor(tmp_path: Path) -> None:
    signer = pki.signer()
    path = sealed(tmp_path, signer)
    for anchor in (pki.intermediate().certificate, signer.certificate):
        assert verify(path, rebuild, anchors=(anchor,), now=pki.at(1)).findings


def test_a_leaf_is_no_authority(tmp_path: Path) -> None:
    private = pki.key("ec")
    assert not isinstance(private, pki.rsa.RSAPrivateKey)
    fake = pki.Authority(private, pki.signer().certificate)
    below = pki.signer("rsa", issuer=fake)
    chained = Signer(below.key, (*below.chain, fake.certificate, pki.intermediate().certificate))
    with pytest.raises(Refused, match="not an authority"):
        held(sealed(tmp_path, chained))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"days": (-30, -1)}, "valid from"),
        ({"days": (5, 30)}, "valid from"),
        ({"sign": False}, "may not sign"),
        ({"tls_only": True}, "may not sign"),
    ],
)
def test_a_certificate_that_may_not_sign_is_refused_when_signing_and_when_verifying(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], reason: str
) -> None:
    signer = pki.signer(**options)
    with pytest.raises(ConfigurationError, match=reason):
        sealed(tmp_path / "one", signer)
    monkeypatch.setattr(bundle, "_check_signer", lambda *_: None)
    with pytest.raises(Refused, match=reason):
        held(sealed(tmp_path / "two", signer))


def test_an_expired_certificate_still_vouches_for_what_it_signed_in_time(tmp_path: Path) -> None:
    path = sealed(tmp_path, pki.signer(days=(-30, 2)))
    anchors = (pki.authority().certificate,)
    assert verify(path, rebuild, anchors=anchors, now=pki.at(100)).findings


def test_a_signature_of_the_future_or_before_the_run_is_refused(good: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="in the future"):
        verify(good, rebuild, anchors=(pki.authority().certificate,), now=pki.at(-1))
    evidence = sample.record(tmp_path / "evidence")
    report = model.build(evidence, sample.FINDINGS, sample.basis())
    early = bundle.write(tmp_path / "x", evidence, report, pki.signer(), now=pki.at(-1))
    with pytest.raises(Refused, match="before its run ended"):
        held(early)


def test_without_trust_only_the_own_identity_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: Path
) -> None:
    monkeypatch.setenv("DMP_CERTIFY_HOME", str(tmp_path / "home"))
    with pytest.raises(Refused, match="nobody is trusted"):
        verify(good, rebuild, now=pki.at(1))
    own = identity.new(now=pki.at(-1))
    mine = sealed(tmp_path / "mine", own.signer())
    result = verify(mine, rebuild, now=pki.at(1))
    assert result.own_identity
    assert "DMP_CERTIFY_HOME" in result.notes[0].fr
    assert "autre version" in result.notes[1].fr
    with pytest.raises(Refused, match="no path leads"):
        verify(good, rebuild, now=pki.at(1))


# --- countersignatures -----------------------------------------------------------------------

ACCEPTED = Decision("accepted", "GCS de test, Mme Validatrice", "Vu et rejoué.")


def test_the_authority_adds_its_decision_beside_the_first(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    before = archive.read(path.read_bytes())
    assert countersign.add(path, ACCEPTED, pki.signer("rsa"), now=pki.at()).endswith(
        "001.dsse.json"
    )
    second = replace(ACCEPTED, decision="refused", reason="Retrait.")
    countersign.add(path, second, pki.signer("rsa"), now=pki.at())
    after = archive.read(path.read_bytes())
    assert {name: after[name] for name in before} == before
    result = held(path)
    assert [each.decision for each in result.decisions] == ["accepted", "refused"]
    assert result.decisions[0].by == ACCEPTED.by
    assert len(result.steps) == 8


def test_a_decision_cannot_be_moved_reordered_or_left_out(good: Path, tmp_path: Path) -> None:
    path = sealed(tmp_path)
    for reason in ("un", "deux"):
        countersign.add(path, replace(ACCEPTED, reason=reason), pki.signer(), now=pki.at())
    parts = archive.read(path.read_bytes())
    one, two = (f"countersignatures/00{n}.dsse.json" for n in (1, 2))
    other = archive.read(good.read_bytes())
    wounded = [
        {**other, one: parts[one]},
        {**parts, one: parts[two], two: parts[one]},
        {name: data for name, data in parts.items() if name != one},
        {**parts, one: parts["statement.dsse.json"]},
    ]
    for each in wounded:
        path.write_bytes(archive.write(each))
        with pytest.raises(Refused):
            held(path)


def test_a_decision_of_a_stranger_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    stranger = pki.signer("rsa", issuer=pki.authority("Autre autorité"))
    countersign.add(path, ACCEPTED, stranger, now=pki.at())
    with pytest.raises(Refused, match="no path leads"):
        held(path)


def test_a_decision_needs_a_known_word_and_an_author(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    for wrong in (replace(ACCEPTED, decision="perhaps"), replace(ACCEPTED, by=" ")):
        with pytest.raises(ConfigurationError, match="a decision is one of"):
            countersign.add(path, wrong, pki.signer(), now=pki.at())


# --- envelopes -------------------------------------------------------------------------------


def test_an_envelope_has_one_spelling_and_one_signature() -> None:
    data = dsse.seal(b'{"a":1}', pki.signer())
    document = json.loads(data)
    assert dsse.unseal(data, "x").payload == b'{"a":1}'
    spelled = json.dumps(document).encode()
    twice = rfc8785.dumps({**document, "signatures": document["signatures"] * 2}) + b"\n"
    none = rfc8785.dumps({**document, "signatures": []}) + b"\n"
    kind = rfc8785.dumps({**document, "payloadType": "text/plain"}) + b"\n"
    for wrong in (spelled, twice, none, kind, b"[]", b"null", b"\xff", data * 2):
        with pytest.raises(VerificationError):
            dsse.unseal(wrong, "x")
