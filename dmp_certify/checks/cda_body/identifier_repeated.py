"""An element bears the same identifier or template twice.

What it finds: two id, or two templateId, of the same root and extension in one element.
Why it matters: identifiers and templates of an element are a set; the second says nothing, and
rules that count templates refuse the element.
How to correct: write each id and each templateId of an element once.

Un élément porte deux fois le même identifiant ou le même modèle.

Ce que le contrôle trouve : deux id, ou deux templateId, de mêmes racine et extension dans un même
élément.
Pourquoi c'est important : les identifiants et les modèles d'un élément forment un ensemble ; le
second ne dit rien, et les règles qui comptent les modèles refusent l'élément.
Comment corriger : écrire une seule fois chaque id et chaque templateId d'un élément.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_identity import repeated

_ROWS = {"id": "DC-CDA-ID-ONCE", "templateId": "DC-CDA-TEMPLATE-ONCE"}


@check(*_ROWS.values())
def identifier_repeated(cda: Cda) -> Iterator[Fault]:
    for node in repeated(cda):
        expected = Text("une seule fois dans l'élément", "once in the element")
        seen = f"{node.root} {node.extension}".strip()
        yield Fault(node.at("root"), expected, seen[:200], _ROWS[node.name])
