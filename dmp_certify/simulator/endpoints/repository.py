"""TD2.1, feeding (ITI-41 Provide and Register Document Set-b): stores a lot, or says why not."""

from __future__ import annotations

import copy
import hashlib
import uuid
from collections.abc import Iterator

from lxml import etree

from dmp_certify.simulator import soap
from dmp_certify.simulator.endpoints import lot as lots
from dmp_certify.simulator.endpoints.ebxml import (
    RIM,
    RS,
    XDSB,
    XdsError,
    patient_of,
    response,
    set_slot,
)
from dmp_certify.simulator.endpoints.lot import AssociationDraft, EntryDraft, Lot
from dmp_certify.simulator.soap import Answer, Message
from dmp_certify.simulator.world import APPROVED, World

BODY = f"{{{XDSB}}}ProvideAndRegisterDocumentSetRequest"
ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
DOCUMENT_ENTRY = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
REPOSITORY_UNIQUE_ID = "1.2.250.1.213.4.1.1.1.2"


def handle(world: World, message: Message) -> Answer:
    """Store the lot of `message`, all of it or nothing."""
    lot = lots.read(message)
    errors = lot.errors or list(_refusals(world, lot))
    if not errors:
        _store(world, lot)
    return _answer(message, errors)


def refuse(message: Message, error_code: str, word: str) -> Answer:
    """A refusal with this XDS error code, whose context carries `word`."""
    code = error_code or "XDSRepositoryError"
    return _answer(message, [XdsError(code, f"Alimentation refusée par le DMP : {word}")])


def store_given(
    world: World,
    patient: str,
    lot_id: str,
    unique_id: str,
    title: str,
    mime_type: str,
    content: bytes,
) -> None:
    """Store a document that the world begins with; `patient` is in CX form."""
    package = etree.Element(f"{{{RIM}}}RegistryPackage", id="SubmissionSet01")
    element = etree.Element(f"{{{RIM}}}ExtrinsicObject", id="Document01", mimeType=mime_type)
    element.set("objectType", DOCUMENT_ENTRY)
    name = etree.SubElement(element, f"{{{RIM}}}Name")
    etree.SubElement(name, f"{{{RIM}}}LocalizedString", value=title)
    for scheme, value in ((lots.ENTRY_PATIENT_ID, patient), (lots.ENTRY_UNIQUE_ID, unique_id)):
        etree.SubElement(
            element,
            f"{{{RIM}}}ExternalIdentifier",
            id=f"urn:uuid:{uuid.uuid4()}",
            registryObject="Document01",
            identificationScheme=scheme,
            value=value,
        )
    entry = EntryDraft(element, "Document01", unique_id, patient, content)
    _store(world, Lot(package, lot_id, patient, [entry]))


def _answer(message: Message, errors: list[XdsError]) -> Answer:
    return soap.reply(message, f"{ACTION}Response", response(f"{{{RS}}}RegistryResponse", errors))


def _refusals(world: World, lot: Lot) -> Iterator[XdsError]:
    """Why the DMP does not take a lot that is sound in itself."""
    identity = patient_of(lot.patient)
    patient = world.patient(*identity) if identity else None
    record = world.record(patient.ins) if patient else None
    if patient is None or record is None:
        yield XdsError("XDSUnknownPatientId", f"Pas de DMP pour le patient {lot.patient}")
        return
    if record.status == "closed":
        # Only the name DMPClosed is known of a real DMP; the XDS code around it is our choice.
        yield XdsError("XDSRegistryError", f"DMPClosed : le DMP de {patient.ins} est fermé")
        return
    if world.has_lot(lot.unique_id):
        context = f"uniqueId {lot.unique_id} du lot déjà enregistré"
        yield XdsError("XDSDuplicateUniqueIdInRegistry", context, lot.unique_id)
    yield from _taken_ids(world, lot)
    for entry in lot.entries:
        yield from _duplicates(world, entry)
    for association in lot.associations:
        if association.replaces:
            yield from _bad_target(world, association, patient.ins)


def _taken_ids(world: World, lot: Lot) -> Iterator[XdsError]:
    """A UUID that a product brings must be free, in the registry and in its own lot."""
    seen: set[str] = set()
    for entry in lot.entries:
        name = _registry_id(entry.id)
        if name in seen or world.document(name) is not None:
            yield XdsError("XDSRegistryMetadataError", f"entryUUID {name} déjà utilisé", entry.id)
        seen.add(name)


