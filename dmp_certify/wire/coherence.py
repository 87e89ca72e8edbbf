"""A clinical document together with its document entry, and what one must say as the other does.

Source: ANS, mapping of CDA R2 to XDS metadata (HL7v2 transmission guide, PDSM4DMP models); IHE
PCC TF-2 4.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dmp_certify.finding import Place
from dmp_certify.wire.cda import Cda, read_cda
from dmp_certify.wire.message import Message, Unreadable, reader
from dmp_certify.wire.soap_documents import Document
from dmp_certify.wire.xds import RPLC, RPLC_2010, DocumentEntry, Submission

CDA_TYPES = ("text/xml", "application/xml", "application/xslt+xml")


@dataclass(frozen=True)
class FedDocument:
    """One clinical CDA of a lot with its entry. `replaces` tells whether the lot holds a RPLC
    association that starts from the entry."""

    place: Place
    submission: Submission = field(repr=False)
    entry: DocumentEntry
    document: Document = field(repr=False)
    cda: Cda
    replaces: Place | None


@reader(FedDocument)
def read(message: Message) -> Iterator[FedDocument]:
    """Each clinical document of a submission that is a CDA and that has its entry.

    A document that cannot be read as a CDA is left to the checks of documents; other MIME types
    (DICOM KOS) are not CDA.
    """
    for submission in message.views(Submission):
        parsed = _parsed(message)
        for entry in submission.clinical:
            document = submission.document_of(entry)
            if document is None or document.data is None:
                continue
            if entry.text("mimeType") not in CDA_TYPES:
                continue
            cda = parsed.get(document.artifact) or _read(message, document)
            if cda is not None:
                replaces = next(
                    (
                        one.place
                        for one in submission.typed(RPLC, RPLC_2010)
                        if one.source.value == entry.id.value
                    ),
                    None,
                )
                yield FedDocument(entry.place, submission, entry, document, cda, replaces)


def _parsed(message: Message) -> dict[str, Cda]:
    """The documents that the CDA view has read already, by artifact."""
    try:
        return {one.place.artifact: one for one in message.views(Cda)}
    except Unreadable:
        return {}


def _read(message: Message, document: Document) -> Cda | None:
    try:
        return read_cda(document.data or b"", document.artifact, message.received_at)
    except Unreadable:
        return None
