"""Sins of transport, SOAP and packaging."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from dmp_certify.finding import Text
from dmp_certify.reference_lps import mtom, soap
from dmp_certify.reference_lps.markup import Xml
from dmp_certify.reference_lps.sins.sin import Sin, at, put
from dmp_certify.reference_lps.stages import Hook, Stage

_SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
_FIXED_ID = "urn:uuid:11111111-2222-4333-8444-555555555555"


def _inline(package: mtom.Package) -> mtom.Package:
    """Base64 in the message instead of references to parts."""

    def data_of(found: re.Match[str]) -> str:
        part = next(a for a in package.attachments if a.content_id == found[1])
        return base64.b64encode(part.data).decode()

    body = re.sub(
        r'<xop:Include [^>]*href="cid:([^"]+)"></xop:Include>', data_of, package.envelope.body
    )
    package.envelope.body = Xml(body)
    package.attachments = []
    return package


def _without_mtom(_state: Path) -> Mapping[Stage, Hook]:
    kept: list[soap.Envelope] = []

    def package(value: mtom.Package) -> mtom.Package:
        kept.append(_inline(value).envelope)
        return value

    def request(value: soap.Request) -> soap.Request:
        return soap.plain(kept.pop()) if kept else value

    return {Stage.PACKAGE: package, Stage.REQUEST: request}


def _lose_part(package: mtom.Package) -> mtom.Package:
    package.attachments = package.attachments[1:]
    return package


SINS = (
    Sin(
        "soap-11",
        Text("L'enveloppe est du SOAP 1.1", "The envelope is SOAP 1.1"),
        ("soap.version-not-1-2",),
        "existence-found",
        at(Stage.ENVELOPE, put(namespace=_SOAP11)),
    ),
    Sin(
        "wrong-action",
        Text(
            "L'Action WS-Addressing est celle d'une autre transaction",
            "The WS-Addressing Action is that of another transaction",
        ),
        ("soap.action-contradicts-body",),
        "existence-found",
        at(Stage.ENVELOPE, put(action="urn:hl7-org:v3:PRPA_IN201305UV02")),
    ),
    Sin(
        "message-id-reused",
        Text("Le MessageID sert plusieurs fois", "The MessageID is used several times"),
        ("soap.message-id-repeated",),
        "retry-once",
        at(Stage.ENVELOPE, put(message_id=_FIXED_ID)),
    ),
    Sin(
        "message-id-missing",
        Text("Le MessageID manque", "The MessageID is missing"),
        ("soap.message-id-missing",),
        "existence-found",
        at(Stage.ENVELOPE, put(message_id=None)),
    ),
    Sin(
        "vihf-missing",
        Text("Le message ne porte pas de VIHF", "The message carries no VIHF"),
        ("vihf.absent",),
        "existence-found",
        at(Stage.ENVELOPE, put(assertion=b"")),
    ),
    Sin(
        "mtom-missing",
        Text("L'alimentation n'est pas au format MTOM", "The feeding is not sent as MTOM"),
        ("soap.feeding-not-mtom",),
        "feed-pdf",
        _without_mtom,
    ),
    Sin(
        "mtom-root-type",
        Text(
            "La partie racine n'est pas déclarée application/xop+xml",
            "The root part is not declared as application/xop+xml",
        ),
        ("transport.mtom-type-wrong",),
        "feed-pdf",
        at(Stage.PACKAGE, put(root_type="text/xml")),
    ),
    Sin(
        "mtom-part-missing",
        Text(
            "Un document est annoncé mais sa partie MIME manque",
            "A document is announced but its MIME part is missing",
        ),
        ("soap.document-without-bytes", "workflow.exchange-missing"),
        "feed-pdf",
        at(Stage.PACKAGE, _lose_part),
    ),
)
