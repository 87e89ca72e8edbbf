"""A content declared base64 is not base64.

What it finds: an element with representation B64 whose text holds characters outside the base64
alphabet, whose padding is wrong, or which is empty without naming its content elsewhere.
Why it matters: the reader cannot open the document it was sent.
How to correct: encode the bytes with a base64 encoder (RFC 4648) and write its output unchanged.

Un contenu déclaré base64 n'est pas du base64.

Ce que le contrôle trouve : un élément de representation B64 dont le texte a des caractères hors de
l'alphabet base64 ou un bourrage faux, ou qui est vide sans nommer son contenu ailleurs.
Pourquoi c'est important : le lecteur ne peut pas ouvrir le document qu'on lui a envoyé.
Comment corriger : coder les octets avec un codeur base64 (RFC 4648) et écrire sa sortie inchangée.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda


@check("DC-CDA-BASE64", when=lambda cda: any(one.encoded for one in cda.attachments))
def base64_invalid(cda: Cda) -> Iterator[Fault]:
    for one in cda.attachments:
        if one.encoded and one.data is None:
            text = "".join(one.node.text.split())
            seen = f"{text[:40]}…{text[-20:]}" if len(text) > 80 else text
            yield Fault(one.place, "base64 (RFC 4648)", seen)
        elif one.hollow and cda.body is None:
            yield Fault(one.place, "base64 (RFC 4648)", Text("aucun octet", "no byte"))
