"""Clients that nobody here wrote: zeep makes a TD0.2, curl makes a TD2.1."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from dmp_certify.simulator.pki import TestPki
from dmp_certify.simulator.server import DmpServer
from dmp_certify.simulator.world import World
from tests.simulator.client import TD21, Doc, Lot, Reply, envelope

WSDL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:hl7="urn:hl7-org:v3"
  xmlns:t="urn:essai" targetNamespace="urn:essai">
 <types><xs:schema targetNamespace="urn:hl7-org:v3" xmlns="urn:hl7-org:v3"
   elementFormDefault="qualified">
  <xs:complexType name="II"><xs:attribute name="root"/><xs:attribute name="extension"/>
  </xs:complexType>
  <xs:complexType name="CS"><xs:attribute name="code"/><xs:attribute name="codeSystem"/>
  </xs:complexType>
  <xs:element name="PRPA_IN201307UV02"><xs:complexType><xs:sequence>
   <xs:element name="id" type="II"/>
   <xs:element name="controlActProcess"><xs:complexType><xs:sequence>
    <xs:element name="reasonCode" type="CS"/>
    <xs:element name="queryByParameter"><xs:complexType><xs:sequence>
     <xs:element name="queryId" type="II"/><xs:element name="statusCode" type="CS"/>
     <xs:element name="parameterList"><xs:complexType><xs:sequence>
      <xs:element name="patientIdentifier"><xs:complexType><xs:sequence>
       <xs:element name="value" type="II"/><xs:element name="semanticsText" type="xs:string"/>
      </xs:sequence></xs:complexType></xs:element>
     </xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
   </xs:sequence></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="ITSVersion"/></xs:complexType></xs:element>
  <xs:element name="PRPA_IN201308UV02"><xs:complexType><xs:sequence>
   <xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence><xs:attribute name="ITSVersion"/></xs:complexType></xs:element>
 </xs:schema></types>
 <message name="Ask"><part name="body" element="hl7:PRPA_IN201307UV02"/></message>
 <message name="Answer"><part name="body" element="hl7:PRPA_IN201308UV02"/></message>
 <portType name="Patients"><operation name="Demographics">
  <input message="t:Ask"/><output message="t:Answer"/></operation></portType>
 <binding name="B" type="t:Patients">
  <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="Demographics"><soap:operation
    soapAction="urn:hl7-org:v3:PRPA_IN201307UV02"/>
   <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
  </operation></binding>
 <service name="S"><port name="P" binding="t:B"><soap:address location="LOCATION"/></port></service>
</definitions>
"""


def _zeep(server: DmpServer, pki: TestPki, folder: Path, **options: Any) -> Any:
    zeep = pytest.importorskip("zeep")
    import requests

    wsdl = folder / "patients.wsdl"
    wsdl.write_text(WSDL.replace("LOCATION", f"{server.base_url}/patients"), "utf-8")
    session = requests.Session()
    session.trust_env = False  # REQUESTS_CA_BUNDLE would win over `verify`
    credential = pki.credential("org-auth-cli")
    session.cert = (str(credential.certificate), str(credential.key))
    session.verify = str(pki.ca_bundle)
    return zeep.Client(str(wsdl), transport=zeep.Transport(session=session), **options)


def _ask(client: Any, ins: str) -> Any:
    identifier = {
        "value": {"root": "1.2.250.1.213.1.4.10", "extension": ins},
        "semanticsText": "Patient.id",
    }
    return client.service.Demographics(
        id={"root": "2.999.7", "extension": "1"},
        controlActProcess={
            "reasonCode": {"code": "TEST_EXST", "codeSystem": "1.2.250.1.213.1.1.4.11"},
            "queryByParameter": {
                "queryId": {"root": "2.999.7", "extension": "2"},
                "statusCode": {"code": "new"},
                "parameterList": {"patientIdentifier": identifier},
            },
        },
        ITSVersion="XML_1.0",
    )


def test_zeep_asks_whether_a_record_exists(
    server: DmpServer, pki: TestPki, world: World, tmp_path: Path
) -> None:
    pytest.importorskip("zeep")
    from zeep.wsa import WsAddressingPlugin

    client = _zeep(server, pki, tmp_path, plugins=[WsAddressingPlugin()])
    found = []
    for patient in world.patients():
        act = _ask(client, patient.ins)["_value_1"][-1]
        status = act.find(".//{urn:hl7-org:v3}patient/{urn:hl7-org:v3}statusCode")
        code = act.find(".//{urn:hl7-org:v3}queryResponseCode").get("code")
        found.append((code, None if status is None else status.get("code")))
    assert found == [("OK", "active"), ("OK", "terminated"), ("NF", None)]


def test_zeep_raises_our_faults(
    server: DmpServer, pki: TestPki, world: World, tmp_path: Path
) -> None:
    zeep = pytest.importorskip("zeep")
    client = _zeep(server, pki, tmp_path)
    server.disturb("soap-fault", code="DMPInvalidCertificate", word="tintamarre")
    with pytest.raises(zeep.exceptions.Fault, match="tintamarre") as caught:
        _ask(client, world.patients()[0].ins)
    assert [name.localname for name in caught.value.subcodes] == ["DMPInvalidCertificate"]


def _curl(server: DmpServer, pki: TestPki, *options: str) -> Reply:
    if shutil.which("curl") is None:
        pytest.skip("curl is absent")
    credential = pki.credential("org-auth-cli")
    command = ["curl", "--silent", "--show-error", "--max-time", "30", "--tlsv1.2"]
    command += ["--cacert", str(pki.ca_bundle), "--cert", str(credential.certificate)]
    command += ["--key", str(credential.key), *options, f"{server.base_url}/repository"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return Reply(200, done.stdout, {})


def test_curl_sends_a_hand_made_multipart(
    server: DmpServer, pki: TestPki, world: World, tmp_path: Path
) -> None:
    """Large enough for curl to ask for 100 Continue first."""
    content = b"<cda>" + bytes(range(48, 122)) * 40_000 + b"</cda>"
    body, kind = Lot(world.patients()[0], Doc(content)).mtom()
    (tmp_path / "body").write_bytes(body)
    options = ("--header", f"Content-Type: {kind}", "--data-binary", f"@{tmp_path / 'body'}")
    assert _curl(server, pki, *options).registry_status == "Success"
    assert world.documents()[0].content == content


def test_curl_makes_the_multipart_itself(
    server: DmpServer, pki: TestPki, world: World, tmp_path: Path
) -> None:
    """Boundary, part headers and order are curl's own."""
    lot = Lot(world.patients()[0], Doc(b"<cda>curl</cda>\n"))
    include = (
        '<x:Document id="Document0"><i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" '
        'href="cid:doc%40curl"/></x:Document>'
    )
    (tmp_path / "root.xml").write_bytes(envelope(TD21, lot.metadata(include)))
    (tmp_path / "doc.xml").write_bytes(lot.docs[0].content)
    reply = _curl(
        server,
        pki,
        "--header",
        'Content-Type: multipart/related; type="application/xop+xml"; start="<root@curl>"',
        "--form",
        f'd=@{tmp_path / "doc.xml"};type=text/xml;headers="Content-ID: <doc@curl>"',
        "--form",
        f'r=@{tmp_path / "root.xml"};type=application/xop+xml;headers="Content-ID: <root@curl>"',
    )
    assert reply.registry_status == "Success", etree.tostring(reply.xml)
    assert world.documents()[0].content == b"<cda>curl</cda>\n"