def _duplicates(world: World, entry: EntryDraft) -> Iterator[XdsError]:
    stored = world.document(entry.unique_id)
    if stored is None or entry.content is None:
        return
    same = stored.sha1 == hashlib.sha1(entry.content, usedforsecurity=False).hexdigest()
    context = f"uniqueId {entry.unique_id} déjà enregistré"
    if same:
        yield XdsError("XDSDuplicateUniqueIdInRegistry", context, entry.unique_id)
    else:
        yield XdsError("XDSNonIdenticalHash", f"{context}, contenu différent", entry.unique_id)


def _bad_target(world: World, association: AssociationDraft, ins: str) -> Iterator[XdsError]:
    target = association.target
    stored = world.document(target)
    if stored is None or stored.entry_uuid != target:
        # Also when the uniqueId stands where the entryUUID belongs.
        yield XdsError("XDSDocumentUniqueIdError", f"uniqueId={target}", target)
    elif stored.ins != ins:
        context = f"le document {target} est celui d'un autre patient"
        yield XdsError("XDSPatientIdDoesNotMatch", context, target)
    elif stored.status != APPROVED:
        context = f"le document {target} est déjà remplacé"
        yield XdsError("XDSRegistryDeprecatedDocumentError", context, target)


def _store(world: World, lot: Lot) -> None:
    identity = patient_of(lot.patient)
    assert identity is not None and lot.package is not None
    ins = identity[0]
    names = {entry.id: _registry_id(entry.id) for entry in lot.entries}
    names[lot.package.get("id") or ""] = _registry_id(lot.package.get("id") or "")
    world.apply(
        "lot-stored",
        unique_id=lot.unique_id,
        ins=ins,
        entry_uuid=names[lot.package.get("id") or ""],
        metadata=lots.as_text(lot.package),
    )
    for entry in lot.entries:
        world.apply(
            "document-stored",
            entry_uuid=names[entry.id],
            unique_id=entry.unique_id,
            ins=ins,
            lot=lot.unique_id,
            title=lots.title_of(entry),
            mime_type=entry.element.get("mimeType") or "",
            metadata=lots.as_text(_registered(entry, names[entry.id])),
            content=entry.content,
        )
    for item in lot.associations:
        world.apply(
            "association-stored",
            entry_uuid=f"urn:uuid:{uuid.uuid4()}",
            lot=lot.unique_id,
            kind=item.kind,
            source=names.get(item.source, item.source),
            target=names.get(item.target, item.target),
        )
        if item.replaces:
            world.apply("document-deprecated", entry_uuid=item.target)


def _registry_id(submitted: str) -> str:
    """An object keeps the UUID that it brings; a symbolic id becomes one."""
    try:
        uuid.UUID(submitted.removeprefix("urn:uuid:"))
    except ValueError:
        return f"urn:uuid:{uuid.uuid4()}"
    return submitted if submitted.startswith("urn:uuid:") else f"urn:uuid:{submitted}"


def _registered(entry: EntryDraft, entry_uuid: str) -> soap.Element:
    """The ExtrinsicObject as the registry gives it back."""
    element = copy.deepcopy(entry.element)
    element.tail = None
    content = entry.content or b""
    sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    for key, value in (("id", entry_uuid), ("lid", entry_uuid), ("status", APPROVED)):
        element.set(key, value)
    element.set("isOpaque", "false")
    for name, value in (
        ("repositoryUniqueId", REPOSITORY_UNIQUE_ID),
        ("size", str(len(content))),
        ("hash", sha1),
    ):
        set_slot(element, name, value)
    for tag, key in (
        ("Classification", "classifiedObject"),
        ("ExternalIdentifier", "registryObject"),
    ):
        for child in element.iterfind(f"{{{RIM}}}{tag}"):
            child.set(key, entry_uuid)
    if element.find(f"{{{RIM}}}VersionInfo") is None:
        version = etree.Element(f"{{{RIM}}}VersionInfo", versionName="1")
        slots = len(element.findall(f"{{{RIM}}}Slot"))
        names = sum(element.find(f"{{{RIM}}}{tag}") is not None for tag in ("Name", "Description"))
        element.insert(slots + names, version)
    return element
