"""A tiny client of the tests' own: TLS with a client certificate, raw HTTP, raw SOAP."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from dmp_certify.evidence.reader import Evidence
from dmp_certify.simulator.people import Patient
from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer

NS = {
    "soap": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "hl7": "urn:hl7-org:v3",
    "rs": "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "query": "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
}
TD02 = "urn:hl7-org:v3:PRPA_IN201307UV02"
TD21 = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
TD31 = "urn:ihe:iti:2007:RegistryStoredQuery"


def tls(pki: TestPki, name: str | None = "org-auth-cli") -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(pki.ca_bundle))
    if name is not None:
        credential = pki.credential(name)
        context.load_cert_chain(credential.certificate, credential.key)
    return context


def address(server: DmpServer) -> tuple[str, int]:
    parts = urlsplit(server.base_url)
    assert parts.hostname and parts.port
    return parts.hostname, parts.port


def connect(server: DmpServer, pki: TestPki, name: str | None = "org-auth-cli") -> ssl.SSLSocket:
    """A TLS connection on which a test writes what it likes."""
    raw = socket.create_connection(address(server), timeout=20)
    return tls(pki, name).wrap_socket(raw, server_hostname="localhost")


@dataclass
class Reply:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def xml(self) -> Any:
        return etree.fromstring(self.body)

    def find(self, path: str) -> Any:
        return self.xml.find(path, NS)

    def text(self, path: str) -> str:
        found = self.xml.find(path, NS)
        assert found is not None, f"{path} not in {self.body!r}"
        return found.text or ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        found = self.xml.iterfind(".//rs:RegistryError", NS)
        return [(item.get("errorCode"), item.get("codeContext")) for item in found]

    @property
    def registry_status(self) -> str:
        body = self.xml.find("soap:Body", NS)
        return str(body[0].get("status")).rpartition(":")[2]


class Client:
    """Keeps one connection alive, as a product does."""

    def __init__(self, server: DmpServer, pki: TestPki, name: str = "org-auth-cli") -> None:
        self.path = urlsplit(server.base_url).path
        host, port = address(server)
        self.http = http.client.HTTPSConnection(host, port, context=tls(pki, name), timeout=30)

    def post(self, endpoint: str, body: bytes, **headers: str) -> Reply:
        fields = {key.replace("_", "-"): value for key, value in headers.items()}
        fields.setdefault("Content-Type", "application/soap+xml; charset=UTF-8")
        self.http.request("POST", f"{self.path}/{endpoint}", body, fields)
        answer = self.http.getresponse()
        return Reply(answer.status, answer.read(), dict(answer.getheaders()))

    def td02(self, ins: str, oid: str = "1.2.250.1.213.1.4.10") -> Reply:
        return self.post("patients", envelope(TD02, td02_body(ins, oid)))

    def td21(self, lot: Lot) -> Reply:
        body, content_type = lot.mtom()
        return self.post("repository", body, Content_Type=content_type)

    def td31(self, query: str, *, leaf: bool = False, **parameters: str) -> Reply:
        return self.post("registry", envelope(TD31, td31_body(query, leaf, parameters)))


def envelope(action: str, body: str, message_id: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="{NS["soap"]}" xmlns:a="{NS["wsa"]}"><s:Header>
<a:MessageID>{message_id or f"urn:uuid:{uuid.uuid4()}"}</a:MessageID><a:To/>
<a:Action s:mustUnderstand="true">{action}</a:Action></s:Header>
<s:Body>{body}</s:Body></s:Envelope>""".encode()


def td02_body(ins: str, oid: str = "1.2.250.1.213.1.4.10") -> str:
    return f"""<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">
<id root="2.999.5" extension="m1"/><sender><device><id root="2.999.5"/>
<softwareName>Essai</softwareName></device></sender>
<controlActProcess classCode="CACT" moodCode="EVN">
<reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>
<queryByParameter><queryId root="2.999.5" extension="q1"/><statusCode code="new"/>
<parameterList><patientIdentifier><value root="{oid}" extension="{ins}"/>
<semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList>
</queryByParameter></controlActProcess></PRPA_IN201307UV02>"""


def td31_body(query: str, leaf: bool, parameters: dict[str, str]) -> str:
    slots = "".join(
        f'<rim:Slot name="${name}"><rim:ValueList><rim:Value>{value}</rim:Value>'
        "</rim:ValueList></rim:Slot>"
        for name, value in parameters.items()
    )
    kind = "LeafClass" if leaf else "ObjectRef"
    return f"""<q:AdhocQueryRequest xmlns:q="{NS["query"]}" xmlns:rim="{NS["rim"]}">
<q:ResponseOption returnComposedObjects="true" returnType="{kind}"/>
<rim:AdhocQuery id="urn:uuid:{query}">{slots}</rim:AdhocQuery></q:AdhocQueryRequest>"""


