"""The documents of a submission: xdsb:Document elements with their bytes, XOP or inline."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from dmp_certify.finding import Place, Text
from dmp_certify.wire.message import Located
from dmp_certify.wire.mime import Multipart, cid_of
from dmp_certify.wire.xml import Element


@dataclass(frozen=True, slots=True)
class Document:
    """One xdsb:Document of the body with its bytes.

    `carriage` is `xop`, `inline` or `none`; `data` is None when `problem` says why. `artifact` is
    the MIME part (`<request>/part/2`), or `<request>/document/<n>` for inline base64.
    """

    id: Located[str]
    place: Place
    carriage: str
    href: Located[str] | None
    artifact: str
    data: bytes | None
    problem: Located[Text] | None


def read_document(
    element: Element, number: int, multipart: Multipart | None, artifact: str
) -> Document:
    """The `number`th xdsb:Document (from 1) of the message `artifact`."""
    identifier = element.attribute("id") or Located("", element.attribute_place("id"))
    include = element.first("xop:Include")
    if include is not None and _beside(element, include):
        reason = Text("du texte à côté de xop:Include", "text beside xop:Include")
        problem = Located(reason, element.place)
        return Document(identifier, element.place, "none", None, "", None, problem)
    if include is not None:
        return _included(multipart, element, identifier, include)
    text = "".join(element.text.split())
    artifact = f"{artifact}/document/{number}"
    if not text:
        reason = Text("élément Document vide", "empty Document element")
        problem = Located(reason, element.place)
        return Document(identifier, element.place, "none", None, artifact, None, problem)
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        reason = Text("base64 illisible", "unreadable base64")
        problem = Located(reason, element.place)
        return Document(identifier, element.place, "inline", None, artifact, None, problem)
    return Document(identifier, element.place, "inline", None, artifact, data, None)


def _beside(element: Element, include: Element) -> bool:
    """Whether the element holds text of its own: XOP 1.0 wants the Include alone, and which of
    the two contents is the document would be anybody's guess."""
    return len("".join(element.text.split())) > len("".join(include.text.split()))


def _included(
    multipart: Multipart | None, element: Element, identifier: Located[str], include: Element
) -> Document:
    href = include.attribute("href") or Located("", include.attribute_place("href"))
    cid = cid_of(href.value)
    parts = multipart.with_cid(cid) if multipart and cid else ()
    if parts:
        part = parts[0]
        return Document(identifier, element.place, "xop", href, part.artifact, part.data, None)
    reason = Text(
        f"aucune partie MIME de Content-ID {cid or href.value!r}",
        f"no MIME part of Content-ID {cid or href.value!r}",
    )
    problem = Located(reason, href.place)
    return Document(identifier, element.place, "xop", href, "", None, problem)
