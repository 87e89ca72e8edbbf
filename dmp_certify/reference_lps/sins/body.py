"""Sins of the CDA's finer points: traits, templates, bodies, narrative."""

from __future__ import annotations

import base64
import re

from dmp_certify.finding import Text
from dmp_certify.reference_lps import cda
from dmp_certify.reference_lps.sins.sin import Sin, at, rewrite
from dmp_certify.reference_lps.stages import Hook, Stage


def _bytes(name: str, title: Text, checks: str, hook: Hook, scenario: str = "feed-pdf") -> Sin:
    return Sin(name, title, tuple(checks.split()), scenario, at(Stage.CDA_BYTES, hook))


def _not_archival(data: bytes) -> bytes:
    """The embedded PDF without its statement that it is PDF/A-1."""

    def plain(found: re.Match[bytes]) -> bytes:
        pdf = base64.b64decode(found[2])
        return found[1] + base64.b64encode(pdf.replace(b"pdfaid:part>1<", b"pdfaid:part>0<"))

    return re.sub(rb'(representation="B64">)([^<]+)', plain, data, count=1)


def _long_title(header: cda.Header) -> cda.Header:
    header.title = f"{header.title} {'x' * 130}"
    return header


SINS = (
    _bytes(
        "cda-template-missing",
        Text(
            "Le document ne se déclare pas conforme au CI-SIS",
            "The document does not claim conformance to the CI-SIS",
        ),
        "cda_header.template-claimed",
        rewrite(r'<templateId root="1\.2\.250\.1\.213\.1\.1\.1\.1"></templateId>', ""),
    ),
    _bytes(
        "cda-realm",
        Text("Le périmètre n'est pas la France", "The realm is not France"),
        "cda_header.fixed-value",
        rewrite('realmCode code="FR"', 'realmCode code="BE"'),
    ),
    _bytes(
        "cda-custodian",
        Text(
            "Le conservateur n'a pas d'identifiant national",
            "The custodian has no national identifier",
        ),
        "cda_header.custodian-id",
        rewrite(r'(<representedCustodianOrganization><id root=")[\d.]+', r"\g<1>2.999.1.2.3"),
    ),
    _bytes(
        "cda-birth-place",
        Text(
            "Le lieu de naissance n'est pas un code COG",
            "The place of birth is not a COG code",
        ),
        "cda_header.birth-place-code",
        rewrite(r"<county>[^<]*</county>", "<county>PARIS</county>"),
    ),
    _bytes(
        "cda-race",
        Text(
            "Le document porte un trait interdit",
            "The document carries a forbidden trait",
        ),
        "cda_header.forbidden-trait",
        rewrite(
            "<birthplace>",
            '<religiousAffiliationCode code="1013" codeSystem="2.16.840.1.113883.5.1076">'
            "</religiousAffiliationCode><birthplace>",
        ),
    ),
    _bytes(
        "cda-performer",
        Text(
            "L'acte principal n'a pas d'exécutant",
            "The main act has no performer",
        ),
        "cda_header.main-event",
        rewrite(r"<performer typeCode=\"PRF\">.*?</performer>", ""),
    ),
    _bytes(
        "cda-ins-missing",
        Text("Le document ne porte pas l'INS", "The document does not carry the INS"),
        "cda_header.ins-absent",
        rewrite(r'(<patientRole>)<id root="1\.2\.250\.1\.213[^>]*></id>', r"\g<1>"),
    ),
    Sin(
        "cda-title-length",
        Text("Le titre dépasse 128 caractères", "The title exceeds 128 characters"),
        ("cda_header.title-length",),
        "feed-pdf",
        at(Stage.CDA, _long_title),
    ),
    _bytes(
        "cda-base64",
        Text("Le corps n'est pas en base64", "The body is not base64"),
        "cda_body.base64-invalid",
        rewrite(r'(representation="B64">)', r"\g<1>*"),
    ),
    _bytes(
        "cda-content-type",
        Text(
            "Le corps annoncé PDF est une image",
            "The body announced as PDF is an image",
        ),
        "cda_body.content-type",
        rewrite(r'(representation="B64">)[^<]+', r"\g<1>iVBORw0KGgoAAAANSUhEUgAAAABJRU5ErkJggg=="),
    ),
    _bytes(
        "cda-pdf-archival",
        Text("Le PDF n'est pas du PDF/A-1", "The PDF is not PDF/A-1"),
        "cda_body.pdf-archival",
        _not_archival,
    ),
    _bytes(
        "cda-reference",
        Text(
            "Une référence du corps ne mène nulle part",
            "A reference of the body leads nowhere",
        ),
        "cda_body.reference-dangling",
        rewrite('<text><reference value="#vac-1">', '<text><reference value="#vac-9">'),
        scenario="feed-structured",
    ),
    _bytes(
        "cda-body-time",
        Text("Une date du corps est impossible", "A date of the body is impossible"),
        "cda_body.time-malformed",
        rewrite(r'(completed"></statusCode><effectiveTime value=")\d{8}', r"\g<1>20261345"),
        scenario="feed-structured",
    ),
)
