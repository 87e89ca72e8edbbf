"""The MIME type of a document is not one of the DMP's

What it finds: a mimeType other than text/xml (CDA), application/xslt+xml (self-presentable CDA) and
application/dicom (imaging references).
Why it matters: the MIME type tells the consulting software how to open the document.
How to correct: send text/xml for a CDA, whatever its body holds.

Le type MIME d'un document n'est pas l'un de ceux du DMP

Ce que le contrôle trouve : un mimeType autre que text/xml (CDA), application/xslt+xml (CDA
auto-présentable) et application/dicom (références d'imagerie).
Pourquoi c'est important : le type MIME dit au logiciel consultant comment ouvrir le document.
Comment corriger : envoyer text/xml pour un CDA, quel que soit son corps.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.xds import DocumentEntry

_TYPES = ("text/xml", "application/xslt+xml", "application/dicom")


@check("DC-XDS-MIME", when=lambda entry: not entry.signature and bool(entry.text("mimeType")))
def mime_type_unknown(entry: DocumentEntry) -> Iterator[Fault]:
    stated = entry.value("mimeType")
    if stated is not None and stated.value not in _TYPES:
        yield Fault(stated.place, " | ".join(_TYPES), stated.value[:200])
