"""MTOM/XOP packaging (multipart/related) and its reverse."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from dmp_certify.reference_lps.soap import Envelope, Request, write

ROOT_ID = "root.message@lps.invalid"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One binary part."""

    content_id: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Package:
    """A SOAP message with its attachments, before it is written."""

    envelope: Envelope
    attachments: list[Attachment]
    root_type: str = "application/xop+xml"
    boundary: str = field(default_factory=lambda: f"MIMEBoundary_{uuid.uuid4().hex}")


def request(package: Package) -> Request:
    """The HTTP request that carries the package."""
    action = package.envelope.action
    root_headers = (
        f'Content-Type: {package.root_type}; charset=UTF-8; type="application/soap+xml"; '
        f'action="{action}"\r\n'
        "Content-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{ROOT_ID}>\r\n\r\n"
    )
    delimiter = f"--{package.boundary}\r\n".encode()
    pieces = [delimiter, root_headers.encode(), write(package.envelope), b"\r\n"]
    for part in package.attachments:
        headers = (
            f"Content-Type: {part.content_type}\r\n"
            "Content-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{part.content_id}>\r\n\r\n"
        )
        pieces += [delimiter, headers.encode(), part.data, b"\r\n"]
    pieces.append(f"--{package.boundary}--\r\n".encode())
    content_type = (
        f'multipart/related; type="{package.root_type}"; start="<{ROOT_ID}>"; '
        f'start-info="application/soap+xml"; boundary="{package.boundary}"; action="{action}"'
    )
    return Request(package.envelope.to, {"Content-Type": content_type}, b"".join(pieces))


def root_part(content_type: str, body: bytes) -> bytes:
    """The SOAP message of an answer, be it plain or the first part of a multipart."""
    if not content_type.lower().startswith("multipart/"):
        return body
    found = re.search(r'boundary="?([^";]+)"?', content_type, re.IGNORECASE)
    if found is None:
        return body
    delimiter = b"--" + found[1].strip().encode()
    parts = body.split(delimiter)
    if len(parts) < 2:
        return body
    return parts[1].partition(b"\r\n\r\n")[2].rstrip(b"\r\n")
