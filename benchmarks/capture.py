"""What capture costs: the same server with and without its record, in one run.

Two clients in processes of their own feed 200 kB MTOM bodies over mTLS keep-alive. Short blocks on
the bare and on the capturing server alternate, so that a busy machine slows both; the cost is the
median over pairs of neighbouring blocks. Stable storage follows behind the traffic (group commit),
so the flush of a captured block is waited for, and told, apart.
Measured twice: on the server as it is (it reads each lot and stores it in its world), and on one
that answers every request alike, so that nothing but transport stands beside the capture.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dmp_certify.evidence.ledger import Ledger
from dmp_certify.simulator import soap
from dmp_certify.simulator.disturb import Disturbance
from dmp_certify.simulator.dmp import ENDPOINTS, Dmp, Endpoint
from dmp_certify.simulator.endpoints import repository
from dmp_certify.simulator.endpoints.ebxml import RS, response
from dmp_certify.simulator.http import Received
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.soap import Answer, Message
from dmp_certify.simulator.world import World

BODY_BYTES = 200_000
CLIENTS = 2
LIMIT_PERCENT = 25
WORK = Path(__file__).resolve().parents[1] / "build"
Pairs = list[tuple[float, float]]
BOUNDARY = "MIMEBoundary_mesure"


class FixedDmp(Dmp):
    """Answers every request with the same success: what is left is the server itself."""

    def read(self, received: Received) -> Message:
        return Message(message_id="urn:uuid:0")

    def route(self, message: Message, target: str) -> Endpoint:
        return ENDPOINTS[1]

    @contextmanager
    def answering(
        self, message: Message, endpoint: Endpoint, disturbance: Disturbance | None
    ) -> Iterator[Answer]:
        done = response(f"{{{RS}}}RegistryResponse", [])
        yield soap.reply(message, f"{repository.ACTION}Response", done)


def body(number: int, patient: str) -> bytes:
    """A TD2.1 request of `BODY_BYTES` bytes; no two are alike, as no two lots are."""
    salt = f"2.25.{os.getpid()}{number:012d}"
    scheme = "urn:uuid:"
    metadata = f"""<s:Envelope xmlns:s="{soap.SOAP}" xmlns:a="{soap.WSA}"><s:Header>
<a:Action>{repository.ACTION}</a:Action><a:MessageID>urn:uuid:{salt}</a:MessageID></s:Header>
<s:Body><x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"
 xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><l:SubmitObjectsRequest
 xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><r:RegistryObjectList>
<r:RegistryPackage id="S"><r:ExternalIdentifier value="{patient}"
 identificationScheme="{scheme}6b5aea1a-874d-4603-a4bc-96a0a7b38446"/><r:ExternalIdentifier
 value="{salt}.1" identificationScheme="{scheme}96fdda7c-d067-4183-912e-bf5ee74998a8"/>
</r:RegistryPackage><r:ExtrinsicObject id="D" mimeType="text/xml"><r:ExternalIdentifier
 value="{patient}" identificationScheme="{scheme}58a6f841-87b3-4a3e-92fd-a8ffeff98427"/>
<r:ExternalIdentifier value="{salt}.2"
 identificationScheme="{scheme}2e82c1f6-a085-4c72-9da3-8640a32e42ab"/></r:ExtrinsicObject>
</r:RegistryObjectList></l:SubmitObjectsRequest><x:Document id="D"><i:Include
 xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:d@m"/></x:Document>
