"""The XML that should be a SOAP envelope, read or not: plain, or the root part of an MTOM."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmp_certify.finding import Place, Text
from dmp_certify.wire import ns, xml
from dmp_certify.wire.headers import MediaType
from dmp_certify.wire.http import HttpAnswer, HttpRequest
from dmp_certify.wire.message import Located, Message, Unreadable, reader
from dmp_certify.wire.mime import Multipart
from dmp_certify.wire.xml import Element

SOAP_VERSIONS = (ns.PREFIXES["soap"], ns.PREFIXES["soap11"])
_PROLOG_DOCTYPE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<!DOCTYPE", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True)
class SoapPayload:
    """The XML of a call. `envelope` is None when `problem` says why it cannot be read.

    `media_type` is what the HTTP field (plain) or the root part (MTOM) says of it. `root` is the
    root element's name when the XML is well-formed. A payload with a DOCTYPE is not parsed. `http`
    is false for a lone file, whose content type nobody saw.
    """

    place: Place
    data: bytes
    content_type: Place
    media_type: MediaType | None
    multipart: Multipart | None
    envelope: Element | None
    root: Located[tuple[str, str]] | None
    doctype: bool
    problem: Located[Text] | None
    http: bool


def is_soap11(payload: SoapPayload) -> bool:
    """Whether the envelope is one of SOAP 1.1."""
    return payload.root is not None and payload.root.value[0] == SOAP_VERSIONS[1]


@reader(SoapPayload)
def read_payload(message: Message) -> Iterator[SoapPayload]:
    """The payload of a message of kind `http` (a request with a body), `answer`, `soap`, `mime`.

    Raises Unreadable when HTTP or MIME do not let it be found.
    """
    if message.kind == "soap":
        yield _payload(message.raw, message.artifact, message.place(), None, None, False)
        return
    multipart = message.view(Multipart)
    if multipart is not None:
        root = multipart.sound_root()
        where = root.headers.place("Content-Type")
        heard = message.kind != "mime"
        yield _payload(root.data, root.artifact, where, root.media_type, multipart, heard)
        return
    http = message.view(HttpRequest) or message.view(HttpAnswer)
    if http is None or (isinstance(http, HttpRequest) and not _calls(http)):
        return
    where = http.headers.place("Content-Type")
    yield _payload(http.sound_body(), http.body_artifact, where, http.media_type, None, True)


def _calls(http: HttpRequest) -> bool:
    """Whether the request carries a call; a GET of a WSDL is none."""
    return http.method.value not in ("GET", "HEAD", "OPTIONS") or bool(http.body.data)


def _payload(
    data: bytes,
    artifact: str,
    content_type: Place,
    media_type: MediaType | None,
    multipart: Multipart | None,
    http: bool,
) -> SoapPayload:
    place = Place(artifact)
    doctype = bool(_PROLOG_DOCTYPE.match(data))
    root: Element | None = None
    problem: Located[Text] | None = None
    if doctype:
        problem = _doctype_problem(place)
    else:
        try:
            root = xml.parse(data, artifact, (media_type and media_type.get("charset")) or "")
            doctype = bool(root.doctype)
            problem = _doctype_problem(place) if doctype else _shape_problem(root)
        except Unreadable as stopped:
            problem = Located(stopped.reason, stopped.place)
    return SoapPayload(
        place=place,
        data=data,
        content_type=content_type,
        media_type=media_type,
        multipart=multipart,
        envelope=None if problem else root,
        root=Located(root.name, root.place) if root is not None else None,
        doctype=doctype,
        problem=problem,
        http=http,
    )


def _doctype_problem(place: Place) -> Located[Text]:
    return Located(Text("déclaration DOCTYPE", "DOCTYPE declaration"), place)


def _shape_problem(root: Element) -> Located[Text] | None:
    uri, local = root.name
    if local != "Envelope" or uri not in SOAP_VERSIONS:
        reason = Text(f"la racine est {{{uri}}}{local}", f"the root is {{{uri}}}{local}")
        return Located(reason, root.place)
    bodies = [child for child in root.children() if child.name == (uri, "Body")]
    if len(bodies) != 1:
        reason = Text(f"{len(bodies)} élément(s) Body", f"{len(bodies)} Body element(s)")
        return Located(reason, root.place)
    return None
