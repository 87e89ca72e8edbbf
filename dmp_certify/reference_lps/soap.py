"""SOAP 1.2 with WS-Addressing, and the HTTPS call that carries it."""

from __future__ import annotations

import http.client
import ssl
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dmp_certify.reference_lps.markup import Xml, el
from dmp_certify.reference_lps.orders import Endpoint

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
WSA = "http://www.w3.org/2005/08/addressing"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ANONYMOUS = f"{WSA}/anonymous"
# The four suites that the DMP serves, in OpenSSL's names.
SUITES = (
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-SHA384"
)


class TransportError(Exception):
    """The DMP could not be reached, or broke off."""


@dataclass(slots=True)
class Envelope:
    """A SOAP message before it is written."""

    action: str
    to: str
    body: Xml
    assertion: bytes
    message_id: str | None = field(default_factory=lambda: f"urn:uuid:{uuid.uuid4()}")
    namespace: str = SOAP12

    @property
    def is_soap12(self) -> bool:
        """True for SOAP 1.2."""
        return self.namespace == SOAP12


@dataclass(slots=True)
class Request:
    """An HTTP request to one endpoint of the DMP."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What came back over HTTP."""

    status: int
    content_type: str
    body: bytes


def write(envelope: Envelope) -> bytes:
    """The envelope in UTF-8."""
    markup = el(
        "soap:Envelope",
        el(
            "soap:Header",
            el("wsa:MessageID", envelope.message_id) if envelope.message_id else None,
            el("wsa:To", envelope.to),
            el("wsa:ReplyTo", el("wsa:Address", ANONYMOUS), soap__mustUnderstand="true"),
            el("wsa:Action", envelope.action, soap__mustUnderstand="true"),
            el("wsse:Security", Xml(envelope.assertion.decode()), xmlns__wsse=WSSE),
        ),
        el("soap:Body", envelope.body),
        xmlns__soap=envelope.namespace,
        xmlns__wsa=WSA,
    )
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + markup.encode()


def plain(envelope: Envelope) -> Request:
    """The envelope alone, as the HL7 V3 and registry endpoints take it."""
    if envelope.is_soap12:
        kind = f'application/soap+xml; charset=UTF-8; action="{envelope.action}"'
        headers = {"Content-Type": kind}
    else:
        headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": envelope.action}
    return Request(envelope.to, headers, write(envelope))


def post(request: Request, endpoint: Endpoint, seconds: float = 60.0) -> Response:
    """Sends a request over mutual TLS 1.2. Raises TransportError."""
    parts = urlsplit(request.url)
    try:
        context = _context(endpoint)
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 443, context=context, timeout=seconds
        )
        try:
            connection.request("POST", parts.path, request.body, request.headers)
            answer = connection.getresponse()
            return Response(answer.status, answer.getheader("Content-Type", ""), answer.read())
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise TransportError(f"{type(error).__name__}: {error}") from None


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.load_verify_locations(endpoint.trust)
    context.load_cert_chain(endpoint.auth_certificate, endpoint.auth_key)
    return context
