"""Makes a lot out of documents: entries, signature document, submission, request (TD2.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dmp_certify.reference_lps import codes, describe, ebxml, lotsign, metadata, mtom
from dmp_certify.reference_lps.keys import Signer
from dmp_certify.reference_lps.markup import Xml
from dmp_certify.reference_lps.metadata import SIGNATURE_ID, Author, Entry, Submission
from dmp_certify.reference_lps.moments import dtm
from dmp_certify.reference_lps.orders import Coded
from dmp_certify.reference_lps.pieces import NotPossible, Piece
from dmp_certify.reference_lps.setting import Setting
from dmp_certify.reference_lps.stages import Stage, Stages

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
_URN = "URN"


@dataclass(slots=True)
class Lot:
    """A submission with the part that carries each entry's document."""

    submission: Submission
    attachments: dict[str, mtom.Attachment]


def entries(pieces: list[Piece], setting: Setting) -> list[Entry]:
    """One DocumentEntry per document. Raises NotPossible when a document is another patient's."""
    made = []
    patient, stages = setting.patient, setting.stages
    for number, piece in enumerate(pieces, 1):
        try:
            entry = describe.entry(piece.data, f"Document{number:02d}")
        except describe.NotCda as error:
            raise NotPossible(f"Ce n'est pas un document CDA : {error}.") from None
        if entry.patient_id and entry.patient_id != patient.cx:
            raise NotPossible("Le document concerne un autre patient que le dossier ouvert.")
        entry.patient_id = patient.cx
        entry.source_patient_id = entry.source_patient_id or patient.local_cx
        if piece.hidden_from_professionals:
            entry.confidentiality.append(codes.HIDDEN_FROM_PROFESSIONALS)
        if piece.hidden_from_patient:
            entry.confidentiality.append(codes.HIDDEN_FROM_PATIENT)
        entry.data = stages.at(Stage.CDA_BYTES, piece.data)
        _measure(entry)
        made.append(stages.at(Stage.ENTRY, entry))
    return made


def _measure(entry: Entry) -> None:
    entry.hash = hashlib.sha1(entry.data, usedforsecurity=False).hexdigest()
    entry.size = str(len(entry.data))


def build(
    documents: list[Entry], replaced: dict[str, str], signer: Signer, setting: Setting
) -> Lot:
    """The signed lot; `replaced` gives the entryUUID that an entry (by its id) replaces."""
    stages, moment = setting.stages, setting.moment
    lot_id = setting.store.new_oid()
    specialty = codes.author_specialty(setting.person)
    author = metadata.author_of(setting.person, specialty)
    signed = [(entry.unique_id, entry.data) for entry in documents]
    manifest = stages.at(Stage.MANIFEST, lotsign.build(lot_id, signed, signer, moment))
    signature = stages.at(Stage.LOT_SIGNATURE, lotsign.write(manifest))
    every = [*documents, _signature_entry(signature, author, setting)]
    submission = Submission(
        unique_id=lot_id,
        source_id=setting.store.root,
        time=dtm(moment),
        patient_id=setting.patient.cx,
        author=author,
        content_type=codes.CONTENT_TYPE,
        entries=every,
        associations=metadata.associations(every, replaced),
    )
    submission = stages.at(Stage.SUBMISSION, submission)
    return Lot(submission, _attachments(submission.entries))


def _signature_entry(data: bytes, author: Author, setting: Setting) -> Entry:
    patient, person, moment = setting.patient, setting.person, setting.moment
    entry = Entry(
        id=SIGNATURE_ID,
        unique_id=setting.store.new_oid(),
        mime="text/xml",
        title="Source",
        created=dtm(moment),
        language="art",
        legal_authenticator=author.person,
        service_start=dtm(moment),
        service_stop=dtm(moment),
        patient_id=patient.cx,
        source_patient_id=patient.cx,
        source_patient_info=[],
        authors=[author],
        type=Coded("E1762", "ASTM", "Full Document"),
        class_=Coded("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", _URN, "Digital Signature"),
        format=Coded(lotsign.DSIG, _URN, "Default Signature Style"),
        facility=person.sector,
        practice=codes.practice_of(person.sector),
        confidentiality=[
            codes.NORMAL,
            codes.HIDDEN_FROM_PROFESSIONALS,
            codes.HIDDEN_FROM_PATIENT,
        ],
        events=[Coded(lotsign.PURPOSE, "1.2.840.10065.1.12", "Source")],
        data=data,
    )
    _measure(entry)
    return entry


def _attachments(every: list[Entry]) -> dict[str, mtom.Attachment]:
    return {
        entry.id: mtom.Attachment(
            f"{number}.{entry.id.lower()}@lps.invalid", entry.mime, entry.data
        )
        for number, entry in enumerate(every, 1)
    }


def body(lot: Lot, stages: Stages) -> Xml:
    """The body of the TD2.1 request, its documents by reference."""
    submitted = stages.at(Stage.METADATA, ebxml.submit(lot.submission))
    return ebxml.provide(submitted, {k: a.content_id for k, a in lot.attachments.items()})
