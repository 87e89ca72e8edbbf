"""Nothing answered is lost: several products at once, a killed server, a full disk, a restart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dmp_certify.errors import ConfigurationError, EvidenceError
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.evidence.reader import Evidence
from dmp_certify.simulator.certificates import Use
from dmp_certify.simulator.people import invent
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.standing import Standing, serve_forever
from dmp_certify.simulator.world import World
from tests.simulator.client import Client, Doc, Lot, recorded


def test_four_products_at_once_do_not_mix(
    server: DmpServer, pki: TestPki, world: World, evidence_folder: Path
) -> None:
    patients = invent("four", 4)
    for number, patient in enumerate(patients):
        world.add(patient)
        pki.issue(f"product-{number}", Use.CLIENT, f"19900000{number}1", f"EDITEUR {number}")
    faults: list[str] = []

    def product(number: int) -> None:
        client = Client(server, pki, f"product-{number}")
        patient = patients[number]
        for turn in range(8):
            reply = client.td02(patient.ins)
            if reply.text(".//hl7:family[@qualifier='BR']") != patient.family_birth:
                faults.append(f"{number}/{turn}: another patient")
            content = b"<a p='%d' t='%d'>" % (number, turn) + os.urandom(3000).hex().encode()
            if client.td21(Lot(patient, Doc(content))).registry_status != "Success":
                faults.append(f"{number}/{turn}: refused")

    threads = [threading.Thread(target=product, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for number, patient in enumerate(patients):
        stored = world.documents(patient.ins)
        assert len(stored) == 8
        assert all(item.content.startswith(b"<a p='%d'" % number) for item in stored)
    evidence = recorded(server, evidence_folder)
    chains = {
        entry.fields["id"]: entry.fields["tls"]["client_chain"][0]
        for entry in evidence.of_kind("connection")
    }
    assert len(set(chains.values())) == 4
    seen: dict[str, set[str]] = {}
    for entry in evidence.of_kind("exchange"):
        raw = evidence.blob(entry.fields["request"]["blob"])
        (who,) = [item.ins for item in patients if item.ins.encode() in raw]
        seen.setdefault(chains[entry.fields["connection"]], set()).add(who)
    assert [len(names) for names in seen.values()] == [1, 1, 1, 1]


_SERVER = """
import sys, threading
from pathlib import Path
from dmp_certify.simulator.standing import serve_forever
def ready(standing):
    print(standing.base_url, flush=True)
serve_forever(Path(sys.argv[1]), ready, seed=11)
"""


def _spawn(folder: Path) -> tuple[subprocess.Popen[str], str]:
    child = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


class _Remote:
    """Stands for a server in another process."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url


def test_kill_9_loses_no_answered_exchange(tmp_path: Path) -> None:
    child, base_url = _spawn(tmp_path)
    pki = TestPki.open(tmp_path / "pki")
    client = Client(_Remote(base_url), pki)  # type: ignore[arg-type]
    patient = invent(11, 3)[0]
    answered: list[bytes] = []

    def feed() -> None:
        try:
            while True:
                lot = Lot(patient, Doc(os.urandom(20_000)))
                if client.td21(lot).registry_status == "Success":
                    answered.append(lot.docs[0].content)
                    if len(answered) == 25:
                        enough.set()
        except (OSError, AssertionError, Exception):
            return

    enough = threading.Event()
    thread = threading.Thread(target=feed)
    thread.start()
    assert enough.wait(30)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    thread.join()

    again, base_url = _spawn(tmp_path)
    client = Client(_Remote(base_url), pki)  # type: ignore[arg-type]
    assert client.td02(patient.ins).find(".//hl7:queryResponseCode").get("code") == "OK"
    os.kill(again.pid, signal.SIGTERM)
    again.wait()
    world = World(tmp_path / "world.sqlite")
    stored = {item.content for item in world.documents()}
    assert set(answered) <= stored
    Ledger.reopen(tmp_path / "evidence").close()
    evidence = Evidence.open(tmp_path / "evidence")
    raws = [evidence.blob(item.fields["request"]["blob"]) for item in evidence.of_kind("exchange")]
    assert all(any(content in raw for raw in raws) for content in answered)
    names = [item.fields["id"] for item in evidence.of_kind("exchange")]
    assert len(set(names)) == len(names)
    assert "resumed" in [item.kind for item in evidence.entries]


def test_a_full_disk_is_never_answered_as_success(
    server: DmpServer, pki: TestPki, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(server, pki)
    patient = world.patients()[0]
    assert client.td02(patient.ins).status == 200

    def full(*_: object, **__: object) -> None:
        raise EvidenceError("no room to record evidence in /x; free some space")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", full)
        reply = client.td21(Lot(patient, Doc(b"<a/>")))
        assert reply.status == 503
        assert b"could not be recorded" in reply.body
    assert world.documents() == []
    assert isinstance(server.failure, EvidenceError)
    assert "free some space" in str(server.failure)


def test_a_fault_of_ours_is_recorded_as_ours(
    server: DmpServer,
    pki: TestPki,
    world: World,
    evidence_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("of the simulator")

    monkeypatch.setattr(World, "has_lot", broken)
    reply = Client(server, pki).td21(Lot(world.patients()[0], Doc(b"<a/>")))
    assert reply.status == 500
    assert reply.text(".//soap:Code/soap:Value") == "soap:Receiver"
    (entry,) = recorded(server, evidence_folder).of_kind("exchange")
    assert "ZeroDivisionError: of the simulator" in entry.fields["suite_fault"]


def test_a_standing_dmp(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text(
        'patients: [{ins: "2850175056123", family_birth: MARTIN, given: CLAIRE, '
        'birth_date: "1985-01-17", gender: F, record: active}]',
        "utf-8",
    )
    stop, up = threading.Event(), threading.Event()
    found: list[Standing] = []

    def ready(standing: Standing) -> None:
        found.append(standing)
        up.set()

    thread = threading.Thread(
        target=serve_forever,
        args=(tmp_path / "dmp", ready),
        kwargs={"world_file": tmp_path / "world.yaml", "stop": stop},
    )
    thread.start()
    assert up.wait(20)
    standing = found[0]
    ((patient, status),) = standing.patients
    client = Client(_Remote(standing.base_url), standing.pki)  # type: ignore[arg-type]
    assert client.td02(patient.ins).status == 200
    stop.set()
    thread.join(20)
    told = standing.describe()
    for text in told:
        assert standing.base_url in text and patient.ins in text
        assert str(standing.pki.ca_bundle) in text
    assert "Autorités" in told.fr and "Authorities" in told.en
    assert status == "active"
    exchanges = list(Evidence.open(standing.evidence).of_kind("exchange"))
    assert len(exchanges) == 1


def test_a_port_that_is_taken(server: DmpServer, world: World, pki: TestPki) -> None:
    port = int(server.base_url.split(":")[2].partition("/")[0])
    with (
        pytest.raises(ConfigurationError, match=rf"cannot listen on 127\.0\.0\.1:{port}"),
        DmpServer(world, None, pki, port=port),
    ):
        pass
