"""TD3.1, search (ITI-18): enough for a product to find what it replaces.

GetDocuments and FindDocuments, ObjectRef or LeafClass. FindDocuments filters on patient and
status; other parameters are not applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from dmp_certify.simulator import soap
from dmp_certify.simulator.endpoints.ebxml import (
    QUERY,
    RIM,
    XdsError,
    patient_of,
    response,
    slot_values,
)
from dmp_certify.simulator.soap import Answer, Element, Message
from dmp_certify.simulator.world import APPROVED, Document, World

BODY = f"{{{QUERY}}}AdhocQueryRequest"
ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
_RESPONSE = f"{{{QUERY}}}AdhocQueryResponse"
_QUOTED = re.compile(r"'((?:[^']|'')*)'")


class _QueryError(Exception):
    def __init__(self, code: str, context: str) -> None:
        super().__init__(context)
        self.error = XdsError(code, context)


def handle(world: World, message: Message) -> Answer:
    """Answer a stored query out of `world`."""
    assert message.body is not None
    query = message.body.find(f"{{{RIM}}}AdhocQuery")
    option = message.body.find(f"{{{QUERY}}}ResponseOption")
    try:
        name = (query.get("id") or "").removeprefix("urn:uuid:") if query is not None else ""
        if query is None or name not in _QUERIES:
            raise _QueryError("XDSUnknownStoredQuery", f"requête inconnue : {name or 'absente'}")
        found = _QUERIES[name](world, query, message)
    except _QueryError as error:
        return soap.reply(message, f"{ACTION}Response", response(_RESPONSE, [error.error]))
    leaf = option is None or option.get("returnType", "LeafClass") == "LeafClass"
    return soap.reply(message, f"{ACTION}Response", _listing(found, leaf))


def refuse(message: Message, error_code: str, word: str) -> Answer:
    """A refusal with this XDS error code, whose context carries `word`."""
    error = XdsError(error_code or "XDSRegistryError", f"Recherche refusée par le DMP : {word}")
    return soap.reply(message, f"{ACTION}Response", response(_RESPONSE, [error]))


def _get_documents(world: World, query: Element, _: Message) -> list[Document]:
    names = [
        *_values(query, "$XDSDocumentEntryUniqueId"),
        *_values(query, "$XDSDocumentEntryEntryUUID"),
    ]
    if not names:
        context = "$XDSDocumentEntryUniqueId ou $XDSDocumentEntryEntryUUID attendu"
        raise _QueryError("XDSStoredQueryMissingParam", context)
    found = [world.document(name) for name in names]
    return [document for document in found if document is not None]


def _find_documents(world: World, query: Element, message: Message) -> list[Document]:
    given = _values(query, "$XDSDocumentEntryPatientId") or [message.subject]
    identity = patient_of(given[0])
    if identity is None:
        context = "$XDSDocumentEntryPatientId attendu"
        raise _QueryError("XDSStoredQueryMissingParam", context)
    if world.patient(*identity) is None or world.record(identity[0]) is None:
        raise _QueryError("XDSUnknownPatientId", f"Pas de DMP pour le patient {given[0]}")
    statuses = _values(query, "$XDSDocumentEntryStatus") or [APPROVED]
    return [item for item in world.documents(identity[0]) if item.status in statuses]


_QUERIES: dict[str, Callable[[World, Element, Message], list[Document]]] = {
    "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4": _get_documents,
    "14d4debf-8f97-4251-9a74-a90016b0af0d": _find_documents,
}


def _values(query: Element, name: str) -> list[str]:
    """The strings of a parameter: `'one'`, `('a','b')`, or several Value elements."""
    found: list[str] = []
    for value in slot_values(query, name):
        quoted = _QUOTED.findall(value)
        found.extend(item.replace("''", "'") for item in quoted or [value.strip("() ")])
    return [item for item in found if item]


def _listing(documents: list[Document], leaf: bool) -> Element:
    root = response(_RESPONSE, [])
    root.set("startIndex", "0")
    root.set("totalResultCount", str(len(documents)))
    listing = etree.SubElement(root, f"{{{RIM}}}RegistryObjectList")
    for document in documents:
        if leaf:
            element = etree.fromstring(document.metadata)
            element.set("status", document.status)
            listing.append(element)
        else:
            etree.SubElement(listing, f"{{{RIM}}}ObjectRef", id=document.entry_uuid)
    return root
