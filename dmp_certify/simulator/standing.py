"""A DMP that stands until it is stopped, to develop a product against.

Its folder keeps everything from one start to the next: the PKI, the world, the evidence.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dmp_certify.evidence.ledger import LEDGER, Ledger
from dmp_certify.finding import Text
from dmp_certify.simulator.http import Limits
from dmp_certify.simulator.people import Patient
from dmp_certify.simulator.pki import STRUCTURE_ID, TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from dmp_certify.simulator.world_file import load

_LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """A DMP that listens: where, with which PKI and evidence folder, for which patients."""

    base_url: str
    pki: TestPki
    evidence: Path
    patients: tuple[tuple[Patient, str], ...]

    def describe(self) -> Text:
        """What a developer needs to call it, in both languages."""
        credential = self.pki.credential("org-auth-cli")
        sign = self.pki.credential("org-sign")
        patients = "\n".join(
            f"  {patient.ins}  {status:<7}  {patient.family_birth} {patient.given}"
            for patient, status in self.patients
        )
        files = (credential.certificate, credential.key, sign.certificate, sign.key)
        return Text(
            fr=f"DMP simulé : {self.base_url}/ (patients, repository, registry)\n"
            f"Autorités : {self.pki.ca_bundle}\n"
            f"ORG_AUTH_CLI : {files[0]} (clé {files[1]})\nORG_SIGN : {files[2]} (clé {files[3]})\n"
            f"PKCS#12 : {credential.pkcs12}, {sign.pkcs12} (mot de passe {sign.password})\n"
            f"Structure : {STRUCTURE_ID}\nPatients (OID 1.2.250.1.213.1.4.10) :\n{patients}\n"
            f"Échanges enregistrés dans {self.evidence}\n",
            en=f"Simulated DMP: {self.base_url}/ (patients, repository, registry)\n"
            f"Authorities: {self.pki.ca_bundle}\n"
            f"ORG_AUTH_CLI: {files[0]} (key {files[1]})\nORG_SIGN: {files[2]} (key {files[3]})\n"
            f"PKCS#12: {credential.pkcs12}, {sign.pkcs12} (password {sign.password})\n"
            f"Structure: {STRUCTURE_ID}\nPatients (OID 1.2.250.1.213.1.4.10):\n{patients}\n"
            f"Exchanges are recorded in {self.evidence}\n",
        )


def serve_forever(
    folder: Path,
    ready: Callable[[Standing], None],
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    world_file: Path | None = None,
    seed: int | str = 0,
    stop: threading.Event | None = None,
    limits: Limits | None = None,
) -> None:
    """Serve until `stop` is set or the user interrupts; `ready` is called once it listens.

    `port` 0 takes a free one. Without `world_file` the world holds three invented patients.
    Raises ConfigurationError on bad input and EvidenceError when the disk takes no more.
    """
    hosts = tuple(dict.fromkeys(["localhost", "127.0.0.1", "::1", *_named(host)]))
    pki = TestPki.create(folder / "pki", hosts)
    path = folder / "world.sqlite"
    world = World(path) if world_file else World.invented(seed, path)
    evidence = folder / "evidence"
    try:
        if world_file is not None:
            load(world_file, world)
        opened = (evidence / LEDGER).exists()
        with (
            Ledger.reopen(evidence) if opened else Ledger.create(evidence) as ledger,
            DmpServer(world, ledger, pki, host, port, limits=limits) as server,
        ):
            ready(Standing(server.base_url, pki, evidence, _statuses(world)))
            _wait(server, stop or threading.Event())
    finally:
        world.close()


def _wait(server: DmpServer, stop: threading.Event) -> None:
    try:
        while not stop.wait(_LOOK_SECONDS):
            if server.failure is not None:
                raise server.failure
    except KeyboardInterrupt:
        return


def _named(host: str) -> list[str]:
    """The host as a name of the certificate; "every address" is not one."""
    return [] if host in ("", "0.0.0.0", "::") else [host]


def _statuses(world: World) -> tuple[tuple[Patient, str], ...]:
    found = []
    for patient in world.patients():
        record = world.record(patient.ins)
        found.append((patient, record.status if record else "absent"))
    return tuple(found)
