"""The structured document of the product: a vaccination note (VAC-NOTE 2023.01), one injection."""

from __future__ import annotations

import uuid

from dmp_certify.reference_lps import cda, codes
from dmp_certify.reference_lps.markup import Xml, el, join
from dmp_certify.reference_lps.moments import paris
from dmp_certify.reference_lps.orders import Coded

TYPE = Coded("87273-9", codes.LOINC, "Note de vaccination")
TEMPLATES: list[tuple[str, str | None]] = [
    ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2", None),
    ("1.2.250.1.213.1.1.1.46", "2023.01"),
]
_CIS = Coded("68747507", "1.2.250.1.213.2.3.1", "VACCIN TETANIQUE PASTEUR")
_ATC = Coded("J07AM", "2.16.840.1.113883.6.73", "vaccins tétaniques")
_LOT = "A1234"


def body(header: cda.Header) -> Xml:
    """The structured body: one section with one injection, given on the day of the document."""
    day = paris(header.moment)
    person = header.person
    row = el(
        "tr",
        el("td", f"{day:%d/%m/%Y}"),
        el("td", el("content", _CIS.display, ID="vac-1")),
        el("td", _LOT),
        el("td", f"{person.given} {person.family}"),
    )
    titles = [el("th", title) for title in ("Date", "Vaccin", "Lot", "Vaccinateur")]
    table = el("table", el("thead", el("tr", *titles)), el("tbody", row))
    section = el(
        "section",
        _templates(
            "2.16.840.1.113883.10.20.1.6",
            "1.3.6.1.4.1.19376.1.5.3.1.3.23",
            "1.2.250.1.213.1.1.2.147",
        ),
        el("id", root=_uuid()),
        cda.coded("code", Coded("11369-6", codes.LOINC, "Historique des vaccinations")),
        el("title", header.title),
        el("text", table),
        el("entry", _injection(header)),
    )
    return el("component", el("structuredBody", el("component", section)))


def _uuid() -> str:
    return str(uuid.uuid4()).upper()


def _templates(*roots: str) -> Xml:
    return join([el("templateId", root=root) for root in roots])


def _injection(header: cda.Header) -> Xml:
    act = Coded("INITIMMUNIZ", "2.16.840.1.113883.5.4", "1ère série vaccinante")
    route = Coded("20035000", "0.4.0.127.0.16.1.1.2.1", "Voie intramusculaire")
    return el(
        "substanceAdministration",
        _templates(
            "2.16.840.1.113883.10.20.1.24",
            "1.3.6.1.4.1.19376.1.5.3.1.4.12",
            "1.2.250.1.213.1.1.3.45",
        ),
        el("id", root=_uuid()),
        cda.coded("code", act),
        el("text", el("reference", value="#vac-1")),
        el("statusCode", code="completed"),
        el("effectiveTime", value=f"{paris(header.moment):%Y%m%d}"),
        cda.coded("routeCode", route),
        el("consumable", _product(), typeCode="CSM"),
        el("performer", cda.assigned_entity(header.person, header.practice), typeCode="PRF"),
        cda.author(header.person, header.moment),
        classCode="SBADM",
        moodCode="EVN",
        negationInd="false",
    )


def _product() -> Xml:
    material = el(
        "manufacturedMaterial",
        el(
            "code",
            el("originalText", el("reference", value="#vac-1")),
            cda.coded("translation", _ATC),
            code=_CIS.code,
            displayName=_CIS.display,
            codeSystem=_CIS.system,
        ),
        el("name", _ATC.display),
        el("lotNumberText", _LOT),
    )
    return el(
        "manufacturedProduct",
        _templates(
            "2.16.840.1.113883.10.20.1.53",
            "1.3.6.1.4.1.19376.1.5.3.1.4.7.2",
            "1.2.250.1.213.1.1.3.43",
        ),
        material,
    )
