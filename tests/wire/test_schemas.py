"""Our own message schemas: what they let through, and that they are wider than the standards'."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from dmp_certify.wire import ns, schemas, xml
from tests.support import bases

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("DMP_CERTIFY_CORPUS") or ROOT.parent / "shared" / "corpus")
STANDARD = CORPUS / "xsd-ebxml" / "XDS.b_DocumentRepository.xsd"
DOCUMENT = f"{{{ns.PREFIXES['xdsb']}}}Document"


def payload(base: str) -> xml.Element:
    envelope = xml.parse(bases.load(base).envelope, "envelope")
    found = envelope.first("soap:Body/*")
    assert found is not None
    return found


@pytest.mark.parametrize(("base", "schema"), [("td2_1", "iti-41"), ("td0_2", "prpa-in201307")])
def test_the_bases_are_valid(base: str, schema: str) -> None:
    assert list(schemas.violations(payload(base), schema)) == []


def test_a_violation_names_its_element_in_plain_words() -> None:
    body = payload("td2_1")
    entry = body.node.find(f".//{{{ns.PREFIXES['rim']}}}ExtrinsicObject")
    assert entry is not None
    late = etree.SubElement(entry, f"{{{ns.PREFIXES['rim']}}}Slot", name="late")
    etree.SubElement(late, f"{{{ns.PREFIXES['rim']}}}ValueList")
    (found,) = schemas.violations(body, "iti-41")
    assert found.place.path.endswith("rim:ExtrinsicObject[1]/rim:Slot[10]")
    assert "Unexpected child" in found.reason


def mutations() -> list[bytes]:
    """The submission of the fixtures after the removal, doubling or moving of each element."""
    made = [bases.load("td2_1").envelope]
    count = len(list(payload("td2_1").node.iter()))
    for number in range(1, count, 3):
        for change in ("remove", "double", "last", "attribute"):
            body = payload("td2_1").node
            target = list(body.iter())[number]
            parent = target.getparent()
            if parent is None or not isinstance(target.tag, str):
                continue
            if change == "remove":
                parent.remove(target)
            elif change == "double":
                target.addnext(etree.fromstring(etree.tostring(target, with_tail=False)))
            elif change == "last":
                parent.append(target)
            elif target.attrib:
                target.attrib.pop(sorted(target.attrib)[0])
            made.append(etree.tostring(body.getroottree()))
    return made


@pytest.mark.skipif(not STANDARD.is_file(), reason=f"no corpus at {CORPUS}")
def test_what_the_standard_schemas_accept_ours_accept() -> None:
    """Ours may be wider, never narrower: a narrower schema would fail correct products."""
    standard = etree.XMLSchema(etree.parse(STANDARD))
    accepted = refused = 0
    for data in mutations():
        body = xml.parse(data, "message").first("//xdsb:ProvideAndRegisterDocumentSetRequest")
        assert body is not None
        # The standard describes the message with its documents inside, as XOP restores it.
        restored = etree.fromstring(etree.tostring(body.node))
        for document in restored.iter(DOCUMENT):
            for child in list(document):
                document.remove(child)
            document.text = "QQ=="
        if standard.validate(restored):
            accepted += 1
            assert list(schemas.violations(body, "iti-41")) == []
        else:
            refused += 1
    assert accepted > 20 and refused > 20
