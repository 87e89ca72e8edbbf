"""What a fed document says, apart from the identifiers and times that each new sending changes.

Two documents of the same key are the same document sent twice (EX_GEN-1060: neither content nor
metadata changed).
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from dmp_certify.finding import Place
from dmp_certify.wire.cda_nodes import HL7
from dmp_certify.wire.coherence import FedDocument
from dmp_certify.wire.message import Message, reader
from dmp_certify.wire.xds import DocumentEntry
from dmp_certify.wire.xds_attributes import ENTRY

# What differs between two sendings of one unchanged document.
_SENDING = ("uniqueId", "creationTime", "hash", "size", "repositoryUniqueId", "author")
_VERSION = ("id", "setId", "versionNumber", "effectiveTime", "relatedDocument")
_TIMED = ("author", "legalAuthenticator", "authenticator", "dataEnterer")


@dataclass(frozen=True, slots=True)
class FedContent:
    """One clinical document of a submission; `key` is a digest of patient, metadata and content."""

    place: Place
    title: str
    key: str


@reader(FedContent)
def read(message: Message) -> Iterator[FedContent]:
    """Each clinical CDA of a submission."""
    for fed in message.views(FedDocument):
        digest = hashlib.sha256(_metadata(fed.entry).encode("utf-8", "surrogatepass"))
        digest.update(_content(fed))
        yield FedContent(fed.place, fed.entry.text("title"), digest.hexdigest())


def _metadata(entry: DocumentEntry) -> str:
    """The attributes that a new sending does not change by itself."""
    kept = (name for name in ENTRY if name not in _SENDING)
    stated = {name: sorted(value.value for value in entry.values(name)) for name in kept}
    authors = sorted(
        value.value
        for author in entry.authors
        for slot in author.classification.slots
        for value in slot.values
    )
    return repr((sorted(stated.items()), authors))


def _content(fed: FedDocument) -> bytes:
    """The canonical document without its identifiers, its version and its times."""
    root = copy.deepcopy(fed.cda.node.element.node)
    for name in _VERSION:
        for child in root.findall(HL7 + name):
            root.remove(child)
    for name in _TIMED:
        for time in root.findall(f"{HL7}{name}/{HL7}time"):
            time.attrib.pop("value", "")
    return etree.tostring(root, method="c14n", with_comments=False)
