"""A submission (ITI-41) as the simulator reads it: metadata, documents, associations."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from dmp_certify.simulator.endpoints.ebxml import (
    LCM,
    RIM,
    XDSB,
    XdsError,
    external_identifier,
    name_of,
    slot_values,
)
from dmp_certify.simulator.soap import Element, Message

_SET_UNIQUE_ID = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"
_SET_PATIENT_ID = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446"
ENTRY_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
ENTRY_PATIENT_ID = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427"
_INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"


@dataclass(slots=True)
class EntryDraft:
    """One DocumentEntry of a submission, with its bytes when they came."""

    element: Element
    id: str
    unique_id: str
    patient: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class AssociationDraft:
    """One association between two objects, by their ids."""

    kind: str
    source: str
    target: str

    @property
    def replaces(self) -> bool:
        """Whether it is a replacement, under IHE's URN or the one of the official sample code."""
        return self.kind.endswith(":RPLC")


@dataclass(slots=True)
class Lot:
    """One submission. `errors` holds what makes it unreadable."""

    package: Element | None = None
    unique_id: str = ""
    patient: str = ""
    entries: list[EntryDraft] = field(default_factory=list)
    associations: list[AssociationDraft] = field(default_factory=list)
    errors: list[XdsError] = field(default_factory=list)


def read(message: Message) -> Lot:
    """The submission of a message; its own faults are in `errors`."""
    lot = Lot()
    body = message.body
    listing = (
        body.find(f"{{{LCM}}}SubmitObjectsRequest/{{{RIM}}}RegistryObjectList")
        if (body is not None)
        else None
    )
    if body is None or listing is None:
        lot.errors.append(XdsError("XDSRepositoryMetadataError", "RegistryObjectList absente"))
        return lot
    documents = dict(_documents(body, message, lot))
    packages = listing.findall(f"{{{RIM}}}RegistryPackage")
    if len(packages) != 1:
        context = f"{len(packages)} RegistryPackage, un seul est attendu"
        lot.errors.append(XdsError("XDSRepositoryMetadataError", context))
    if packages:
        lot.package = packages[0]
        lot.unique_id = external_identifier(packages[0], _SET_UNIQUE_ID)
        lot.patient = external_identifier(packages[0], _SET_PATIENT_ID)
    for element in listing.iterfind(f"{{{RIM}}}ExtrinsicObject"):
        name = element.get("id") or ""
        unique_id = external_identifier(element, ENTRY_UNIQUE_ID)
        patient = external_identifier(element, ENTRY_PATIENT_ID)
        content = documents.pop(name, None)
        lot.entries.append(EntryDraft(element, name, unique_id, patient, content))
    for item in listing.iterfind(f"{{{RIM}}}Association"):
        kind, source = item.get("associationType") or "", item.get("sourceObject") or ""
        lot.associations.append(AssociationDraft(kind, source, item.get("targetObject") or ""))
    for name in documents:
        context = f"Document {name} sans ExtrinsicObject"
        lot.errors.append(XdsError("XDSMissingDocumentMetadata", context, name))
    lot.errors.extend(_inner_faults(lot))
    return lot


def _documents(body: Element, message: Message, lot: Lot) -> Iterator[tuple[str, bytes]]:
    for element in body.iterfind(f"{{{XDSB}}}Document"):
        name = element.get("id") or ""
        include = element.find(_INCLUDE)
        if include is not None:
            href = include.get("href") or ""
            content = message.attachment(href)
            if content is None:
                context = f"aucune partie MIME pour {href}"
                lot.errors.append(XdsError("XDSMissingDocument", context, name))
                continue
            yield name, content
        else:
            try:
                text = "".join("".join(map(str, element.itertext())).split())
                yield name, base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError) as error:
                context = f"le document {name} n'est pas du base64 : {error}"
                lot.errors.append(XdsError("XDSRepositoryError", context, name))


def inline_contents(message: Message) -> Iterator[bytes]:
    """The documents that stand in the message itself, in base64, as far as they can be read."""
    if message.body is None:
        return
    for element in message.body.iterfind(f"{{{XDSB}}}Document"):
        if element.find(_INCLUDE) is None:
            with contextlib.suppress(ValueError):
                yield base64.b64decode("".join(map(str, element.itertext())))


def _inner_faults(lot: Lot) -> Iterator[XdsError]:
    if not lot.unique_id:
        yield XdsError("XDSRepositoryMetadataError", "uniqueId du lot absent")
    if not lot.entries:
        yield XdsError("XDSRepositoryMetadataError", "le lot ne contient aucun document")
    for unique_id, count in Counter(entry.unique_id for entry in lot.entries).items():
        if count > 1 and unique_id:
            context = f"uniqueId {unique_id} présent {count} fois dans le lot"
            yield XdsError("XDSRepositoryDuplicateUniqueIdInMessage", context, unique_id)
    for entry in lot.entries:
        yield from _entry_faults(entry, lot)


def _entry_faults(entry: EntryDraft, lot: Lot) -> Iterator[XdsError]:
    if not entry.unique_id:
        context = f"uniqueId absent de l'entrée {entry.id}"
        yield XdsError("XDSRepositoryMetadataError", context, entry.id)
    if entry.patient != lot.patient:
        context = f"patientId de l'entrée {entry.id} différent de celui du lot"
        yield XdsError("XDSPatientIdDoesNotMatch", context, entry.id)
    if entry.content is None:
        already = any(error.location == entry.id for error in lot.errors)
        if not already:
            context = f"aucun Document pour l'entrée {entry.id}"
            yield XdsError("XDSMissingDocument", context, entry.id)
        return
    for value in slot_values(entry.element, "hash"):
        real = hashlib.sha1(entry.content, usedforsecurity=False).hexdigest()
        if value.lower() != real:
            context = f"hash annoncé {value}, calculé {real} pour {entry.unique_id}"
            yield XdsError("XDSRepositoryMetadataError", context, entry.id)
    for value in slot_values(entry.element, "size"):
        if value != str(len(entry.content)):
            context = f"size annoncée {value}, reçue {len(entry.content)} pour {entry.unique_id}"
            yield XdsError("XDSRepositoryMetadataError", context, entry.id)


def title_of(entry: EntryDraft) -> str:
    """The title of a document."""
    return name_of(entry.element)


def as_text(element: Element) -> str:
    """An element alone, as XML text."""
    return etree.tostring(element, encoding="unicode", with_tail=False)
