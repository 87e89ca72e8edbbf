"""A loopback DMP that records requests and gives prepared answers, over real mutual TLS 1.2."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from lxml import etree

from dmp_certify.simulator.pki import STRUCTURE_ID, TestPki

NS = {
    "soap": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "hl7": "urn:hl7-org:v3",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "lcm": "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0",
    "xdsb": "urn:ihe:iti:xds-b:2007",
    "xop": "http://www.w3.org/2004/08/xop/include",
    "query": "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
}
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
CORPUS = Path(
    os.environ.get("DMP_CERTIFY_CORPUS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
)

PATIENT: dict[str, Any] = {
    "ins": "279035121518989",
    "ins_oid": "1.2.250.1.213.1.4.10",
    "family_birth": "PAT-TROIS",
    "family_used": None,
    "given": "DOMINIQUE",
    "given_list": "DOMINIQUE MARIE-LOUISE",
    "birth_date": "1979-03-28",
    "gender": "F",
    "birth_place_code": "51215",
    "local_id": {"id": "77", "oid": "2.999.1.1.7"},
}
LETTER = {
    "code": "11490-0",
    "code_system": "2.16.840.1.113883.6.1",
    "display_name": "Lettre de liaison à la sortie d'un établissement de soins",
}
VACCINATION = {
    "code": "87273-9",
    "code_system": "2.16.840.1.113883.6.1",
    "display_name": "Note de vaccination",
}


def document(form: str = "level1-pdf", **changes: Any) -> dict[str, Any]:
    """A document order."""
    kind = VACCINATION if form == "structured" else LETTER
    return {"title": "Lettre étoile", "type": kind, "form": form, **changes}


@dataclass
class Received:
    """One request as the DMP saw it."""

    path: str
    headers: Message
    body: bytes
    peer: dict[str, Any]
    version: str | None

    def parts(self) -> list[tuple[dict[str, str], bytes]]:
        """The MIME parts, or the body as the only one."""
        kind = self.headers["Content-Type"]
        if not kind.startswith("multipart/"):
            return [({}, self.body)]
        boundary = dict(piece.strip().split("=", 1) for piece in kind.split(";") if "=" in piece)[
            "boundary"
        ].strip('"')
        pieces = self.body.split(b"--" + boundary.encode())
        assert pieces[-1] == b"--\r\n"
        found = []
        for piece in pieces[1:-1]:
            head, _, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
            found.append((dict(lines), data.removesuffix(b"\r\n")))
        return found

    @property
    def soap(self) -> etree._Element:
        """The SOAP envelope."""
        return etree.fromstring(self.parts()[0][1])

    def document(self, entry_id: str) -> bytes:
        """The bytes of one document of the lot."""
        include = self.soap.find(f".//xdsb:Document[@id='{entry_id}']/xop:Include", NS)
        assert include is not None
        wanted = f"<{include.get('href', '').removeprefix('cid:')}>"
        return next(d for h, d in self.parts() if h["Content-ID"] == wanted)


def envelope(body: str) -> bytes:
    """A SOAP 1.2 answer."""
    return (
        f'<s:Envelope xmlns:s="{NS["soap"]}"><s:Header/><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def success() -> tuple[int, bytes]:
    """A registry success."""
    status = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    return 200, envelope(f'<r:RegistryResponse xmlns:r="{RS}" status="{status}"/>')


def failure(message: str, code: str = "XDSRepositoryError") -> tuple[int, bytes]:
    """A registry failure."""
    status = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
    severity = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
    error = f'<r:RegistryError errorCode="{code}" codeContext="{message}" severity="{severity}"/>'
    return 200, envelope(
        f'<r:RegistryResponse xmlns:r="{RS}" status="{status}">'
        f"<r:RegistryErrorList>{error}</r:RegistryErrorList></r:RegistryResponse>"
    )


def fault(reason: str) -> tuple[int, bytes]:
    """A SOAP fault of the DMP."""
    return 500, envelope(
        "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>"
        "<s:Value>s:DMPInvalidCertificate</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="fr">{reason}</s:Text></s:Reason></s:Fault>'
    )


def demographics(status: str | None) -> tuple[int, bytes]:
    """A TD0.2 answer; None: no such record."""
    code = "OK" if status else "NF"
    patient = f'<patient><statusCode code="{status}"/></patient>' if status else ""
    return 200, envelope(
        '<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3"><acknowledgement typeCode="AA"/>'
        f"<controlActProcess>{patient}"
        f'<queryAck><queryResponseCode code="{code}"/></queryAck></controlActProcess>'
        "</PRPA_IN201308UV02>"
    )


def reference(entry_uuid: str) -> tuple[int, bytes]:
    """A TD3.1 answer with one reference."""
    status = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    return 200, envelope(
        f'<q:AdhocQueryResponse xmlns:q="{NS["query"]}" xmlns:rim="{NS["rim"]}" status="{status}">'
        f'<rim:RegistryObjectList><rim:ObjectRef id="{entry_uuid}"/></rim:RegistryObjectList>'
        "</q:AdhocQueryResponse>"
    )


Answer = tuple[int, bytes] | Callable[[Received], tuple[int, bytes]]


@dataclass
class LoopbackDmp:
    """Answers from `answers` in turn, then with success; None closes the connection."""

    pki: TestPki
    answers: list[Answer | None] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def __enter__(self) -> LoopbackDmp:
        dmp = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                tls = self.connection
                assert isinstance(tls, ssl.SSLSocket)
                got = Received(
                    self.path, self.headers, body, dict(tls.getpeercert() or {}), tls.version()
                )
                dmp.received.append(got)
                answer = dmp.answers.pop(0) if dmp.answers else success()
                if answer is None:
                    self.close_connection = True
                    return
                status, data = answer(got) if callable(answer) else answer
                self.send_response(status)
                self.send_header("Content-Type", "application/soap+xml; charset=UTF-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None: ...

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.pki.server.certificate, self.pki.server.key)
        context.load_verify_locations(self.pki.ca_bundle)
        context.verify_mode = ssl.CERT_REQUIRED

        class Server(ThreadingHTTPServer):
            def get_request(self) -> tuple[Any, Any]:
                connection, address = super().get_request()
                return context.wrap_socket(connection, server_side=True), address

            def handle_error(self, *_: Any) -> None: ...

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def order(self, intent: str, step: str = "s1", /, **parameters: Any) -> dict[str, Any]:
        """An order of the driver contract against this DMP."""
        port = self._server.server_address[1]
        base_url = f"https://127.0.0.1:{port}/si-dmp-server/v2/services"
        return order(self.pki, base_url, intent, step, **parameters)


def order(
    pki: TestPki, base_url: str, intent: str, step: str = "s1", /, **parameters: Any
) -> dict[str, Any]:
    """An order of the driver contract."""
    auth = pki.credential("org-auth-cli")
    sign = pki.credential("org-sign")
    return {
        "intent": intent,
        "parameters": parameters,
        "as": {
            "user": {
                "id": "899700000017",
                "family": "MARTIN",
                "given": "Camille",
                "profession": {
                    "code": "10",
                    "code_system": "1.2.250.1.71.1.2.7",
                    "display_name": "Médecin",
                },
                "specialty": {
                    "code": "SM26",
                    "code_system": "1.2.250.1.71.4.2.5",
                    "display_name": "Qualifié en Médecine Générale (SM)",
                },
            },
            "structure": {
                "id": STRUCTURE_ID,
                "name": "CENTRE DE SANTE DE TEST",
                "sector": {
                    "code": "SA05",
                    "code_system": "1.2.250.1.71.4.2.4",
                    "display_name": "Centre de santé",
                },
            },
            "mode": "INDIRECTE",
        },
        "endpoint": {
            "base_url": base_url,
            "trust": str(pki.ca_bundle),
            "auth": {"certificate": str(auth.certificate), "key": str(auth.key)},
            "sign": {"certificate": str(sign.certificate), "key": str(sign.key)},
        },
        "scenario": "a-scenario",
        "step": step,
    }


def slots(entry: etree._Element) -> Mapping[str, list[str]]:
    """The slots of a registry object."""
    return {
        slot.get("name", ""): [value.text or "" for value in slot.findall(".//rim:Value", NS)]
        for slot in entry.findall("rim:Slot", NS)
    }
