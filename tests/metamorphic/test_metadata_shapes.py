"""Other legal shapes of the metadata, alone and with the documents they describe: silence."""

from __future__ import annotations

import copy
import random
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp_certify.outcome import Outcome
from tests.metamorphic.judging import assert_silent, findings, wrong
from tests.metamorphic.shaping import (
    CLINICAL,
    DOCUMENT,
    INS,
    RIM,
    XML_LANG,
    XSI,
    Edit,
    add,
    another,
    author,
    before_each,
    both,
    classified,
    drop,
    every,
    null,
    put,
    shaped,
    slot,
)
from tests.support import bases
from tests.support.bases import NS

SETTINGS = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
OBJECTS = "//rim:ExtrinsicObject|//rim:RegistryPackage"
TITLES = f"{CLINICAL}/rim:Name/rim:LocalizedString"
NATIONAL = "//rim:Value[contains(text(),'IDNPS')]"
STRUCTURE = "//rim:Value[contains(text(),'IDNST')]"


@SETTINGS
@given(seed=st.integers(0, 10**6))
def test_any_order_is_silent(seed: int) -> None:
    """Slots, classifications, identifiers, objects and documents in another order."""
    rng = random.Random(seed)

    def shuffle(root: etree._Element) -> None:
        for owner in every(root, OBJECTS):
            for kind in ("Slot", "Classification", "ExternalIdentifier"):
                _shuffle(rng, owner, owner.findall(f"{{{RIM}}}{kind}"))
        (listed,) = every(root, "//rim:RegistryObjectList")
        _shuffle(rng, listed, list(listed))
        (request,) = every(root, "//xdsb:ProvideAndRegisterDocumentSetRequest")
        _shuffle(rng, request, request.findall("xdsb:Document", NS))

    assert_silent(shaped("td2_1_lot2", envelope=shuffle))


def _shuffle(rng: random.Random, owner: etree._Element, children: list[etree._Element]) -> None:
    places = [owner.index(child) for child in children]
    for child in children:
        owner.remove(child)
    rng.shuffle(children)
    for place, child in zip(places, children, strict=True):
        owner.insert(place, child)


@pytest.mark.parametrize("style", ["uuid", "symbolic"])
def test_other_ids_are_silent(style: str) -> None:
    base = bases.load("td2_1_lot2")
    root = etree.fromstring(base.envelope)
    names: dict[str, str] = {}
    for node in every(root, "//rim:RegistryObjectList//*[@id]"):
        old = node.get("id")
        new = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, old)}"
        names[old] = new if style == "uuid" else f"_{old}.é-1"
    for node in root.iter(etree.Element):
        for key in ("id", "classifiedObject", "registryObject", "sourceObject", "targetObject"):
            if node.get(key) in names:
                node.set(key, names[node.get(key)])
    for part in base.parts:
        part.entry = names[part.entry]
    base.envelope = etree.tostring(root)
    bases.seal(base)
    assert_silent(base)


def _languages(language: str, charset: str) -> Edit:
    def edit(root: etree._Element) -> None:
        for node in every(root, "//rim:LocalizedString"):
            for key, value in ((XML_LANG, language), ("charset", charset)):
                node.attrib.pop(key, None)
                if value:
                    node.set(key, value)

    return edit


def _second_language(root: etree._Element) -> None:
    for name in every(root, "//rim:Classification/rim:Name"):
        other = copy.deepcopy(name[0])
        other.set(XML_LANG, "en-US")
        other.set("value", "x")
        name.append(other)


def _registry_attributes(root: etree._Element) -> None:
    for node in every(root, OBJECTS):
        node.set("status", "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved")
    for node in every(root, "//rim:ExtrinsicObject"):
        node.set("isOpaque", "false")
        node.set("lid", node.get("id"))
        node.set("home", "urn:oid:1.2.250.1.1")


def _node_inside_the_package(root: etree._Element) -> None:
    (node,) = every(root, "//rim:RegistryObjectList/rim:Classification")
    every(root, "//rim:RegistryPackage/rim:Classification")[0].addprevious(node)


def _spaced_values(root: etree._Element) -> None:
    for node in every(root, "//rim:Value[text()]"):
        node.text = f"\n     {node.text}\n   "


