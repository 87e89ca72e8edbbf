"""Whatever a product sends, the DMP answers: a fault of its own would void the product's run."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from dmp_certify.simulator.dmp import Dmp
from dmp_certify.simulator.http import Received
from dmp_certify.simulator.people import INS_TEST_OID
from dmp_certify.simulator.soap import SoapFault
from dmp_certify.simulator.spool import Spool
from dmp_certify.simulator.world import World
from tests.simulator.client import TD02, TD21, TD31, Doc, Lot, envelope, td02_body, td31_body

TURNS = 150


def _answer(dmp: Dmp, body: bytes, content_type: str) -> int:
    received = Received(Spool(None), "POST", "/x", [("content-type", content_type)], body)
    try:
        message = dmp.read(received)
        endpoint = dmp.route(message, received.target)
    except SoapFault as fault:
        return fault.status
    with dmp.answering(message, endpoint, None) as answer:
        etree.fromstring(answer.body)
        return answer.status


def _wound(source: random.Random, data: bytes) -> bytes:
    """One to three elements or attributes lost, renamed, emptied, doubled or made absurd."""
    root = etree.fromstring(data)
    for _ in range(source.randint(1, 3)):
        nodes = [node for node in root.iter() if node is not root]
        if not nodes:
            break
        node = source.choice(nodes)
        parent = node.getparent()
        assert parent is not None
        match source.randrange(7):
            case 0:
                parent.remove(node)
            case 1:
                node.tag = "{urn:other}" + etree.QName(node).localname
            case 2:
                node.text = source.choice(["", "   ", "é\u2028", "'", "((('", "9" * 400])
            case 3:
                parent.append(etree.fromstring(etree.tostring(node, with_tail=False)))
            case 4 if node.attrib:
                del node.attrib[source.choice(list(node.attrib))]
            case 5 if node.attrib:
                odd = ["", "urn:uuid:", "x" * 300, "^^^&&ISO", "'", "urn:uuid:zz", "\u0085"]
                node.attrib[source.choice(list(node.attrib))] = source.choice(odd)
            case _:
                node.clear()
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.mark.parametrize("seed", range(4))
def test_wounded_messages_are_answered(seed: int) -> None:
    source = random.Random(seed)
    world = World.invented(7)
    patient = world.patients()[0]
    lot = Lot(patient, Doc(b"<a/>"), Doc(b"<b/>")).replaces("urn:uuid:1")
    text = "".join(f'<x:Document id="Document{n}">eA==</x:Document>' for n in range(2))
    cx = f"'{patient.ins}^^^&amp;{INS_TEST_OID}&amp;ISO^NH'"
    query = {"XDSDocumentEntryPatientId": cx, "XDSDocumentEntryStatus": "('a','b')"}
    messages = (
        envelope(TD02, td02_body(patient.ins)),
        envelope(TD21, lot.metadata(text)),
        envelope(TD31, td31_body("14d4debf-8f97-4251-9a74-a90016b0af0d", True, query)),
    )
    dmp = Dmp(world)
    statuses = set()
    for _ in range(TURNS):
        body = _wound(source, source.choice(messages))
        statuses.add(_answer(dmp, body, "application/soap+xml"))
    assert statuses == {200, 500}


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_are_answered(seed: int) -> None:
    source = random.Random(seed)
    world = World.invented(7)
    body, kind = Lot(world.patients()[0], Doc(b"<a/>")).mtom()
    dmp = Dmp(world)
    for _ in range(TURNS):
        damaged = bytearray(body)
        for _ in range(source.randint(1, 4)):
            at = source.randrange(len(damaged))
            match source.randrange(3):
                case 0:
                    damaged[at] = source.randrange(256)
                case 1:
                    del damaged[at : at + source.randint(1, 200)]
                case _:
                    damaged[at:at] = source.randbytes(source.randint(1, 40))
        assert _answer(dmp, bytes(damaged), kind) in (200, 500)
    for odd in (
        'multipart/related; boundary=""',
        "multipart/related; boundary=é\udc80",
        "multipart/",
    ):
        assert _answer(dmp, body, odd) == 500
