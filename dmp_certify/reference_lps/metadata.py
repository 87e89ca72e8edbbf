"""XDS metadata of a lot: one submission set, its documents, their associations (ITI-41)."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp_certify.reference_lps.orders import Coded, Person

ASSOCIATION = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC"
SET_ID = "SubmissionSet01"
SIGNATURE_ID = "Signature01"


@dataclass(slots=True)
class Author:
    """One author: HL7 v2 XCN, XON and coded specialty."""

    person: str
    institution: str = ""
    role: str = ""
    specialty: str = ""


@dataclass(slots=True)
class Entry:
    """The DocumentEntry of one document, before it is written. Instants are XDS DTM."""

    id: str
    unique_id: str
    mime: str
    title: str
    created: str
    language: str
    legal_authenticator: str
    service_start: str
    service_stop: str
    patient_id: str
    source_patient_id: str
    source_patient_info: list[str]
    authors: list[Author]
    type: Coded
    class_: Coded
    format: Coded
    facility: Coded
    practice: Coded
    confidentiality: list[Coded]
    events: list[Coded]
    data: bytes = field(repr=False, default=b"")
    hash: str = ""
    size: str = ""


@dataclass(slots=True)
class Association:
    """A link between two objects of the lot, or to one that the registry holds."""

    type: str
    source: str
    target: str
    original: bool = False


@dataclass(slots=True)
class Submission:
    """The whole lot, before it is written."""

    unique_id: str
    source_id: str
    time: str
    patient_id: str
    author: Author
    content_type: Coded
    entries: list[Entry]
    associations: list[Association]
    title: str = ""


def escape(value: str) -> str:
    """HL7 v2 escapes of the characters that separate components."""
    return (
        value.replace("\\", "\\E\\")
        .replace("^", "\\S\\")
        .replace("&", "\\T\\")
        .replace("~", "\\R\\")
        .replace("|", "\\F\\")
    )


def xcn(id_: str, family: str, given: str, oid: str, name_type: str, kind: str) -> str:
    """A person or a system as an XCN."""
    return f"{id_}^{escape(family)}^{escape(given)}^^^^^^&{oid}&ISO^{name_type}^^^{kind}"


def xon(name: str, id_: str, oid: str = "1.2.250.1.71.4.2.2") -> str:
    """A structure as an XON; what is not known stays empty."""
    if not id_:
        return escape(name)
    return f"{escape(name)}^^^^^&{oid}&ISO^IDNST^^^{id_}"


def author_of(person: Person, specialty: Coded) -> Author:
    """The user as an author."""
    return Author(
        person=xcn(person.id, person.family, person.given, "1.2.250.1.71.4.2.1", "D", "IDNPS"),
        institution=xon(person.structure_name, person.structure_id),
        specialty=f"{specialty.code}^{specialty.display}^{specialty.system}",
    )


def associations(entries: list[Entry], replaced: dict[str, str]) -> list[Association]:
    """Membership of every entry, the signature's link, and one RPLC per replaced document.

    `replaced` gives the entryUUID that each new entry (by its id) replaces.
    """
    made = [Association(ASSOCIATION, SET_ID, entry.id, original=True) for entry in entries]
    if any(entry.id == SIGNATURE_ID for entry in entries):
        made.append(Association(SIGNS, SIGNATURE_ID, SET_ID))
    made += [Association(REPLACES, new, old) for new, old in replaced.items()]
    return made