def _appended(path: str, end: str) -> Edit:
    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            node.text = f"{node.text}{end}"

    return edit


def _replaced(path: str, old: str, new: str) -> Edit:
    def edit(root: etree._Element) -> None:
        for node in every(root, path):
            assert old in node.text
            node.text = node.text.replace(old, new)

    return edit


def _effective_dates(root: etree._Element) -> None:
    for node in every(root, "//rim:ExternalIdentifier[contains(@value,'^NH')]"):
        node.set("value", f"{node.get('value')}^^20100907")
    _appended("//rim:Value[contains(text(),'ISO^NH')]", "^^20100907")(root)


def _roles(root: etree._Element) -> None:
    add("//rim:Slot[@name='authorPerson']", _slot("authorRole", "Médecin"), prefix="rim")(root)


def _slot(name: str, value: str = "") -> str:
    held = f"<Value>{value}</Value>" if value else ""
    return f'<Slot name="{name}"><ValueList>{held}</ValueList></Slot>'


ENVELOPES: dict[str, Edit] = {
    "no objectType on inner objects": drop(
        "//rim:Classification|//rim:ExternalIdentifier|//rim:Association", "objectType"
    ),
    "no objectType on the lot": drop("//rim:RegistryPackage", "objectType"),
    "no nodeRepresentation on authors": drop(
        "//rim:Classification[@nodeRepresentation='']", "nodeRepresentation"
    ),
    **{
        f"localized {language or '-'} {charset or '-'}": _languages(language, charset)
        for language, charset in (
            ("", ""),
            ("fr-FR", "UTF-8"),
            ("fr", ""),
            ("en-us", "utf-8"),
        )
    },
    "names in two languages": _second_language,
    "attributes of a registry": _registry_attributes,
    "comments and version": add(
        "//rim:ExtrinsicObject[1]/rim:Name",
        '<Description><LocalizedString value="Commentaire d\'été"/></Description>'
        '<VersionInfo versionName="1"/>',
        prefix="rim",
    ),
    "an empty Description": add("//rim:RegistryPackage/rim:Name", "<Description/>", prefix="rim"),
    "the node inside the lot": _node_inside_the_package,
    "a lot without title": drop("//rim:RegistryPackage/rim:Name"),
    "sourcePatientId is the INS": slot("sourcePatientId", INS),
    "sourcePatientInfo in full": slot(
        "sourcePatientInfo",
        f"PID-3|{INS}",
        "PID-5|DURAND^Louise^^^^^L",
        "PID-7|19790312",
        "PID-8|F",
        "PID-11|1 rue^^Ville^^80000^FRA",
    ),
    "sourcePatientInfo in brief": slot("sourcePatientInfo", "PID-5|DURAND^Louise^^^^^L"),
    "birth with its hour": slot("sourcePatientInfo", "PID-5|DURAND^Louise", "PID-7|19790312101500"),
    "no serviceStopTime": slot("serviceStopTime"),
    "service to the day": both(
        slot("serviceStartTime", "20261120"), slot("serviceStopTime", "20261120")
    ),
    "service to the minute": both(
        slot("serviceStartTime", "202611200830"), slot("serviceStopTime", "202611200900")
    ),
    "referenceIdList": slot(
        "urn:ihe:iti:xds:2013:referenceIdList",
        "123^^^&1.2.250.1.999.9&ISO^urn:ihe:iti:xds:2013:accession",
        "456^^^&1.2.250.1.999.9&ISO^urn:ihe:iti:xds:2013:order",
    ),
    "a slot of the vendor's": slot("urn:editeur:interne", "a", "b"),
    "URI and repositoryUniqueId": both(
        slot("URI", "DOC.XML"), slot("repositoryUniqueId", "1.2.250.1.213.4.1.1.1.2")
    ),
    "identifiers with an effective date": _effective_dates,
    "white space around values": _spaced_values,
    "a person without name": _replaced(NATIONAL, "MARTIN^Camille", "^"),
    "a person in full": _replaced(NATIONAL, "MARTIN^Camille^^^^", "MARTIN^Camille^Paule^^Dr^"),
    "an organisation with a trailing component": _appended(STRUCTURE, "^"),
    "an organisation without name": _replaced(STRUCTURE, "CENTRE HOSPITALIER DE TEST", ""),
    "no authorSpecialty": drop("//rim:Slot[@name='authorSpecialty']"),
    "a lot whose author is a person alone": drop(
        "//rim:RegistryPackage//rim:Slot[@name='authorInstitution']"
    ),
    "authorRole": _roles,
    "empty slots of an author": add(
        "//rim:Slot[@name='authorPerson']",
        _slot("authorRole") + _slot("authorTelecommunication"),
        prefix="rim",
    ),
    "slotType": put("//rim:Slot", "slotType", "urn:x"),
    "xsi:type": put("//rim:ExtrinsicObject", f"{{{XSI}}}type", "rim:ExtrinsicObjectType"),
    "schemaLocation": put("//lcm:SubmitObjectsRequest", f"{{{XSI}}}schemaLocation", "urn:x x.xsd"),
    "masked, before the basic code": another(
        "f4f85eac-e6cb-4883-b524-f2705394840f", "MASQUE_PS", "1.2.250.1.213.1.1.4.13", before=True
    ),
    "invisible, after the basic code": another(
        "f4f85eac-e6cb-4883-b524-f2705394840f", "INVISIBLE_PATIENT", "1.2.250.1.213.1.1.4.13"
    ),
    "the event of the document": another(
        "2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", "IMP", "2.16.840.1.113883.5.4"
    ),
}


