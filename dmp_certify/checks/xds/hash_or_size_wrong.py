"""The hash or size of a document is not that of its bytes

What it finds: a hash slot that is not the SHA-1 of the document sent, or a size slot that is not
its number of bytes. An absent slot is reported elsewhere.
Why it matters: hash and size prove that the document stored is the document written; a registry
refuses a lot where they differ.
How to correct: compute hash and size on the very bytes put into the MIME part, after the last
change to the document.

L'empreinte ou la taille d'un document n'est pas celle de ses octets

Ce que le contrôle trouve : un slot hash qui n'est pas le SHA-1 du document transmis, ou un slot
size qui n'en est pas le nombre d'octets. L'absence du slot est signalée ailleurs.
Pourquoi c'est important : empreinte et taille prouvent que le document conservé est le document
écrit ; un registre refuse un lot où elles diffèrent.
Comment corriger : calculer empreinte et taille sur les octets mêmes mis dans la partie MIME, après
la dernière modification du document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.xds import DocumentEntry, Submission


@check("DC-XDS-HASH", "DC-XDS-SIZE", when=lambda submission: any(map(_states, submission.entries)))
def hash_or_size_wrong(submission: Submission) -> Iterator[Fault]:
    for entry in submission.entries:
        document = submission.document_of(entry)
        if document is None or document.data is None:
            continue
        digest, size = entry.value("hash"), entry.value("size")
        if digest is not None:
            wanted = hashlib.sha1(document.data, usedforsecurity=False).hexdigest()
            if digest.value.lower() != wanted:
                yield Fault(digest.place, wanted, digest.value[:200], "DC-XDS-HASH")
        if size is not None and size.value != str(len(document.data)):
            yield Fault(size.place, str(len(document.data)), size.value[:200], "DC-XDS-SIZE")


def _states(entry: DocumentEntry) -> bool:
    return entry.value("hash") is not None or entry.value("size") is not None
