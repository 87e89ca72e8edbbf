"""The product's own certificates: opened with their password, trusted, or refused in a sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dmp_certify.engine import config
from dmp_certify.engine.credentials import prepare
from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator.pki import PASSWORD, STRUCTURE_ID, TestPki


@pytest.fixture
def own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> config.Sut:
    other = TestPki.create(tmp_path / "other")
    monkeypatch.setenv("P12_PASSWORD", PASSWORD)
    pki = {
        "auth": str(other.credential("org-auth-cli").pkcs12),
        "sign": str(other.credential("org-sign").pkcs12),
        "password_env": "P12_PASSWORD",
        "trust": [str(other.ca_bundle)],
        "crls": [str(path) for path in other.crls],
    }
    return replace(config.reference(), pki=pki)


def test_the_products_own_certificates_are_trusted(
    home: Path, own: config.Sut, tmp_path: Path
) -> None:
    lent = prepare(home / "pki", config.reference(), tmp_path, "127.0.0.1")
    ours = prepare(home / "pki", own, tmp_path, "127.0.0.1")
    assert len(ours.trust) == 2 * len(lent.trust) and len(ours.crls) == 2 * len(lent.crls)
    assert ours.structure[0] == STRUCTURE_ID
    assert Path(ours.files["auth"]["key"]).stat().st_mode & 0o077 == 0


def test_a_wrong_password_is_one_sentence(
    home: Path, own: config.Sut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("P12_PASSWORD", "wrong")
    with pytest.raises(ConfigurationError, match=r"\[pki\] auth: .*check the password"):
        prepare(home / "pki", own, tmp_path, "127.0.0.1")


def test_a_password_that_is_not_set_is_said(
    home: Path, own: config.Sut, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("P12_PASSWORD")
    with pytest.raises(ConfigurationError, match="no variable P12_PASSWORD; set it"):
        prepare(home / "pki", own, tmp_path, "127.0.0.1")


def test_what_is_not_pem_is_said(home: Path, own: config.Sut, tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nothing")
    bad = replace(own, pki={**own.pki, "trust": [str(tmp_path / "bad.pem")], "crls": []})
    prepare(home / "pki", bad, tmp_path, "127.0.0.1")
    bad = replace(own, pki={**own.pki, "crls": [str(tmp_path / "bad.pem")]})
    with pytest.raises(ConfigurationError, match=r"bad\.pem is not PEM"):
        prepare(home / "pki", bad, tmp_path, "127.0.0.1")
