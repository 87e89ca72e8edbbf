"""One home for the PKI and the identity of all tests that run the suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.catalogue import profiles
from dmp_certify.engine import config
from dmp_certify.engine.plan import Plan


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def plan(home: Path, *only: str, sut: config.Sut | None = None, seed: int = 7) -> Plan:
    product = sut or config.reference()
    return Plan(profiles.load("alimentation"), product, home / "pki", seed, only)