</x:ProvideAndRegisterDocumentSetRequest></s:Body></s:Envelope>"""
    head = (
        f"--{BOUNDARY}\r\nContent-Type: application/xop+xml\r\nContent-ID: <r@m>\r\n\r\n"
        f"{metadata}\r\n--{BOUNDARY}\r\nContent-Type: text/xml\r\nContent-ID: <d@m>\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    return head + b"<a>" + b"x" * (BODY_BYTES - len(head) - len(tail) - 7) + b"</a>" + tail


def feed(urls: tuple[str, str], folder: str, patient: str, orders: Connection) -> None:
    """One client: keeps a connection to each server, sends a block when told to which one."""
    pki = TestPki.open(Path(folder))
    credential = pki.credential("org-auth-cli")
    context = ssl.create_default_context(cafile=str(pki.ca_bundle))
    context.load_cert_chain(credential.certificate, credential.key)
    parts = [urlsplit(url) for url in urls]
    clients = [
        http.client.HTTPSConnection(each.hostname or "", each.port, context=context)
        for each in parts
    ]
    headers = {"Content-Type": f'multipart/related; boundary="{BOUNDARY}"; start="<r@m>"'}
    target = f"{parts[0].path}/repository"
    number = 0
    while (order := orders.recv()) is not None:
        which, count = order
        bodies = [body(number + each, patient) for each in range(count)]
        number += count
        orders.send("ready")
        orders.recv()
        for each in bodies:
            clients[which].request("POST", target, each, headers)
            answer = clients[which].getresponse()
            if answer.status != 200 or b"Success" not in answer.read():
                raise SystemExit(f"the server answered {answer.status}")
        orders.send("done")


class Bench:
    """The two servers, the clients, and blocks of requests timed on one or the other."""

    def __init__(self, folder: Path, whole: bool) -> None:
        pki = TestPki.create(folder / "pki")
        self.ledger = Ledger.create(folder / "evidence")
        self.worlds = [World.invented("bench"), World.invented("bench")]
        self.servers = [
            DmpServer(self.worlds[0], None, pki).__enter__(),
            DmpServer(self.worlds[1], self.ledger, pki).__enter__(),
        ]
        if not whole:
            for server, world in zip(self.servers, self.worlds, strict=True):
                server._exchanger._dmp = FixedDmp(world)
        patient = self.worlds[0].patients()[0]
        cx = f"{patient.ins}^^^&amp;{patient.ins_oid}&amp;ISO^NH"
        urls = (self.servers[0].base_url, self.servers[1].base_url)
        context = multiprocessing.get_context("spawn")
        self.pipes: list[Connection] = []
        self.flushes: list[float] = []
        for _ in range(CLIENTS):
            ours, theirs = context.Pipe()
            context.Process(
                target=feed, args=(urls, str(pki.folder), cx, theirs), daemon=True
            ).start()
            self.pipes.append(ours)

    def block(self, which: int, count: int) -> float:
        """Requests per second of one block; a captured one is flushed after the clock stops."""
        for pipe in self.pipes:
            pipe.send((which, count // CLIENTS))
        for pipe in self.pipes:
            pipe.recv()
        began = time.perf_counter()
        for pipe in self.pipes:
            pipe.send("go")
        for pipe in self.pipes:
            pipe.recv()
        ended = time.perf_counter()
        if which:
            self.ledger.sync()
            self.flushes.append(1000 * (time.perf_counter() - ended))
        return count // CLIENTS * CLIENTS / (ended - began)

    def close(self) -> None:
        """Part from everybody."""
        for pipe in self.pipes:
            pipe.send(None)
        for server in self.servers:
            server.__exit__(None, None, None)
        self.ledger.close()


def measure(folder: Path, pairs: int, count: int, whole: bool) -> tuple[Pairs, float]:
    """Pairs of throughputs of neighbouring blocks, bare and capturing; the flush of one, in ms."""
    bench = Bench(folder, whole)
    try:
        for which in (0, 1):
            bench.block(which, count // 2)
        found = []
        for number in range(pairs):
            order = (0, 1) if number % 2 else (1, 0)
            speed = {which: bench.block(which, count) for which in order}
            found.append((speed[0], speed[1]))
        return found, statistics.median(bench.flushes)
    finally:
        bench.close()


def results(found: Pairs, suffix: str, limit: str) -> list[dict[str, Any]]:
    """The measures of one kind of server, as `make bench` writes them."""
    bare = statistics.median(pair[0] for pair in found)
    capturing = statistics.median(pair[1] for pair in found)
    cost = statistics.median(100 * (1 - each[1] / each[0]) for each in found)
    names = [f"{name}{suffix}" for name in ("capture_bare", "capture_on", "capture_cost")]
    values = [(bare, "requests/s", ""), (capturing, "requests/s", names[0]), (cost, "%", limit)]
    return [
        {"name": name, "value": round(value, 1), "unit": unit, "against": against}
        for name, (value, unit, against) in zip(names, values, strict=True)
    ]


def main() -> int:
    """Print one line per measure; 1 when capture costs the server more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--count", type=int, default=100, help="requests per block")
    parser.add_argument("--json", type=Path, help="also write the measures to this file")
    options = parser.parse_args()
    found: list[dict[str, Any]] = []
    for whole, suffix, limit in (
        (True, "", f"at most {LIMIT_PERCENT} % of capture_bare"),
        (False, "_transport_only", "capture_bare_transport_only"),
    ):
        # Not in /tmp: ext4 is slow to create files where many were deleted a moment ago.
        WORK.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            pairs, flush = measure(Path(folder), options.pairs, options.count, whole)
        measures = results(pairs, suffix, limit)
        block = f"{options.count} exchanges of 200 kB"
        told = {"name": f"capture_flush{suffix}", "value": round(flush, 1), "unit": "ms"}
        measures.append({**told, "against": block})
        for each in measures:
            print(each["name"], each["value"], each["unit"], flush=True)
        found += measures
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return int(found[2]["value"] > LIMIT_PERCENT)


if __name__ == "__main__":
    sys.exit(main())
