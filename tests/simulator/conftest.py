"""One test PKI for the whole session; a world, a ledger and a server for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dmp_certify.evidence.ledger import Ledger
from dmp_certify.simulator.http import Limits
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> TestPki:
    return TestPki.create(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def world() -> Iterator[World]:
    world = World.invented(7)
    yield world
    world.close()


@pytest.fixture
def evidence_folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def start(pki: TestPki, world: World, evidence_folder: Path) -> Iterator[Callable[..., DmpServer]]:
    """Start a server with limits of the test's own; it stops with the test."""
    running: list[tuple[DmpServer, Ledger]] = []

    def starter(**limits: float) -> DmpServer:
        ledger = Ledger.create(evidence_folder)
        server = DmpServer(world, ledger, pki, limits=Limits(**limits))  # type: ignore[arg-type]
        server.__enter__()
        running.append((server, ledger))
        return server

    yield starter
    for server, ledger in running:
        server.__exit__(None, None, None)
        ledger.close()


@pytest.fixture
def server(start: Callable[..., DmpServer]) -> DmpServer:
    return start()
