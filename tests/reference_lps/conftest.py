from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dmp_certify.reference_lps.desk import Desk
from dmp_certify.simulator.pki import TestPki
from tests.reference_lps.harness import LoopbackDmp


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> TestPki:
    return TestPki.create(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def dmp(pki: TestPki) -> Iterator[LoopbackDmp]:
    with LoopbackDmp(pki) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "state")
