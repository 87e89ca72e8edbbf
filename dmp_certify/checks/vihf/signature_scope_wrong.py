"""The signature of the VIHF does not cover the assertion and it alone.

What it finds: a signature whose references do not name the ID of its own assertion, an ID borne
by several elements, several signatures or references.
Why it matters: a signature over something else proves nothing of the assertion that is read.
How to correct: sign with one Reference whose URI is # and the ID of the assertion; give no other
element that ID.

La signature du VIHF ne couvre pas l'assertion, et elle seule.

Ce que le contrôle trouve : une signature dont les références ne nomment pas l'ID de sa propre
assertion, un ID porté par plusieurs éléments, plusieurs signatures ou références.
Pourquoi c'est important : une signature qui porte sur autre chose ne prouve rien de l'assertion
qui est lue.
Comment corriger : signer avec une Reference dont l'URI est # et l'ID de l'assertion ; ne donner
cet ID à aucun autre élément.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

CODES = frozenset({"reference", "duplicate-id"})


def _judged(vihf: Vihf) -> bool:
    return vihf.signature is not None


@check("DC-VIHF-SIGNATURE-SCOPE", when=_judged)
def signature_scope_wrong(vihf: Vihf) -> Iterator[Fault]:
    signature, result = vihf.signature, vihf.verification
    if signature is None or result is None:
        return
    expected = f"URI=#{vihf.id.value[:100]}"
    if result.code in CODES and result.place and result.reason:
        yield Fault(result.place, expected, result.reason)
    elif not result.code and result.signed != (vihf.element,):
        paths = ", ".join(one.place.path for one in result.signed)
        yield Fault(signature.references[0].uri.place, expected, paths[:200])
    elif vihf.signatures > 1:
        count = vihf.signatures
        yield Fault(
            signature.place,
            Text("une seule signature", "one signature"),
            Text(f"{count} signatures", f"{count} signatures"),
        )
