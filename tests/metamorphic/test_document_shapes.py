"""Other legal shapes of the clinical document, alone: every check stays silent."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.metamorphic.judging import assert_silent
from tests.metamorphic.shaping import (
    DOCUMENT,
    XSI,
    Edit,
    add,
    before_each,
    both,
    drop,
    every,
    null,
    pieces,
    put,
    shaped,
)
from tests.metamorphic.test_metadata_shapes import (
    DEVICE,
    DOCTOR,
    EVENT,
    INTERNAL,
    SECOND_EVENT,
    keyed,
)

AUTHOR = "//hl7:author"
PATIENT_ID = "//hl7:patientRole/hl7:id[1]"
FAMILY = "//hl7:patient/hl7:name/hl7:family[@qualifier='BR']"
CUSTODIAN = "//hl7:representedCustodianOrganization"
SIGNED = '<time value="20261120101000+0100"/><signatureCode code="S"/>'
PERSON = '<id root="1.2.250.1.71.4.2.1" extension="899700000033"/>'
NAMED = "<name><family>D'ÉTÉ</family><given>Zoë</given></name>"


def identity(number: str, place: str, sex: str, birth: str) -> Edit:
    return both(
        put(PATIENT_ID, "extension", keyed(number)),
        put("//hl7:county", "text", place),
        put("//hl7:administrativeGenderCode", "code", sex),
        put("//hl7:administrativeGenderCode", "displayName", {"M": "Masculin"}.get(sex, "Féminin")),
        put("//hl7:birthTime", "value", birth),
    )


def _filled(path: str, xml: str) -> Edit:
    """Content in the place of a nullFlavor."""

    def edit(root: etree._Element) -> None:
        for node in every(root, f"{path}[@nullFlavor]"):
            node.attrib.clear()
            node.extend(pieces(xml))

    return edit


def _telephones(root: etree._Element) -> None:
    for node in every(root, "//hl7:telecom[@nullFlavor]"):
        node.attrib.clear()
        node.set("value", "tel:0102030405")
        node.set("use", "WP")


def _one_line(root: etree._Element) -> None:
    for node in every(root, "//*[@representation='B64']"):
        node.text = "".join(node.text.split())


def _event_of_one_moment(root: etree._Element) -> None:
    for node in every(root, EVENT):
        node.clear()
        node.set("value", "20261120093000+0100")


def _hosted_by_the_dmp(root: etree._Element) -> None:
    for node in every(root, f"{CUSTODIAN}/hl7:id"):
        node.set("root", "1.2.250.1.213.4.1")
        node.attrib.pop("extension")


SHAPES: dict[str, Edit] = {
    "two authors": add(AUTHOR, DOCTOR),
    "a device": add(AUTHOR, DEVICE),
    "an author of an unknown organisation": add(
        AUTHOR,
        DOCTOR.replace(
            "</assignedPerson>",
            '</assignedPerson><representedOrganization><id nullFlavor="UNK"/>'
            '<name nullFlavor="UNK"/></representedOrganization>',
        ),
    ),
    "an author's time to the minute": put(f"{AUTHOR}/hl7:time", "value", "202611201015+0100"),
    "a signature to the minute": put(
        "//hl7:legalAuthenticator/hl7:time", "value", "202611201015+0100"
    ),
    "a second event": add("//hl7:documentationOf", SECOND_EVENT),
    "a second event, first": add("//hl7:documentationOf", SECOND_EVENT, "before"),
    "an event without code": drop("//hl7:serviceEvent/hl7:code"),
    "a second performer, first": add(
        "//hl7:serviceEvent/hl7:performer",
        '<performer typeCode="SPRF"><assignedEntity><id nullFlavor="MSK"/></assignedEntity>'
        "</performer>",
        "before",
    ),
    "an event of one moment": _event_of_one_moment,
    "an event to the day": put(f"{EVENT}/*", "value", "20261120"),
    "an event whose end is unknown": null(f"{EVENT}/hl7:high", "UNK"),
    "an event without end": drop(f"{EVENT}/hl7:high"),
    **{
        f"made at {text}": put(f"{DOCUMENT}/hl7:effectiveTime", "value", text)
        for text in (
            "20261120091500+0000",
            "20261120051500-0400",
            "20261120191500+1000",
            "20261119231500-1000",
            "20261120091500-0000",
            "20261120101500.123+0100",
        )
    },
    **{
        f"born {text}": put("//hl7:birthTime", "value", text)
        for text in ("1979", "197903", "19790312101500+0100", "197903121015+0100")
    },
    "a used name": add(
        "//hl7:patient/hl7:name/hl7:family", "<family qualifier=\"CL\">D'ÉTÉ-L'HÉRITIER</family>"
    ),
    "a used given name": add(
        "//hl7:patient/hl7:name/hl7:given", '<given qualifier="CL">Lou</given>'
    ),
    "born in Corse-du-Sud": identity("279032A004123", "2A004", "F", "19790312"),
    "born in Haute-Corse": identity("179032B033123", "2B033", "M", "19790312"),
    "born in Corsica before 1976": identity("2500320004123", "2A004", "F", "19500312"),
    "born abroad": identity("2790399109123", "99109", "F", "19790312"),
    "born overseas": identity("2790397209123", "97209", "F", "19790312"),
    **{
        f"month {month}": identity(f"279{month}51215123", "51215", "F", birth)
        for month, birth in (("20", "1979"), ("30", "19790312"), ("42", "1979"), ("99", "19790312"))
    },
    "a provisional man": identity("7790351215123", "51215", "M", "19790312"),
    "a provisional woman": identity("8790351215123", "51215", "F", "19790312"),
    "a waiting number": put(PATIENT_ID, "root", "1.2.250.1.213.1.4.9"),
    "no local id": drop("//hl7:patientRole/hl7:id[2]"),
    "addresses": _filled(
        "//hl7:addr",
        "<houseNumber>1</houseNumber><streetName>rue de l'Été</streetName>"
        "<postalCode>80000</postalCode><city>Amiens</city>",
    ),
    "addresses in lines": _filled("//hl7:addr", "<streetAddressLine>1 rue</streetAddressLine>"),
    "telephones": _telephones,
    "neither address nor telephone": drop("//hl7:telecom|//hl7:addr[@nullFlavor]"),
    "a further template": add(
        f"{DOCUMENT}/hl7:templateId", '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.1.1"/>'
    ),
    "participant and order": add(
        "//hl7:legalAuthenticator",
        '<participant typeCode="INF"><functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88"/>'
        f'<time nullFlavor="UNK"/><associatedEntity classCode="PROV">{PERSON}<associatedPerson>'
        f"{NAMED}</associatedPerson></associatedEntity></participant>"
        '<inFulfillmentOf><order><id root="1.2.250.1.999.8" extension="1"/></order>'
        "</inFulfillmentOf>",
    ),
    "data enterer and informant": add(
        "//hl7:custodian",
        f'<dataEnterer><time value="202611201010+0100"/><assignedEntity>{PERSON}</assignedEntity>'
        '</dataEnterer><informant><relatedEntity classCode="CON">'
        f'<code code="MTH" codeSystem="2.16.840.1.113883.5.111"/><relatedPerson>{NAMED}'
        "</relatedPerson></relatedEntity></informant>",
        "before",
    ),
    "authenticator": add(
        "//hl7:legalAuthenticator",
        f"<authenticator>{SIGNED}<assignedEntity>{PERSON}</assignedEntity></authenticator>",
    ),
    "recipient": add(
        "//hl7:custodian",
        '<informationRecipient typeCode="TRC"><intendedRecipient><informationRecipient>'
        f"{NAMED}</informationRecipient></intendedRecipient></informationRecipient>",
    ),
    "a replacement": both(
        add(
            "//hl7:documentationOf",
            '<relatedDocument typeCode="RPLC"><parentDocument>'
            '<id root="1.2.250.1.999.1.1.1.20261119.9"/></parentDocument></relatedDocument>',
        ),
        put("//hl7:versionNumber", "value", "2"),
        put("//hl7:setId", "root", "1.2.250.1.999.1.1.1.20261119.9"),
    ),
    "a setId with an extension": put("//hl7:setId", "extension", "abc"),
    **{
        f"an organisation's name {flavor}": null(
            "//hl7:author//hl7:representedOrganization/hl7:name", flavor
        )
        for flavor in ("UNK", "NASK", "ASKU", "NAV", "MSK")
    },
    "an encounter with id and code": add(
        "//hl7:encompassingEncounter/hl7:effectiveTime",
        '<id root="1.2.250.1.999.3" extension="V1"/>'
        '<code code="IMP" codeSystem="2.16.840.1.113883.5.4"/>',
        "before",
    ),
    "an encounter of unknown time": null("//hl7:encompassingEncounter/hl7:effectiveTime", "UNK"),
    "restricted": both(
        put(f"{DOCUMENT}/hl7:confidentialityCode", "code", "R"),
        put(f"{DOCUMENT}/hl7:confidentialityCode", "displayName", "Restreint"),
    ),
    "a translated code": add(
        f"{DOCUMENT}/hl7:code", '<translation code="CR" codeSystem="1.2.3"/>', "end"
    ),
    "versions of code systems": put("//hl7:code[@code]", "codeSystemVersion", "2.77"),
    "attributes of an extension": put("//hl7:patient", "{urn:hl7-org:sdtc}x", "y"),
    "structural attributes": both(
        put(DOCUMENT, "classCode", "DOCCLIN"),
        put(DOCUMENT, "moodCode", "EVN"),
        put(AUTHOR, "typeCode", "AUT"),
        put(AUTHOR, "contextControlCode", "OP"),
    ),
    "schemaLocation": put(DOCUMENT, f"{{{XSI}}}schemaLocation", "urn:hl7-org:v3 CDA.xsd"),
    "a title of 128 characters": put(f"{DOCUMENT}/hl7:title", "text", "É" * 128),
    "base64 in one line": _one_line,
    "organisations with two ids": before_each("//hl7:representedOrganization/hl7:id[1]", INTERNAL),
    "authors with two ids": before_each("//hl7:assignedAuthor/hl7:id[1]", INTERNAL),
    "a custodian with two ids": add(f"{CUSTODIAN}/hl7:id", INTERNAL),
    "a custodian that is the DMP": _hosted_by_the_dmp,
    "names with more parts": both(
        add(FAMILY, "<prefix>MME</prefix>", "before"),
        add(FAMILY, '<family>DURAND</family><family qualifier="SP">MARTIN</family>'),
        put("//hl7:patient/hl7:name", "use", "L"),
    ),
    "a name for two uses": put(FAMILY, "qualifier", "BR CL"),
    "a signature of unknown time": null("//hl7:legalAuthenticator/hl7:time", "UNK"),
    "a transformation": add(
        "//hl7:documentationOf",
        '<relatedDocument typeCode="XFRM"><parentDocument>'
        '<id root="1.2.250.1.999.1.1.1.20261119.9"/></parentDocument></relatedDocument>',
    ),
    "a described place of care": add(
        "//hl7:healthCareFacility/hl7:code",
        "<location><name>Service</name><addr><city>Amiens</city></addr></location>"
        "<serviceProviderOrganization><name>CH</name></serviceProviderOrganization>",
    ),
    "a guardian": add(
        "//hl7:patient/hl7:birthplace",
        '<guardian classCode="GUARD"><addr><city>Amiens</city></addr><telecom value="tel:01"/>'
        f"<guardianPerson>{NAMED}</guardianPerson></guardian>",
        "before",
    ),
    "a named place of birth": both(
        add("//hl7:birthplace/hl7:place/hl7:addr", "<name>REIMS</name>", "before"),
        add("//hl7:birthplace//hl7:county", "<city>REIMS</city>", "before"),
    ),
    "the patient's organisation and civil state": both(
        add("//hl7:patient/hl7:birthTime", '<maritalStatusCode code="M"/>'),
        add(
            "//hl7:patientRole/hl7:patient",
            '<providerOrganization><id root="1.2.250.1.71.4.2.2" extension="1800000010"/>'
            "<name>CH</name></providerOrganization>",
        ),
    ),
    "very restricted": both(
        put(f"{DOCUMENT}/hl7:confidentialityCode", "code", "V"),
        put(f"{DOCUMENT}/hl7:confidentialityCode", "displayName", "Très restreint"),
    ),
    "white space around the title": put(f"{DOCUMENT}/hl7:title", "text", "\n   Compte rendu\n  "),
    "a function": add(
        f"{AUTHOR}/hl7:time",
        '<functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88" displayName="x"/>',
        "before",
    ),
    "many local ids": add(
        "//hl7:patientRole/hl7:id",
        '<id root="1.2.250.1.999.44"/><id nullFlavor="NAV"/>'
        '<id root="1.2.250.1.213.1.4.2" extension="0123456789012345678901"/>',
    ),
    "a setId that is a UUID": put("//hl7:setId", "root", "0B6A1E52-3C1F-4E0D-9D5E-2B2C7B7A1FFF"),
    "an author known inside": put(
        "//hl7:id[@extension='899700000017']", "extension", "1800000010/CM12"
    ),
    "a custodian known by its SIRET": put(f"{CUSTODIAN}/hl7:id", "extension", "312345678901234"),
    "an old document": put(
        f"{DOCUMENT}/hl7:effectiveTime|//hl7:author/hl7:time|//hl7:legalAuthenticator/hl7:time|"
        f"{EVENT}/*|//hl7:encompassingEncounter/hl7:effectiveTime/*",
        "value",
        "20150101101500+0100",
    ),
}


@pytest.mark.parametrize("name", ["cda_level1", "cda_self_presentable"])
@pytest.mark.parametrize("edit", SHAPES.values(), ids=SHAPES)
def test_another_shape_of_the_document_is_silent(name: str, edit: Edit) -> None:
    assert_silent(shaped(name, documents=edit))


def test_a_time_of_an_author_to_the_day_is_reported_only() -> None:
    subject = shaped("cda_level1", documents=put(f"{AUTHOR}/hl7:time", "value", "20261120"))
    assert_silent(subject, noted=frozenset({"DC-CDA-AUTHOR-STAMP"}))


def test_a_signer_who_is_no_author_is_reported_only() -> None:
    other = put("//hl7:legalAuthenticator//hl7:assignedEntity/hl7:id", "extension", "899700000025")
    subject = shaped("cda_level1", documents=other)
    assert_silent(subject, noted=frozenset({"DC-CDA-SIGNER-AUTHOR"}))


def test_templates_in_another_order_are_reported_only() -> None:
    def turn(root: etree._Element) -> None:
        found = every(root, f"{DOCUMENT}/hl7:templateId")
        found[0].addprevious(found[-1])

    subject = shaped("cda_level1", documents=turn)
    assert_silent(subject, noted=frozenset({"DC-CDA-TEMPLATE-ORDER"}))
