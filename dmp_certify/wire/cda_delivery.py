"""Where clinical documents come from: a lone file, or the documents of a submission."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dmp_certify.finding import Place
from dmp_certify.wire import xml
from dmp_certify.wire.cda import Cda, read_cda
from dmp_certify.wire.message import Message, Unreadable, reader
from dmp_certify.wire.ns import PREFIXES
from dmp_certify.wire.xds import Submission


@dataclass(frozen=True, eq=False)
class Delivery:
    """Bytes handed over as a clinical document: a lone file, or one document of a submission.

    `problem` says why they are none; else `cda` is the document.
    """

    place: Place
    cda: Cda | None
    problem: Unreadable | None


@reader(Delivery)
def read_deliveries(message: Message) -> Iterator[Delivery]:
    """The lone file, or the documents of a submission but its signature and DICOM objects."""
    if message.kind == "cda":
        yield _delivery(message.raw, message.artifact, message.received_at)
        return
    for submission in message.views(Submission):
        signatures = {entry.id.value for entry in submission.signatures}
        for document in submission.documents:
            if document.data is None or document.id.value in signatures:
                continue
            if _other_kind(document.data):
                continue
            yield _delivery(document.data, document.artifact, message.received_at)


def _other_kind(data: bytes) -> bool:
    """A DICOM object (PS3.10), or the signature of the lot."""
    if data[128:132] == b"DICM":
        return True
    try:
        return xml.parse(data, "").name == (PREFIXES["ds"], "Signature")
    except Unreadable:
        return False


def _delivery(data: bytes, artifact: str, received_at: datetime) -> Delivery:
    try:
        return Delivery(Place(artifact), read_cda(data, artifact, received_at), None)
    except Unreadable as stopped:
        return Delivery(Place(artifact), None, stopped)


@reader(Cda)
def read(message: Message) -> Iterator[Cda]:
    """Each clinical document. Raises Unreadable when one of them cannot be read."""
    deliveries = message.views(Delivery)
    for delivery in deliveries:
        if delivery.problem is not None:
            raise delivery.problem
    yield from (delivery.cda for delivery in deliveries if delivery.cda is not None)
