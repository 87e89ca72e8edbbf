"""From the name of an artifact back to its bytes, so that a report can show the very lines."""

from __future__ import annotations

from dmp_certify.wire.http import HttpRequest
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.mime import Multipart
from dmp_certify.wire.soap import Soap


def content(message: Message, artifact: str) -> bytes | None:
    """The bytes of an artifact of this message, or None when the message holds no such thing."""
    if artifact == message.artifact:
        return message.raw
    if not artifact.startswith(message.artifact + "/"):
        return None
    kind, _, number = artifact[len(message.artifact) + 1 :].partition("/")
    try:
        return _inner(message, kind, number)
    except Unreadable:
        return None


def _inner(message: Message, kind: str, number: str) -> bytes | None:
    if kind == "body":
        http = message.view(HttpRequest)
        return http.sound_body() if http is not None else None
    if not number.isdecimal():
        return None
    if kind == "part":
        multipart = message.view(Multipart)
        parts = multipart.parts if multipart is not None else ()
        return parts[int(number) - 1].data if 0 < int(number) <= len(parts) else None
    if kind == "document":
        soap = message.view(Soap)
        documents = soap.documents if soap is not None else ()
        return documents[int(number) - 1].data if 0 < int(number) <= len(documents) else None
    return None
