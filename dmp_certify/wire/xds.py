"""The submission of TD2.1: lot, document entries, associations and the documents themselves.

Sources: IHE ITI TF-2 3.41 (Provide and Register Document Set-b), TF-3 4.1 and 4.2; CI-SIS
"Partage de documents de santé" as the ANS logical models restate it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from dmp_certify.finding import Place, Text
from dmp_certify.wire import ns
from dmp_certify.wire.message import Located, Message, Unreadable, reader
from dmp_certify.wire.rim import (
    Association,
    Classification,
    RimObject,
    read_association,
    read_classification,
    read_object,
)
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.soap_documents import Document
from dmp_certify.wire.xds_attributes import (
    ENTRY,
    SUBMISSION_SET,
    SUBMISSION_SET_NODE,
    Carrier,
    occurrences,
    place_of,
)
from dmp_certify.wire.xml import Element

REQUEST = "ProvideAndRegisterDocumentSetRequest"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
RPLC_2010 = "urn:ihe:iti:2010:AssociationType:RPLC"
SIGNATURE_CLASS = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"
SIGNATURE_TYPE = "E1762"
SIGNATURE_FORMATS = ("http://www.w3.org/2000/09/xmldsig#", "urn:ihe:iti:dsg:detached:2014")
_REGISTRY_LIST = "lcm:SubmitObjectsRequest/rim:RegistryObjectList"


@dataclass(frozen=True, slots=True)
class Author:
    """One author of a document or of the lot."""

    classification: Classification

    @property
    def place(self) -> Place:
        return self.classification.place

    def values(self, slot: str) -> tuple[Located[str], ...]:
        """authorPerson, authorInstitution, authorRole or authorSpecialty, empty values left out."""
        return tuple(one for one in self.classification.values(slot) if one.value)

    def at(self, slot: str) -> Place:
        return self.classification.at(slot)


@dataclass(frozen=True)
class Described:
    """What a document entry and a submission set share: attributes found by their XDS name.

    `live` is true when the reception was witnessed, so that `received_at` means something.
    """

    CARRIERS: ClassVar[Mapping[str, Carrier]] = {}
    rim: RimObject
    received_at: datetime
    live: bool

    @property
    def place(self) -> Place:
        return self.rim.place

    @property
    def id(self) -> Located[str]:
        """The symbolic id (or entryUUID) of the object."""
        return self.rim.id

    def values(self, attribute: str) -> tuple[Located[str], ...]:
        """Every non-empty value of the attribute."""
        return occurrences(self.rim, self.CARRIERS[attribute])

    def value(self, attribute: str) -> Located[str] | None:
        """Its first value, or None."""
        found = self.values(attribute)
        return found[0] if found else None

    def text(self, attribute: str) -> str:
        """Its first value, empty when it is absent."""
        found = self.value(attribute)
        return found.value if found else ""

    def codes(self, attribute: str) -> tuple[Classification, ...]:
        """The classifications of a coded attribute."""
        return self.rim.classified(self.CARRIERS[attribute].key)

    def missing(self, attribute: str) -> Place:
        """Where the attribute would stand."""
        return place_of(self.rim, self.CARRIERS[attribute])

    @property
    def authors(self) -> tuple[Author, ...]:
        return tuple(Author(one) for one in self.codes("author"))


@dataclass(frozen=True)
class DocumentEntry(Described):
    """One ExtrinsicObject. `signature` marks the technical entry of the lot's signature."""

    CARRIERS = ENTRY
    signature: bool = False


@dataclass(frozen=True)
class SubmissionSet(Described):
    """The RegistryPackage that is the lot."""

    CARRIERS = SUBMISSION_SET


