"""SOAP 1.2 with WS-Addressing, as the simulated DMP reads and writes it.

This reader serves the simulator alone; the judge reads the same bytes with another one.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from dmp_certify.simulator.http import Buffer
from dmp_certify.simulator.multipart import MultipartError, Part, parameters, split

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
WSA = "http://www.w3.org/2005/08/addressing"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
XML = "http://www.w3.org/XML/1998/namespace"
ANONYMOUS = f"{WSA}/anonymous"
FAULT_ACTION = f"{WSA}/soap/fault"
_RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
_MESSAGE_ID = re.compile(rb"<(?:[\w.-]+:)?MessageID(?:\s[^<>]*)?>([^<>&]{1,400})</")
_GUESS_WITHIN = 1 << 20
_HUGE = 8 << 20
_DOCTYPE = re.compile(
    rb"<!DOCTYPE|"
    + re.escape("<!DOCTYPE".encode("utf-16-le"))
    + rb"|"
    + re.escape("<!DOCTYPE".encode("utf-16-be"))
)
Element = etree._Element


class SoapFault(Exception):
    """A message that cannot be served. `subcode` names why, `text` says it in French.

    `message` is the part of it that could be read.
    """

    message: Message | None = None

    def __init__(self, subcode: str, text: str, status: int = 500, code: str = "Sender") -> None:
        super().__init__(text)
        self.subcode, self.text, self.status, self.code = subcode, text, status, code


@dataclass(slots=True)
class Message:
    """A SOAP message: addressing, first element of the Body, attached parts by Content-ID.

    `subject` is the patient of the VIHF (its resource-id, as CX), empty when there is none;
    `decoded` holds the parts that do not stand in the HTTP body as they are.
    """

    action: str = ""
    message_id: str = ""
    body: Element | None = None
    attachments: dict[str, bytes] = field(default_factory=dict)
    subject: str = ""
    decoded: list[bytes] = field(default_factory=list)

    @property
    def body_name(self) -> str:
        """The qualified name of the Body's first element, `{namespace}name`."""
        return str(self.body.tag) if self.body is not None else ""

    def attachment(self, href: str) -> bytes | None:
        """The part that a `cid:` reference names."""
        name = href.removeprefix("cid:")
        found = self.attachments.get(name)
        return found if found is not None else self.attachments.get(unquote(name))


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, Content-Type and other headers, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def parse(body: Buffer, content_type: str) -> Message:
    """The message in an HTTP body, MTOM or plain.

    Raises SoapFault when there is none; its `message` holds what could be read.
    """
    message = Message()
    root, parts, problem = _parts(body, content_type)
    try:
        if root is not None:
            _read_envelope(message, root)
    except SoapFault as fault:
        problem = problem or fault
    if problem is not None:
        problem.message = message
        raise problem
    message.attachments = {part.content_id: part.content for part in parts}
    message.decoded = [part.content for part in parts if part.encoded]
    if root is not None and root is not body:
        message.decoded.append(bytes(root))
    return message


def reply(request: Message, action: str, content: Element) -> Answer:
    """A successful answer that carries `content`."""
    return _answer(200, action, request.message_id, content)


def fault(problem: SoapFault, request: Message | None = None) -> Answer:
    """A SOAP fault, whose Reason is French."""
    element = etree.Element(f"{{{SOAP}}}Fault", nsmap={"soap": SOAP})
    code = etree.SubElement(element, f"{{{SOAP}}}Code")
    etree.SubElement(code, f"{{{SOAP}}}Value").text = f"soap:{problem.code}"
    subcode = etree.SubElement(code, f"{{{SOAP}}}Subcode")
    etree.SubElement(subcode, f"{{{SOAP}}}Value").text = f"soap:{problem.subcode}"
    reason = etree.SubElement(element, f"{{{SOAP}}}Reason")
    text = etree.SubElement(reason, f"{{{SOAP}}}Text", {f"{{{XML}}}lang": "fr"})
    text.text = printable(problem.text)
    relates_to = request.message_id if request is not None else ""
    return _answer(problem.status, FAULT_ACTION, relates_to, element)