@pytest.mark.parametrize("edit", ENVELOPES.values(), ids=ENVELOPES)
def test_another_shape_of_the_metadata_is_silent(edit: Edit) -> None:
    assert_silent(shaped("td2_1", envelope=edit))


# Metadata and documents together.

EVENT = "//hl7:serviceEvent/hl7:effectiveTime"
SECOND_EVENT = (
    '<documentationOf><serviceEvent><code code="DEQP003" codeSystem="1.2.250.1.213.2.5"/>'
    '<effectiveTime><low value="20261119093000+0100"/></effectiveTime><performer typeCode="PRF">'
    '<assignedEntity><id nullFlavor="UNK"/></assignedEntity></performer></serviceEvent>'
    "</documentationOf>"
)
DOCTOR = (
    '<author><time value="20261120101000+0100"/><assignedAuthor>'
    '<id root="1.2.250.1.71.4.2.1" extension="899700000025"/>'
    '<code code="G15_10/SM26" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin"/>'
    "<assignedPerson><name><prefix>M</prefix><family>D'ALEMBERT</family><given>Jean-Éric</given>"
    "</name></assignedPerson></assignedAuthor></author>"
)
DEVICE = (
    '<author><time value="20261120101000+0100"/><assignedAuthor>'
    '<id root="1.2.250.1.999.5"/><assignedAuthoringDevice>'
    "<manufacturerModelName>Modèle</manufacturerModelName><softwareName>LPS</softwareName>"
    "</assignedAuthoringDevice></assignedAuthor></author>"
)
PATIENT = (
    '<author><time value="20261120101000+0100"/><assignedAuthor>'
    '<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/><assignedPerson><name>'
    "<family>DURAND</family></name></assignedPerson></assignedAuthor></author>"
)
INTERNAL = '<id root="1.2.250.1.999.77" extension="INT-1"/>'
BIRTH_NAME = "//hl7:family[@qualifier='BR']"


def _title(text: str) -> tuple[Edit, Edit]:
    return put(f"{DOCUMENT}/hl7:title", "text", text), put(
        TITLES, "value", " ".join(text.split())[:128]
    )


def _service(low: str, high: str) -> tuple[Edit, None]:
    return both(
        put(f"{EVENT}/hl7:low", "value", low), put(f"{EVENT}/hl7:high", "value", high)
    ), None


