"""The reference product against the simulated DMP: two programs that share no code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmp_certify.reference_lps import describe
from dmp_certify.reference_lps.desk import Desk
from dmp_certify.simulator.people import Patient, invent
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.reference_lps.harness import CORPUS, document, order

EXAMPLES = sorted((CORPUS / "ans-cda-3.0" / "ExemplesCDA").glob("*.xml"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "world.sqlite")


@pytest.fixture
def dmp(world: World, pki: TestPki) -> Iterator[DmpServer]:
    with DmpServer(world, None, pki) as running:
        yield running


def test_feed_replace_and_read_back(world: World, dmp: DmpServer, desk: Desk, pki: TestPki) -> None:
    (patient,) = invent("feed", 1)
    world.add(patient, "active")
    asked = {"patient": patient.order()}

    def ask(intent: str, **parameters: Any) -> dict[str, Any]:
        return desk.carry_out(order(pki, dmp.base_url, intent, "s", **asked, **parameters))

    fed = ask("feed", documents=[document(), document("structured")])
    assert fed["outcome"] == "done"
    first, second = (d["unique_id"] for d in fed["detail"]["documents"])
    told = ask("replace", replaces={"unique_id": first}, document=document(title="Suite"))
    assert told["outcome"] == "done"
    (third,) = (d["unique_id"] for d in told["detail"]["documents"])
    status = {uid: _stored(world, uid).status.rpartition(":")[2] for uid in (first, second, third)}
    assert status == {first: "Deprecated", second: "Approved", third: "Approved"}


def test_a_refusal_of_the_simulator_is_told_and_made_good(
    world: World, dmp: DmpServer, desk: Desk, pki: TestPki
) -> None:
    (patient,) = invent("refuse", 1)
    world.add(patient, "active")
    dmp.disturb("refuse", error_code="XDSRepositoryBusy", word="girofle")
    feed = order(pki, dmp.base_url, "feed", "a", patient=patient.order(), documents=[document()])
    told = desk.carry_out(feed)
    assert told["outcome"] == "refused"
    assert "girofle" in told["shown"]
    again = desk.carry_out(order(pki, dmp.base_url, "retry", "b", step="a"))
    assert again["outcome"] == "done"
    assert len([d for d in world.documents() if d.title == "Lettre étoile"]) == 1


def _stored(world: World, unique_id: str) -> Any:
    found = world.document(unique_id)
    assert found is not None
    return found


@pytest.mark.skipif(not EXAMPLES, reason=f"no corpus in {CORPUS}")
def test_every_official_example_is_stored_byte_for_byte(tmp_path: Path, pki: TestPki) -> None:
    by_authority: dict[str, list[tuple[Path, Patient]]] = {}
    for file in EXAMPLES:
        ins, _ = describe.patient_ids(describe.clinical_document(file.read_bytes()))
        patient = _owner(ins)
        by_authority.setdefault(patient.ins_oid, []).append((file, patient))
    # One world for each authority: the examples give the same INS under two of them.
    for authority, files in by_authority.items():
        world = World(tmp_path / f"{authority}.sqlite")
        for patient in {patient.ins: patient for _, patient in files}.values():
            world.add(patient, "active")
        with DmpServer(world, None, pki) as dmp:
            for file, patient in files:
                _feed_exactly(Desk(tmp_path / file.stem), world, dmp, pki, file, patient)


def _feed_exactly(
    desk: Desk, world: World, dmp: DmpServer, pki: TestPki, file: Path, patient: Patient
) -> None:
    wanted = [document("ready-made", path=str(file))]
    told = desk.carry_out(
        order(pki, dmp.base_url, "feed", "a", patient=patient.order(), documents=wanted)
    )
    assert told["outcome"] == "done", (file.name, told)
    (fed,) = told["detail"]["documents"]
    assert _stored(world, fed["unique_id"]).content == file.read_bytes(), file.name


def _owner(cx: str) -> Patient:
    return Patient(
        ins=cx.split("^")[0],
        ins_oid=cx.split("&")[1],
        family_birth="PATIENT",
        given="EXEMPLE",
        given_list="EXEMPLE",
        birth_date="1980-01-01",
        gender="F",
        birth_place_code="75056",
    )
