"""A clinical document with the verdict of the run's content pack, as a subject of judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dmp_certify.finding import Place
from dmp_certify.packs.verdict import DocumentVerdict
from dmp_certify.wire.artifacts import content
from dmp_certify.wire.cda_delivery import Delivery
from dmp_certify.wire.message import Message, reader


@dataclass(frozen=True, eq=False)
class JudgedDocument:
    """One document and what the pack says of it; none exists where no pack judges."""

    place: Place
    verdict: DocumentVerdict


@reader(JudgedDocument)
def read(message: Message) -> Iterator[JudgedDocument]:
    """Each readable clinical document of the message, judged by `message.pack`."""
    if message.pack is None:
        return
    for delivery in message.views(Delivery):
        data = content(message, delivery.place.artifact)
        if delivery.cda is not None and data is not None:
            yield JudgedDocument(delivery.place, message.pack.judge(data))
