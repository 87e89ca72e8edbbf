"""The restriction of audience in the VIHF is not a known code.

What it finds: a confidentiality-code attribute without the code INVISIBLE_REPRESENTANTS_LEGAUX,
as text or as a coded element.
Why it matters: a minor asks for secrecy by this code; with another one the parents see what was
to stay hidden.
How to correct: write INVISIBLE_REPRESENTANTS_LEGAUX (1.2.250.1.213.1.1.4.13), or leave the
attribute out.

La restriction d'audience du VIHF n'est pas un code connu.

Ce que le contrôle trouve : un attribut confidentiality-code sans le code
INVISIBLE_REPRESENTANTS_LEGAUX, en texte ou en élément codé.
Pourquoi c'est important : un mineur demande le secret par ce code ; avec un autre, ses parents
voient ce qui devait rester caché.
Comment corriger : écrire INVISIBLE_REPRESENTANTS_LEGAUX (1.2.250.1.213.1.1.4.13), ou omettre
l'attribut.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.vihf import CONFIDENTIALITY, Vihf

CODE = "INVISIBLE_REPRESENTANTS_LEGAUX"


@check("DC-VIHF-CONFIDENTIALITY")
def confidentiality_unknown(vihf: Vihf) -> Iterator[Fault]:
    for attribute in vihf.named(CONFIDENTIALITY):
        texts = [value.value for value in attribute.values if value.value]
        texts += [coded.code.value for coded in attribute.coded if coded.code]
        for text in texts:
            # The shape is not public: the code alone, in a CX-like string, or in a CE element.
            if text.partition("^")[0].strip() != CODE:
                yield Fault(attribute.place, CODE, text[:200])
