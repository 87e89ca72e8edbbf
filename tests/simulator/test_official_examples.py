"""Each official example document is stored byte-exact, whatever it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.simulator.client import Client, Doc, Lot, recorded

CORPUS = Path(
    os.environ.get("DMP_CERTIFY_CORPUS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
)
EXAMPLES = sorted((CORPUS / "ans-cda-3.0" / "ExemplesCDA").glob("*.xml"))


@pytest.mark.skipif(not EXAMPLES, reason=f"no official examples in {CORPUS}")
def test_every_official_example_is_stored_byte_exact(
    server: DmpServer, pki: TestPki, world: World, evidence_folder: Path
) -> None:
    client = Client(server, pki)
    patient = world.patients()[0]
    contents = [path.read_bytes() for path in EXAMPLES]
    for path, content in zip(EXAMPLES, contents, strict=True):
        reply = client.td21(Lot(patient, Doc(content)))
        assert reply.registry_status == "Success", (path.name, reply.errors)
    assert [item.content for item in world.documents()] == contents
    evidence = recorded(server, evidence_folder)
    for entry, content in zip(evidence.of_kind("exchange"), contents, strict=True):
        assert content in evidence.blob(entry.fields["request"]["blob"])
