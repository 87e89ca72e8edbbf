"""A document departs from the schema, the Schematrons or the value sets of its content pack.

What it finds: an XSD error, a failed assertion of the Schematrons that apply to the document's
template, or a value that stops a Schematron.
Why it matters: the DMP asks full conformance of every CDA; one departure is non-conformity.
How to correct: run `dmp-certify check` on the document: it shows each rule with its line, the value
set and the nearest valid codes.

Un document s'écarte du schéma, des schématrons ou des jeux de valeurs de son pack de contenus.

Ce que le contrôle trouve : une erreur XSD, une assertion en échec des schématrons qui s'appliquent
au volet du document, ou une valeur qui interrompt un schématron.
Pourquoi c'est important : le DMP exige la pleine conformité de chaque CDA ; un écart suffit.
Comment corriger : lancer `dmp-certify check` sur le document : chaque règle y est montrée avec sa
ligne, le jeu de valeurs et les codes valides les plus proches.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place, Text
from dmp_certify.packs.view import JudgedDocument


@check("EX_2.1-1071")
def official_rules(document: JudgedDocument) -> Iterator[Fault]:
    verdict, artifact = document.verdict, document.place.artifact
    schema = Text("un document valide selon le schéma", "a document valid against the schema")
    for error in verdict.xsd_errors:
        yield Fault(Place(artifact, error.path, error.line), schema, error.message)
    for one in verdict.failed:
        rule = Text(
            f"la règle {one.test_id} du pack {verdict.pack}, volet {verdict.volet}",
            f"rule {one.test_id} of pack {verdict.pack}, template {verdict.volet}",
        )
        yield Fault(Place(artifact, one.location, one.line), rule, " ".join(one.message.split()))
    whole = Text("un schématron évalué jusqu'au bout", "a Schematron evaluated to its end")
    for abort in verdict.aborted:
        yield Fault(Place(artifact, abort.location, abort.line), whole, abort.reason)
