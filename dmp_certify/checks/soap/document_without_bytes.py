"""A Document element of the submission leads to no bytes.

What it finds: an xop:Include whose cid names no part of the message, or a Document that is empty
or not base64.
Why it matters: the metadata announce a document that the DMP does not receive.
How to correct: write in href cid: and the Content-ID of the part, without its angle brackets.

Un élément Document de la soumission ne mène à aucun octet.

Ce que le contrôle trouve : un xop:Include dont le cid ne nomme aucune partie du message, ou un
Document vide ou qui n'est pas du base64.
Pourquoi c'est important : les métadonnées annoncent un document que le DMP ne reçoit pas.
Comment corriger : écrire dans href cid: et le Content-ID de la partie, sans ses chevrons.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap
from dmp_certify.wire.transactions import FEEDING

RULES = {
    "xop": ("DC-XOP-INCLUDE", Text("le Content-ID d'une partie", "the Content-ID of a part")),
    "none": ("DC-XOP-CONTENT", Text("les octets du document", "the bytes of the document")),
    "inline": ("DC-XOP-CONTENT", Text("du base64", "base64")),
}


def _judged(soap: Soap) -> bool:
    # The parts of a lone envelope are not at hand.
    return soap.body_name == FEEDING and soap.message.kind != "soap" and bool(soap.documents)


@check("DC-XOP-INCLUDE", "DC-XOP-CONTENT", when=_judged)
def document_without_bytes(soap: Soap) -> Iterator[Fault]:
    for document in soap.documents:
        if document.problem is not None:
            row, expected = RULES[document.carriage]
            yield Fault(document.problem.place, expected, document.problem.value, row)
