"""The document has no body, or more than one.

What it finds: a ClinicalDocument whose component holds neither nonXMLBody nor structuredBody.
Why it matters: a document without a body shows nothing to the reader and is not a CDA document.
How to correct: write one component with one nonXMLBody or one structuredBody.

Le document n'a pas de corps, ou en a plus d'un.

Ce que le contrôle trouve : un ClinicalDocument dont le component ne porte ni nonXMLBody ni
structuredBody.
Pourquoi c'est important : sans corps, le document ne montre rien au lecteur et n'est pas un CDA.
Comment corriger : écrire un component avec un nonXMLBody ou un structuredBody.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import ABSENT
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-BODY")
def body_missing(cda: Cda) -> Iterator[Fault]:
    bodies = (*cda.node.all("component.nonXMLBody"), *cda.node.all("component.structuredBody"))
    expected = Text("un nonXMLBody ou un structuredBody", "one nonXMLBody or one structuredBody")
    if not bodies:
        yield Fault(cda.node.missing("component"), expected, ABSENT)
    elif len(bodies) > 1:
        seen = Text(f"{len(bodies)} corps", f"{len(bodies)} bodies")
        yield Fault(bodies[1].place, expected, seen)
