"""A mustUnderstand attribute is outside the SOAP namespace.

What it finds: a header block with a mustUnderstand attribute that has no namespace.
Why it matters: SOAP knows only soap:mustUnderstand, so the attribute asks for nothing; the
official examples write it so, hence it is reported and not failed.
How to correct: prefix the attribute with the prefix of the SOAP namespace.

Un attribut mustUnderstand est hors de l'espace de noms de SOAP.

Ce que le contrôle trouve : un bloc d'en-tête dont l'attribut mustUnderstand n'a pas d'espace de
noms.
Pourquoi c'est important : SOAP ne connaît que soap:mustUnderstand, l'attribut ne demande donc
rien ; les exemples officiels l'écrivent ainsi, le fait est signalé sans être une non-conformité.
Comment corriger : préfixer l'attribut avec le préfixe de l'espace de noms de SOAP.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.soap import Soap


@check("DC-SOAP-MUST-UNDERSTAND")
def must_understand_unqualified(soap: Soap) -> Iterator[Fault]:
    for block in soap.blocks:
        bare = block.bare_must_understand
        if bare is not None:
            yield Fault(bare.place, "soap:mustUnderstand", f'mustUnderstand="{bare.value[:20]}"')
