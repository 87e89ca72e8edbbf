"""The world: named transitions, kept over a restart, described by a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp_certify.errors import ConfigurationError, EvidenceError
from dmp_certify.simulator.people import INS_TEST_OID, Patient, ins_key, invent
from dmp_certify.simulator.store import Store
from dmp_certify.simulator.world import TRANSITIONS, World
from dmp_certify.simulator.world_file import load

GOOD = """
patients:
  - ins: "2850175056123"
    family_birth: MARTIN
    given: CLAIRE
    birth_date: "1985-01-17"
    gender: F
    record: active
    authorisation: INTERDIT
    attending_doctor: true
    documents:
      - {title: "Lettre & suite", file: lettre.xml, unique_id: "2.999.8.1"}
  - {ins: "1450275056123", family_birth: DURAND, given: PAUL, birth_date: "1945-02-01",
     gender: M, record: closed}
  - {ins: "145022A056123", family_birth: LECA, given: ANGE, birth_date: "1945-02-01",
     gender: M, record: absent}
"""


def test_ins_keys_of_published_identities() -> None:
    known = "207058575627097 153078987658513 157069329642881 279035121518989 277076322082910"
    for ins in known.split():
        assert ins_key(ins[:13]) == ins[13:]
    assert ins_key("145022A056123") == f"{97 - 1450219056123 % 97:02d}"
    for bad in ("", "12", "X" * 13, "1450275056123456"):
        with pytest.raises(ValueError, match="matricule"):
            ins_key(bad)


def test_invented_patients_are_seeded_and_well_formed() -> None:
    first, again, other = invent(3, 20), invent(3, 20), invent(4, 20)
    assert first == again != other
    assert len({patient.ins for patient in first}) == 20
    for patient in first:
        assert ins_key(patient.ins[:13]) == patient.ins[13:]
        assert patient.ins[0] == ("2" if patient.gender == "F" else "1")
        assert patient.ins[1:5] == patient.birth_date[2:4] + patient.birth_date[5:7]
        assert patient.ins[5:10] == patient.birth_place_code
        assert patient.given_list.split()[0] == patient.given
    order = first[0].order()
    assert order["ins_oid"] == INS_TEST_OID
    assert set(order["local_id"]) == {"id", "oid"}


def test_transitions_are_named_and_kept() -> None:
    world = World()
    patient = invent(1, 1)[0]
    world.add(patient)
    world.apply("record-closed", ins=patient.ins)
    record = world.record(patient.ins)
    assert record is not None and record.status == "closed"
    world.apply("record-reactivated", ins=patient.ins)
    world.apply("authorisation-set", ins=patient.ins, value="EXPIRE")
    record = world.record(patient.ins)
    assert record is not None and (record.status, record.authorisation) == ("active", "EXPIRE")
    names = [name for name, _ in world.history()]
    assert names == [
        "patient-known",
        "record-created",
        "record-closed",
        "record-reactivated",
        "authorisation-set",
    ]
    assert set(names) <= set(TRANSITIONS)


def test_what_cannot_happen_is_said_and_leaves_nothing() -> None:
    world = World()
    patient = invent(1, 1)[0]
    with pytest.raises(ConfigurationError, match="no transition 'teleported'"):
        world.apply("teleported")
    with pytest.raises(ConfigurationError, match="nothing to change"):
        world.apply("record-closed", ins=patient.ins)
    world.add(patient)
    with pytest.raises(ConfigurationError, match="patients cannot take"):
        world.add(patient)
    with pytest.raises(ConfigurationError, match="status 'asleep'"):
        world.add(invent(2, 1)[0], "asleep")
    with pytest.raises(RuntimeError), world.transaction():
        world.apply("record-closed", ins=patient.ins)
        raise RuntimeError
    record = world.record(patient.ins)
    assert record is not None and record.status == "active"
    assert len(world.history()) == 2


def test_a_world_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite"
    first = World.invented(5, path)
    patients = first.patients()
    first.apply("record-closed", ins=patients[0].ins)
    first.close()
    second = World.invented(5, path)
    assert second.patients() == patients
    record = second.record(patients[0].ins)
    assert record is not None and record.status == "closed"


def test_a_file_that_is_no_world(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite"
    path.write_bytes(b"this is not a database, and long enough to be seen as such" * 20)
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        World(path)


def test_world_file(tmp_path: Path) -> None:
    (tmp_path / "lettre.xml").write_bytes(b"<ClinicalDocument/>\r\n")
    path = tmp_path / "world.yaml"
    path.write_text(GOOD, "utf-8")
    world = World()
    claire, paul, ange = load(path, world)
    assert claire.ins == "2850175056123" + ins_key("2850175056123")
    record = world.record(claire.ins)
    assert record is not None
    assert (record.authorisation, record.attending_doctor) == ("INTERDIT", True)
    closed = world.record(paul.ins)
    assert closed is not None and closed.status == "closed"
    assert world.record(ange.ins) is None
    (document,) = world.documents(claire.ins)
    assert document.content == b"<ClinicalDocument/>\r\n"
    assert (document.title, document.unique_id) == ("Lettre & suite", "2.999.8.1")
    # A second start finds everything in its place.
    before = world.history()
    assert load(path, world) == [claire, paul, ange]
    assert world.history() == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("gender: F", "gender: X", r"at patients/0/gender: 'X' is not one of"),
        ("given: CLAIRE", "given: CLAIRE\n    shoe: 38", r"at patients/0: .*'shoe'"),
        ("2850175056123", "285017505612399", r"patient 1: the key of INS"),
        ("2850175056123", "28501", r"at patients/0/ins"),
        ("lettre.xml", "absente.xml", r"absente\.xml, which cannot be read"),
        ("patients:", "patients: {", r"is not YAML"),
        ("record: absent", "record: absent, authorisation: VALIDE", r"an absent record holds"),
        ("patients:", "people:", r"at its root"),
    ],
)
def test_world_files_that_are_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "lettre.xml").write_bytes(b"<a/>")
    path = tmp_path / "world.yaml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    world = World()
    with pytest.raises(ConfigurationError, match=said):
        load(path, world)
    assert world.patients() == []


def test_a_missing_world_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="check its path"):
        load(tmp_path / "none.yaml", World())


def test_a_patient_is_what_an_order_says() -> None:
    patient = invent(9, 1)[0]
    traits = patient.order()
    local = traits.pop("local_id")
    assert Patient(**traits, local_id=local["id"], local_oid=local["oid"]) == patient


def test_a_full_disk_is_said_and_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path / "world.sqlite")
    pages = store.row("PRAGMA page_count")
    assert pages is not None
    store.row(f"PRAGMA max_page_count={pages['page_count']}")
    with pytest.raises(EvidenceError, match="free some space"), store.transaction():
        store.run("INSERT INTO lots VALUES ('1.2', 'x', 'y', ?)", "long" * 100_000)
    assert store.rows("SELECT * FROM lots") == []
    with store.transaction():
        store.run("INSERT INTO lots VALUES ('1.2', 'x', 'y', 'short')")
    assert len(store.rows("SELECT * FROM lots")) == 1
    store.close()
