"""`sut.toml`: each departure is one sentence that says what, where and what next."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.drivers.stub import SUT_TOML
from dmp_certify.engine import config
from dmp_certify.errors import ConfigurationError

GOOD = """\
[product]
vendor = "V"
name = "N"
version = "1"
approval_id = "A"
[conformance]
auth_modes = ["INDIRECTE"]
transactions = ["TD0.2"]
professions = ["10"]
documents = []
[driver]
kind = "command"
command = ["true"]
"""


def parse(text: str) -> config.Sut:
    return config.parse(text.encode(), Path("sut.toml"))


def test_a_sound_file_is_read() -> None:
    sut = parse(GOOD)
    assert (sut.product["name"], sut.timeout, sut.patience) == ("N", 120.0, 10.0)
    assert sut.text == GOOD.encode()


def test_what_init_writes_is_sound() -> None:
    assert parse(SUT_TOML).driver["kind"] == "command"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[driver]", "[diver]", "unknown table 'diver'"),
        ('name = "N"', 'nome = "N"', r"\[product\]: unknown key 'nome'"),
        ('version = "1"\n', "", r"\[product\]: key 'version' is missing; add it"),
        ('version = "1"', "version = 1", r"\[product\] version: must be a string, not 1"),
        ('version = "1"', 'version = " "', r"\[product\] version: is empty; fill it in"),
        ('["INDIRECTE"]', '["INDIRECT"]', "'INDIRECT' is not a mode; use DIRECTE"),
        ('["TD0.2"]', '"TD0.2"', r"transactions: must be a list of strings"),
        ('kind = "command"', 'kind = "magic"', "'magic' is not a driver; use one of command"),
        ('command = ["true"]', "", "driver command needs 'command'; add it"),
        ('command = ["true"]', 'command = ["true"]\ntimeout_seconds = 0', "out of range"),
        ("[product]", "[product", "is not TOML: .*correct that line"),
        ("[driver]", '[user]\nid = "1"\n[driver]', r"\[user\]: key 'family' is missing"),
        (
            "[driver]",
            '[structure]\nid = "1"\nname = "n"\nsector = {code = "SA01"}\n[driver]',
            "sector: needs code, code_system, display_name",
        ),
        (
            "[driver]",
            '[pki]\nauth = "nowhere.p12"\nsign = "x"\ntrust = []\ncrls = []\n[driver]',
            r"\[pki\] auth: .*nowhere.p12 does not exist; correct the path",
        ),
    ],
)
def test_each_departure_is_one_sentence(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=said) as caught:
        parse(GOOD.replace(old, new))
    assert "\n" not in str(caught.value) and "sut.toml" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="dmp-certify init"):
        config.load(str(tmp_path / "sut.toml"))
    (tmp_path / "sut.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        config.load(str(tmp_path / "sut.toml"))


def test_only_the_bundled_product_sins(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--sut reference"):
        config.load(str(tmp_path / "sut.toml"), "soap-11")
    assert config.load("reference", "soap-11").sin == "soap-11"
