"""SOAP 1.2 messages (W3C SOAP 1.2 part 1) with WS-Addressing, plain or as the root of an MTOM.

The suite's own answers are `SoapAnswer`, so that no check of the product runs on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from dmp_certify.finding import Place, Text
from dmp_certify.wire import ns
from dmp_certify.wire.message import Located, Message, Unreadable, reader
from dmp_certify.wire.mime import Multipart
from dmp_certify.wire.soap_documents import Document, read_document
from dmp_certify.wire.soap_payload import SoapPayload
from dmp_certify.wire.xml import Element

S = TypeVar("S", bound="Soap")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """One child of soap:Header. `must_understand` is the attribute of the envelope's namespace,
    `bare_must_understand` the one without namespace, which SOAP does not know."""

    name: tuple[str, str]
    element: Element
    must_understand: Located[str] | None
    bare_must_understand: Located[str] | None


@dataclass(frozen=True)
class Soap:
    """An envelope: its version namespace, its header blocks, its one body element.

    `payload` is the body's first element, `body_name` its (namespace, local name). `action_hints`
    are the `action` parameters of the content types, outermost first.
    """

    place: Place
    message: Message = field(repr=False)
    namespace: Located[str]
    envelope: Element
    multipart: Multipart | None
    blocks: tuple[HeaderBlock, ...]
    action: Located[str] | None
    message_id: Located[str] | None
    to: Located[str] | None
    reply_to: Located[str] | None
    relates_to: Located[str] | None
    action_hints: tuple[Located[str], ...]
    body: Element
    payloads: tuple[Element, ...]

    @property
    def payload(self) -> Element | None:
        """The first element of the body, or None for an empty body."""
        return self.payloads[0] if self.payloads else None

    @property
    def body_name(self) -> tuple[str, str]:
        """(namespace, local name) of the body's element; empty strings for an empty body."""
        return self.payloads[0].name if self.payloads else ("", "")

    def blocks_named(self, prefix: str, local: str) -> tuple[HeaderBlock, ...]:
        """The header blocks of that name, e.g. ("wsa", "Action")."""
        wanted = (ns.PREFIXES[prefix], local)
        return tuple(block for block in self.blocks if block.name == wanted)

    @cached_property
    def body_digest(self) -> str:
        """SHA-256 of the body as canonical XML: the same for a message that is sent again."""
        return self.body.digest()

    @property
    def assertions(self) -> tuple[Element, ...]:
        """The SAML assertions that stand directly in a wsse:Security header block."""
        return tuple(
            child
            for block in self.blocks_named("wsse", "Security")
            for child in block.element.children()
            if child.name == (ns.PREFIXES["saml"], "Assertion")
        )

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The xdsb:Document elements of the body, in order, with their bytes."""
        found = self.body.all(".//xdsb:Document")
        return tuple(
            read_document(element, number, self.multipart, self.message.artifact)
            for number, element in enumerate(found, 1)
        )

    def document(self, entry_id: str) -> Document | None:
        """The first document of that id, or None."""
        return next((one for one in self.documents if one.id.value == entry_id), None)

    def document_bytes(self, entry_id: str) -> bytes:
        """The bytes of the document of that id. Raises Unreadable when they are not there."""
        found = self.document(entry_id)
        if found is None:
            reason = Text(f"aucun Document d'id {entry_id!r}", f"no Document of id {entry_id!r}")
            raise Unreadable(self.body.place, reason)
        if found.data is None:
            stopped = found.problem or Located(Text.same(""), found.place)
            raise Unreadable(stopped.place, stopped.value)
        return found.data


class SoapAnswer(Soap):
    """An envelope that the suite itself sent."""


@reader(Soap)
def read(message: Message) -> Iterator[Soap]:
    """The envelope of the product's call. Raises Unreadable with the payload's problem."""
    if message.kind != "answer":
        for payload in message.views(SoapPayload):
            yield _soap(message, payload, Soap)


@reader(SoapAnswer)
def read_answer(message: Message) -> Iterator[SoapAnswer]:
    """The envelope of the suite's answer."""
    if message.kind == "answer":
        for payload in message.views(SoapPayload):
            yield _soap(message, payload, SoapAnswer)


def _soap(message: Message, payload: SoapPayload, kind: type[S]) -> S:
    envelope = payload.envelope
    if envelope is None:
        stopped = payload.problem or Located(Text.same(""), payload.place)
        raise Unreadable(stopped.place, stopped.value)
    uri = envelope.name[0]
    blocks = tuple(
        _block(child, uri)
        for header in envelope.children()
        if header.name == (uri, "Header")
        for child in header.children()
    )
    body = next(child for child in envelope.children() if child.name == (uri, "Body"))
    return kind(
        place=envelope.place,
        message=message,
        namespace=Located(uri, envelope.place),
        envelope=envelope,
        multipart=payload.multipart,
        blocks=blocks,
        action=_text(blocks, "Action"),
        message_id=_text(blocks, "MessageID"),
        to=_text(blocks, "To"),
        reply_to=_reply_to(blocks),
        relates_to=_text(blocks, "RelatesTo"),
        action_hints=tuple(_action_hints(payload)),
        body=body,
        payloads=tuple(body.children()),
    )


def _block(element: Element, uri: str) -> HeaderBlock:
    prefix = ns.PREFIX_OF[uri]
    return HeaderBlock(
        element.name,
        element,
        element.attribute(f"{prefix}:mustUnderstand"),
        element.attribute("mustUnderstand"),
    )


def _text(blocks: tuple[HeaderBlock, ...], local: str) -> Located[str] | None:
    wanted = (ns.PREFIXES["wsa"], local)
    return next((b.element.located_text() for b in blocks if b.name == wanted), None)


def _reply_to(blocks: tuple[HeaderBlock, ...]) -> Located[str] | None:
    wanted = (ns.PREFIXES["wsa"], "ReplyTo")
    for block in blocks:
        if block.name == wanted:
            address = block.element.first("wsa:Address")
            return (address or block.element).located_text()
    return None


def _action_hints(payload: SoapPayload) -> Iterator[Located[str]]:
    if payload.multipart is not None:
        outer = payload.multipart.media_type.get("action")
        if outer is not None:
            yield Located(outer, payload.multipart.content_type)
    if payload.media_type is not None:
        inner = payload.media_type.get("action")
        if inner is not None:
            yield Located(inner, payload.content_type)
