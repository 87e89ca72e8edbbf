"""Messages that two receivers would read in two ways: what is doubled is named, never passed."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from dmp_certify.outcome import Outcome
from tests.metamorphic.forging import one
from tests.metamorphic.judging import findings, named
from tests.support import bases
from tests.support.bases import NS
from tests.support.wounds import build

Edit = Callable[[etree._Element], None]
OTHER_PATIENT = "187064512300193^^^&1.2.250.1.213.1.4.10&ISO^NH"
FIRST = "//xdsb:Document[@id='Document01']"
ENTRY = "//rim:ExtrinsicObject[@id='Document01']"


def twin(path: str, change: Edit = lambda node: None, before: bool = False) -> Edit:
    """A second element beside the one of the path, changed."""

    def edit(root: etree._Element) -> None:
        node = one(root, path)
        made = copy.deepcopy(node)
        change(made)
        node.addprevious(made) if before else node.addnext(made)

    return edit


def include_of_another(node: etree._Element) -> None:
    one(node, "descendant-or-self::xop:Include").set("href", "cid:evil@lps.test")


def value(path: str, text: str) -> Edit:
    def edit(node: etree._Element) -> None:
        one(node, path).text = text

    return edit


def _patient(node: etree._Element) -> None:
    node.set("id", "other")
    node.set("value", OTHER_PATIENT)


def _second_include(root: etree._Element) -> None:
    document = one(root, FIRST)
    made = copy.deepcopy(document[0])
    include_of_another(made)
    document.append(made)


def _text_beside(root: etree._Element) -> None:
    one(root, FIRST)[0].tail = "QUJD"


def _include_below(root: etree._Element) -> None:
    document = one(root, FIRST)
    etree.SubElement(document, "{urn:x}Wrapper").append(copy.deepcopy(document[0]))


DOUBLED: dict[str, tuple[Edit, str]] = {
    "a Document, then a forgery": (twin(FIRST, include_of_another), "xds.document-and-entry-apart"),
    "a forgery, then the Document": (
        twin(FIRST, include_of_another, before=True),
        "xds.document-and-entry-apart",
    ),
    "two Includes": (_second_include, "xds.schema-invalid"),
    "an Include and text": (_text_beside, "soap.document-without-bytes"),
    "an Include below a wrapper": (_include_below, "xds.schema-invalid"),
    "an entry": (twin(ENTRY), "xds.object-id-repeated"),
    "a hash": (
        twin(f"{ENTRY}/rim:Slot[@name='hash']", value(".//rim:Value", "0" * 40)),
        "xds.entry-attribute-count",
    ),
    "a patient": (twin(f"{ENTRY}/rim:ExternalIdentifier", _patient), "xds.entry-attribute-count"),
    "a lot": (twin("//lcm:SubmitObjectsRequest"), "xds.schema-invalid"),
    "a list": (twin("//rim:RegistryObjectList"), "xds.schema-invalid"),
    "a Body": (twin("//soap:Body"), "soap.envelope-malformed"),
    "an Action": (
        twin("//wsa:Action", value(".", "urn:ihe:iti:2007:RegistryStoredQuery"), before=True),
        "soap.action-missing",
    ),
    "a MessageID": (twin("//wsa:MessageID"), "soap.message-id-missing"),
    "a patient of the VIHF": (
        twin(
            "//saml:Attribute[contains(@Name,'resource-id')]",
            value("saml:AttributeValue", OTHER_PATIENT),
            before=True,
        ),
        "vihf.attribute-repeated",
    ),
    "a NameID": (twin("//saml:NameID", value(".", "899700000025")), "vihf.schema-invalid"),
    "a Subject": (twin("//saml:Subject"), "vihf.schema-invalid"),
}


@pytest.mark.parametrize(("edit", "check"), DOUBLED.values(), ids=DOUBLED)
def test_what_is_doubled_is_named(edit: Edit, check: str) -> None:
    base = build("td2_1", [])
    evil = base.part("document").data.replace(b"Louise", b"Marion")
    base.parts.append(bases.Part("evil", evil, "evil@lps.test", "text/xml", "Evil"))
    root = etree.fromstring(base.envelope)
    edit(root)
    base.envelope = bases._sign_vihf(etree.tostring(root), base.vihf_signer)
    found = findings(base)
    assert not named(found, Outcome.CRASHED)
    assert check in named(found)


def test_the_stray_part_alone_is_silent() -> None:
    """Without this the part of the forgery could be what is caught."""
    base = build("td2_1", [])
    base.parts.append(bases.Part("evil", b"<x/>", "evil@lps.test", "text/xml", "Evil"))
    root = etree.fromstring(base.envelope)
    assert root.findall(".//xdsb:Document", NS)
    assert not named(findings(base), Outcome.FAIL, Outcome.BLOCKED, Outcome.CRASHED)