PAIRS: dict[str, tuple[Edit | None, Edit | None]] = {
    **{
        # The same instant, 09:15 UTC on 20 November 2026, on other clocks.
        f"made at {text}": (put(f"{DOCUMENT}/hl7:effectiveTime", "value", text), None)
        for text in (
            "20261120091500+0000",
            "20261120091500-0000",
            "20261120051500-0400",
            "20261120144500+0530",
            "20261120231500+1400",
            "20261119231500-1000",
            "20261120101500.123+0100",
        )
    },
    "service in UTC": _service("20261120083000+0000", "20261120090000+0000"),
    "service across midnight": _service("20261119223000-1000", "20261119230000-1000"),
    "service to the minute": _service("202611200930+0100", "202611201000+0100"),
    "service to the hour": _service("2026112009+0100", "2026112010+0100"),
    "service to the day": _service("20261120", "20261120"),
    "service without offset": _service("20261120093000", "20261120100000"),
    "service of two precisions": _service("20261120", "20261120100000+0100"),
    "a second event": (add("//hl7:documentationOf", SECOND_EVENT), None),
    "a second event, first": (add("//hl7:documentationOf", SECOND_EVENT, "before"), None),
    "two authors": (
        add("//hl7:author", DOCTOR),
        author(
            "899700000025^D'ALEMBERT^Jean-Éric^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS",
            specialty="G15_10/SM26^Médecin^1.2.250.1.213.1.1.4.5",
        ),
    ),
    "two authors in another order": (
        add("//hl7:author", DOCTOR, "before"),
        author("899700000025^D'ALEMBERT^Jean-Éric^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"),
    ),
    "a device among the authors": (
        add("//hl7:author", DEVICE),
        author("1.2.250.1.999.5^LPS^Modèle^^^^^^&1.2.250.1.999.5&ISO^U^^^RI"),
    ),
    "the patient among the authors": (
        add("//hl7:author", PATIENT),
        author("279035121518989^DURAND^Louise^^^^^^&1.2.250.1.213.1.4.10&ISO^D^^^NH"),
    ),
    "organisations with an internal id first": (
        before_each("//hl7:representedOrganization/hl7:id[1]", INTERNAL),
        None,
    ),
    "people with an internal id first": (
        before_each("//hl7:assignedAuthor/hl7:id[1]", INTERNAL),
        None,
    ),
    "an author without organisation": (drop("//hl7:author//hl7:representedOrganization"), None),
    "an author without code": (drop("//hl7:assignedAuthor/hl7:code"), None),
    "no local id": (drop("//hl7:patientRole/hl7:id[2]"), slot("sourcePatientId", INS)),
    "birth to the year": (put("//hl7:birthTime", "value", "1979"), None),
    "restricted": (
        both(
            put(f"{DOCUMENT}/hl7:confidentialityCode", "code", "R"),
            put(f"{DOCUMENT}/hl7:confidentialityCode", "displayName", "Restreint"),
        ),
        put(f"{CLINICAL}/rim:Classification[@nodeRepresentation='N']", "nodeRepresentation", "R"),
    ),
    "undifferentiated": (
        both(
            put("//hl7:administrativeGenderCode", "code", "UN"),
            put("//hl7:administrativeGenderCode", "displayName", "Inconnu"),
        ),
        slot("sourcePatientInfo", "PID-5|DURAND^Louise^^^^^L", "PID-8|U"),
    ),
    **{
        f"title {text[:12]!r}": _title(text)
        for text in (
            "L'été à l'hôpital : compte-rendu n°1",
            "Un titre\n    sur deux lignes",
            'a<b & c>d "e"',
            "É" * 128,
        )
    },
    **{
        f"family name {held}": (
            put(BIRTH_NAME, "text", held),
            slot("sourcePatientInfo", f"PID-5|{stated}^LOUISE^^^^^L"),
        )
        for held, stated in (
            ("D'Été-L'Héritier", "D ETE L HERITIER"),
            ("O’Brien", "O'BRIEN"),
            ("Œuvrard", "OEUVRARD"),
            ("Strauß", "STRAUSS"),
            ("Sørensen", "SORENSEN"),
            ("Łukasz", "LUKASZ"),
            ("Çelik", "CELIK"),
            ("A&B", "A\\T\\B"),
        )
    },
    "used name beside the birth name": (
        add(BIRTH_NAME, '<family qualifier="CL">MARTIN</family>'),
        slot(
            "sourcePatientInfo", "PID-5|DURAND^Louise^^^^^L", "PID-5|MARTIN^Louise^^^^^D", "PID-8|F"
        ),
    ),
    "a service whose end is unknown": (null(f"{EVENT}/hl7:high", "UNK"), None),
}


