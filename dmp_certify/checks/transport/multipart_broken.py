"""The multipart does not hold together.

What it finds: a boundary parameter that is absent or not the one used, a missing closing
delimiter, a part without header fields or that cannot be decoded, a start parameter that names no
part.
Why it matters: the receiver cannot tell where a document begins and ends: it loses it or cuts it.
How to correct: build the multipart with a library, take the boundary from it for the
Content-Type, and end with the closing delimiter.

Le multipart ne tient pas ensemble.

Ce que le contrôle trouve : un paramètre boundary absent ou différent de celui employé, un
délimiteur de fin manquant, une partie sans champs d'en-tête ou indécodable, un paramètre start
qui ne nomme aucune partie.
Pourquoi c'est important : le destinataire ne peut dire où un document commence et finit : il le
perd ou le coupe.
Comment corriger : construire le multipart avec une bibliothèque, en reprendre le boundary dans le
Content-Type, et finir par le délimiteur de fin.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.mime import Multipart

RULES = {
    "no-boundary": ("DC-MIME-BOUNDARY", Text("un paramètre boundary", "a boundary parameter")),
    "wrong-boundary": (
        "DC-MIME-BOUNDARY",
        Text("le boundary du corps", "the boundary that the body uses"),
    ),
    "unclosed": ("DC-MIME-CLOSE", Text("--boundary-- à la fin", "--boundary-- at the end")),
    "no-header-end": (
        "DC-MIME-PART",
        Text("des champs, une ligne vide, le contenu", "fields, an empty line, the content"),
    ),
    "undecodable": ("DC-MIME-PART", Text("un contenu décodable", "content that decodes")),
    "no-root": ("DC-MIME-START", Text("le Content-ID d'une partie", "the Content-ID of a part")),
}


@check("DC-MIME-BOUNDARY", "DC-MIME-CLOSE", "DC-MIME-PART", "DC-MIME-START")
def multipart_broken(multipart: Multipart) -> Iterator[Fault]:
    for problem in multipart.problems:
        row, expected = RULES[problem.code]
        yield Fault(problem.place, expected, problem.reason, row)