@dataclass(frozen=True)
class Submission:
    """One ProvideAndRegisterDocumentSetRequest.

    `packages` are all RegistryPackage objects; `marked_sets` those that bear the node of submission
    sets, `sets` these or else the lone package; `nodes` the classifications outside any object.
    """

    place: Place
    element: Element = field(repr=False)
    message: Message = field(repr=False)
    soap: Soap = field(repr=False)
    packages: tuple[RimObject, ...]
    marked_sets: tuple[SubmissionSet, ...]
    sets: tuple[SubmissionSet, ...]
    entries: tuple[DocumentEntry, ...]
    associations: tuple[Association, ...]
    nodes: tuple[Classification, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.soap.documents

    @property
    def set(self) -> SubmissionSet | None:
        """The lot, when there is one."""
        return self.sets[0] if self.sets else None

    @cached_property
    def clinical(self) -> tuple[DocumentEntry, ...]:
        """The entries that are not the lot's signature."""
        return tuple(one for one in self.entries if not one.signature)

    @property
    def signatures(self) -> tuple[DocumentEntry, ...]:
        return tuple(one for one in self.entries if one.signature)

    def document_of(self, entry: DocumentEntry) -> Document | None:
        """The Document of the entry's id, or None."""
        return self.soap.document(entry.id.value)

    def typed(self, *types: str) -> tuple[Association, ...]:
        """The associations of those types."""
        return tuple(one for one in self.associations if one.type.value in types)


@reader(Submission)
def read(message: Message) -> Iterator[Submission]:
    """The submission of a call whose body is one. Raises Unreadable in a foreign namespace."""
    for soap in message.views(Soap):
        body = soap.payload
        if body is None or body.name[1] != REQUEST:
            continue
        if body.name[0] != ns.PREFIXES["xdsb"]:
            wanted, seen = ns.PREFIXES["xdsb"], body.name[0] or "-"
            raise Unreadable(
                body.place,
                Text(f"espace de noms {seen}, attendu {wanted}", f"namespace {seen}, not {wanted}"),
            )
        yield _submission(message, soap, body)


@reader(DocumentEntry)
def read_entries(message: Message) -> Iterator[DocumentEntry]:
    """Every document entry of a submission, the technical one included."""
    for submission in message.views(Submission):
        yield from submission.entries


@reader(SubmissionSet)
def read_sets(message: Message) -> Iterator[SubmissionSet]:
    """The lot of a submission."""
    for submission in message.views(Submission):
        yield from submission.sets


def _submission(message: Message, soap: Soap, body: Element) -> Submission:
    listed = body.first(_REGISTRY_LIST)
    associations = tuple(read_association(one) for one in _all(listed, "rim:Association"))
    packages = tuple(read_object(one) for one in _all(listed, "rim:RegistryPackage"))
    nodes = tuple(read_classification(one) for one in _all(listed, "rim:Classification"))
    at, live = message.received_at, message.kind == "http"
    marked = tuple(SubmissionSet(one, at, live) for one in packages if _is_set(one, nodes))
    lone = tuple(SubmissionSet(one, at, live) for one in packages[:1] if len(packages) == 1)
    return Submission(
        place=body.place,
        element=body,
        message=message,
        soap=soap,
        packages=packages,
        marked_sets=marked,
        sets=marked or lone,
        entries=tuple(
            _entry(DocumentEntry(read_object(one), at, live), associations)
            for one in _all(listed, "rim:ExtrinsicObject")
        ),
        associations=associations,
        nodes=nodes,
    )


def _all(listed: Element | None, path: str) -> list[Element]:
    """The objects of the list; none when there is no list, which the schema's check says."""
    return listed.all(path) if listed is not None else []


def _is_set(package: RimObject, nodes: tuple[Classification, ...]) -> bool:
    """Whether the package bears the node of submission sets, inside it or beside it."""
    return any(
        one.node == SUBMISSION_SET_NODE
        and (one.owner is None or one.owner.value == package.id.value)
        for one in (*nodes, *package.classifications)
    )


def _entry(entry: DocumentEntry, associations: tuple[Association, ...]) -> DocumentEntry:
    """The entry, marked as technical by any of the traits of one, for a trait may be wrong."""
    signs = any(
        one.type.value == SIGNS and one.source.value == entry.id.value for one in associations
    )
    marked = (
        entry.text("formatCode") in SIGNATURE_FORMATS
        or entry.text("typeCode") == SIGNATURE_TYPE
        or entry.text("classCode") == SIGNATURE_CLASS
    )
    return replace(entry, signature=signs or marked)
