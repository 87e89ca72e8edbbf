"""The signature of the VIHF does not hold.

What it finds: a signature value or a digest that does not match, an algorithm that is not
allowed, a KeyInfo without readable certificate.
Why it matters: the assertion was changed after it was signed, or signed with another key.
How to correct: sign last, after the assertion is complete, and do not reformat the XML
afterwards.

La signature du VIHF n'est pas valide.

Ce que le contrôle trouve : une valeur de signature ou une empreinte qui ne correspond pas, un
algorithme non admis, un KeyInfo sans certificat lisible.
Pourquoi c'est important : l'assertion a été modifiée après sa signature, ou signée avec une autre
clé.
Comment corriger : signer en dernier, une fois l'assertion complète, et ne plus reformater le XML
ensuite.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

CODES = frozenset({"invalid", "algorithm", "no-certificate"})


def _judged(vihf: Vihf) -> bool:
    return vihf.signature is not None


@check("DC-VIHF-SIGNATURE", when=_judged)
def signature_invalid(vihf: Vihf) -> Iterator[Fault]:
    result = vihf.verification
    if result is not None and result.code in CODES and result.place and result.reason:
        expected = Text("une signature valide", "a signature that holds")
        yield Fault(result.place, expected, result.reason)