def guess_message_id(data: Buffer) -> str:
    """The MessageID in bytes that cannot be read as a message; empty when none is to be seen.

    An answer that relates to its request is of use even when the request is broken.
    """
    found = _MESSAGE_ID.search(data[:_GUESS_WITHIN])
    return found.group(1).decode("utf-8", "replace").strip() if found else ""


def printable(text: str) -> str:
    """`text` without the characters that XML cannot carry."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def hardened(data: bytes) -> Element:
    """The root of an XML document that may come from anybody. Raises SoapFault.

    No DTD, no entity, no network; text beyond 10 MB is taken when the document is that large.
    """
    if _DOCTYPE.search(data):
        raise SoapFault("InvalidMessage", "Un DOCTYPE n'est pas admis dans un message SOAP")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=len(data) > _HUGE,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SoapFault("InvalidMessage", f"XML mal formé : {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise SoapFault("InvalidMessage", "Un DOCTYPE n'est pas admis dans un message SOAP")
    return root


def _parts(body: Buffer, content_type: str) -> tuple[Buffer | None, list[Part], SoapFault | None]:
    """The root of an HTTP body, the other parts, and what is wrong with their packaging."""
    if not content_type.lower().startswith("multipart/"):
        return body, [], None
    found = parameters(content_type)
    problem = None
    try:
        parts = split(body, found.get("boundary", ""))
    except MultipartError as error:
        problem = SoapFault("InvalidMessage", f"Multipart illisible : {error}")
        parts = list(error.parts)
    if not parts:
        empty = SoapFault("InvalidMessage", "Le multipart ne contient aucune partie")
        return None, [], problem or empty
    start = found.get("start", "").strip().strip("<>")
    root = next((part for part in parts if start and part.content_id == start), parts[0])
    return root.content, [part for part in parts if part is not root], problem


def _read_envelope(message: Message, data: Buffer) -> None:
    envelope = _envelope(bytes(data))
    namespace = etree.QName(envelope).namespace
    header = envelope.find(f"{{{namespace}}}Header")
    if header is not None:
        message.action = _text(header, "Action")
        message.message_id = _text(header, "MessageID")
        message.subject = _subject(header)
    soap_body = envelope.find(f"{{{namespace}}}Body")
    if soap_body is None:
        raise SoapFault("InvalidMessage", "L'enveloppe SOAP n'a pas de Body")
    message.body = next((item for item in soap_body if isinstance(item.tag, str)), None)


def _envelope(data: bytes) -> Element:
    root = hardened(data)
    name = etree.QName(root)
    # SOAP 1.1 is a fault of the product for the judge to name; its content can still be served.
    if name.localname != "Envelope" or name.namespace not in (SOAP, SOAP_11):
        raise SoapFault("InvalidMessage", f"La racine {root.tag} n'est pas une enveloppe SOAP 1.2")
    return root


def _text(header: Element, name: str) -> str:
    found = header.find(f"{{{WSA}}}{name}")
    return "".join(map(str, found.itertext())).strip() if found is not None else ""


def _subject(header: Element) -> str:
    for attribute in header.iter(f"{{{SAML}}}Attribute"):
        if attribute.get("Name") == _RESOURCE_ID:
            return "".join(map(str, attribute.itertext())).strip()
    return ""


def _answer(status: int, action: str, relates_to: str, content: Element) -> Answer:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "wsa": WSA})
    header = etree.SubElement(envelope, f"{{{SOAP}}}Header")
    fields: list[tuple[str, str]] = [
        ("Action", action),
        ("MessageID", f"urn:uuid:{uuid.uuid4()}"),
        ("To", ANONYMOUS),
    ]
    if relates_to:
        fields.append(("RelatesTo", printable(relates_to)))
    for name, value in fields:
        etree.SubElement(header, f"{{{WSA}}}{name}").text = value
    etree.SubElement(envelope, f"{{{SOAP}}}Body").append(content)
    raw: Any = etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)
    media = f'application/soap+xml; charset=UTF-8; action="{action}"'
    return Answer(status, (("Content-Type", media),), bytes(raw))