@pytest.mark.parametrize(("documents", "envelope"), PAIRS.values(), ids=PAIRS)
def test_another_shape_of_both_is_silent(documents: Edit | None, envelope: Edit | None) -> None:
    assert_silent(shaped("td2_1_lot2", envelope=envelope, documents=documents))


def _everywhere(name: str, *pairs: tuple[str, str]) -> bases.Base:
    """The base with values replaced wherever they stand, then sealed."""
    base = bases.load(name)
    for old, new in pairs:
        base.envelope = base.envelope.replace(old.encode(), new.encode())
        for part in base.parts:
            part.data = part.data.replace(old.encode(), new.encode())
    bases.seal(base)
    return base


def keyed(number: str) -> str:
    """An INS with its key: 97 less the number modulo 97, 2A and 2B counting as 19 and 18."""
    value = int(number.replace("2A", "19").replace("2B", "18"))
    return f"{number}{97 - value % 97:02d}"


@pytest.mark.parametrize("name", ["td0_2", "td2_1"])
@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("279032A004123", "2A004"),
        ("279032B033123", "2B033"),
        ("2790320004123", "2A004"),
        ("2790399109123", "99109"),
        ("2790397209123", "97209"),
        ("2792051215123", "51215"),
        ("2793051215123", "51215"),
        ("2794251215123", "51215"),
        ("2795051215123", "51215"),
        ("2799951215123", "51215"),
        ("8790351215123", "51215"),
    ],
    ids=lambda value: value,
)
def test_another_patient_is_silent(name: str, number: str, place: str) -> None:
    """Corsica in its three writings, abroad, overseas, unknown months, provisional sexes."""
    county = ("<county>51215", f"<county>{place}")
    assert_silent(_everywhere(name, ("279035121518989", keyed(number)), county))


@pytest.mark.parametrize(
    ("family", "given"),
    [
        ("D'ÉTÉ-L'HÉRITIER", "Zoë"),
        ("O’BRIEN", "Maël"),
        ("LE GOFF", "Anne-Marie"),
        ("ŒUVRARD", "Lætitia"),
        ("ÇELİK", "Şule"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", "Ελένη"),
    ],
)
def test_other_names_are_silent(family: str, given: str) -> None:
    assert_silent(_everywhere("td2_1_lot2", ("DURAND", family), ("Louise", given)))
    assert_silent(_everywhere("td2_1", ("MARTIN", family), ("Camille", given)))


def test_a_practice_instead_of_a_hospital_is_silent() -> None:
    codes = (("SA01", "SA07"), ("ETABLISSEMENT", "AMBULATOIRE"))
    names = (
        ("Etablissement public de santé", "Cabinet individuel"),
        ("Etablissement de santé", "Ambulatoire"),
    )
    assert_silent(_everywhere("td2_1", *codes, *names))


def test_a_signature_entry_of_any_order_is_silent() -> None:
    """The three confidentiality codes of the technical entry, turned over."""

    def turn(root: etree._Element) -> None:
        (owner,) = every(root, "//rim:ExtrinsicObject[@id='Signature01']")
        first = classified(owner, "f4f85eac-e6cb-4883-b524-f2705394840f")
        same = [
            c for c in owner if c.get("classificationScheme") == first.get("classificationScheme")
        ]
        for one in same[1:]:
            first.addprevious(one)

    assert_silent(shaped("td2_1", envelope=turn))


def test_a_typed_element_keeps_its_faults() -> None:
    """xsi:type excuses nothing, and its schema is not gone for."""

    def wound(root: etree._Element) -> None:
        both(ENVELOPES["xsi:type"], ENVELOPES["schemaLocation"])(root)
        (owner,) = every(root, "//rim:ExtrinsicObject[@id='Document01']")
        etree.SubElement(owner, f"{{{RIM}}}Slot", name="late").append(
            etree.Element(f"{{{RIM}}}ValueList")
        )

    found = wrong(findings(shaped("td2_1", envelope=wound)))
    assert {(one.check, one.outcome) for one in found} == {("xds.schema-invalid", Outcome.FAIL)}
    assert found[0].place.path.endswith("rim:ExtrinsicObject[1]/rim:Slot[10]")
    assert "Unexpected child" in found[0].observed.en