@dataclass
class Doc:
    content: bytes
    unique_id: str = ""
    title: str = "Essai"
    hash: str | None = None
    size: str | None = None
    patient: str = ""

    def __post_init__(self) -> None:
        self.unique_id = self.unique_id or f"2.25.{uuid.uuid4().int}"
        if self.hash is None:
            self.hash = hashlib.sha1(self.content).hexdigest()
        if self.size is None:
            self.size = str(len(self.content))


class Lot:
    """A submission set, with faults when a test asks for them."""

    boundary = "MIMEBoundary_essai"

    def __init__(self, patient: Patient | str, *docs: Doc, unique_id: str = "") -> None:
        self.patient = (
            f"{patient.ins}^^^&amp;{patient.ins_oid}&amp;ISO^NH"
            if isinstance(patient, Patient)
            else patient
        )
        self.docs = docs
        self.unique_id = unique_id or f"2.25.{uuid.uuid4().int}"
        self.associations = ""
        self.left_out: set[int] = set()

    def replaces(self, target: str, year: str = "2007") -> Lot:
        self.associations += (
            f'<rim:Association id="a9" associationType="urn:ihe:iti:{year}:AssociationType:RPLC" '
            f'sourceObject="Document0" targetObject="{target}"/>'
        )
        return self

    def metadata(self, documents: str) -> str:
        entries = "".join(self._entry(number, doc) for number, doc in enumerate(self.docs))
        members = "".join(
            f'<rim:Association id="h{number}" sourceObject="SubmissionSet01" '
            f'associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" '
            f'targetObject="Document{number}"/>'
            for number in range(len(self.docs))
        )
        return f"""<x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"
 xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:rim="{NS["rim"]}">
<lcm:SubmitObjectsRequest><rim:RegistryObjectList>
<rim:RegistryPackage id="SubmissionSet01">
{_external("6b5aea1a-874d-4603-a4bc-96a0a7b38446", self.patient)}
{_external("96fdda7c-d067-4183-912e-bf5ee74998a8", self.unique_id)}
</rim:RegistryPackage>{entries}{members}{self.associations}
</rim:RegistryObjectList></lcm:SubmitObjectsRequest>{documents}
</x:ProvideAndRegisterDocumentSetRequest>"""

    def _entry(self, number: int, doc: Doc) -> str:
        slots = "".join(
            f'<rim:Slot name="{name}"><rim:ValueList><rim:Value>{value}</rim:Value>'
            "</rim:ValueList></rim:Slot>"
            for name, value in (("hash", doc.hash), ("size", doc.size))
            if value
        )
        return f"""<rim:ExtrinsicObject id="Document{number}" mimeType="text/xml"
 objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">{slots}
<rim:Name><rim:LocalizedString value="{doc.title}"/></rim:Name>
{_external("58a6f841-87b3-4a3e-92fd-a8ffeff98427", doc.patient or self.patient)}
{_external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", doc.unique_id)}</rim:ExtrinsicObject>"""

    def mtom(self) -> tuple[bytes, str]:
        includes = "".join(
            f'<x:Document id="Document{number}"><xop:Include '
            f'xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:d{number}@essai"/>'
            "</x:Document>"
            for number in range(len(self.docs))
            if number not in self.left_out
        )
        root = envelope(TD21, self.metadata(includes))
        head = f'application/xop+xml; charset=UTF-8; type="application/soap+xml"; action="{TD21}"'
        parts = [_part(self.boundary, head, "root@essai", root)]
        for number, doc in enumerate(self.docs):
            parts.append(_part(self.boundary, "text/xml", f"d{number}@essai", doc.content))
        body = b"".join(parts) + f"--{self.boundary}--\r\n".encode()
        kind = 'multipart/related; type="application/xop+xml"; start="<root@essai>"; ' + (
            f'start-info="application/soap+xml"; boundary="{self.boundary}"'
        )
        return body, kind


def _external(scheme: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="e{uuid.uuid4().hex}" registryObject="x" '
        f'identificationScheme="urn:uuid:{scheme}" value="{value}"/>'
    )


def _part(boundary: str, kind: str, name: str, content: bytes) -> bytes:
    head = (
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{name}>\r\n\r\n"
    )
    return head.encode() + content + b"\r\n"


def recorded(server: DmpServer, folder: Any) -> Evidence:
    """The evidence so far."""
    ledger = server._recorder.ledger
    assert ledger is not None
    ledger.sync()
    return Evidence.open(folder)
