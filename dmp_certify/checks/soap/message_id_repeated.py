"""Two different messages have the same MessageID.

What it finds: a wsa:MessageID already borne by an earlier call of the run whose body is not the
same; sending the same message again is allowed.
Why it matters: an answer or a trace then designates two calls, and a server that keeps
identifiers ignores the second.
How to correct: draw a new UUID for each call.

Deux messages différents ont le même MessageID.

Ce que le contrôle trouve : un wsa:MessageID déjà porté par un appel précédent de l'exécution dont
le corps est autre ; renvoyer le même message est permis.
Pourquoi c'est important : une réponse ou une trace désigne alors deux appels, et un serveur qui
retient les identifiants ignore le second.
Comment corriger : tirer un nouvel UUID pour chaque appel.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.run import RunView, comparable, repeated
from dmp_certify.wire.soap import Soap


def _identifier(soap: Soap) -> str:
    return soap.message_id.value if soap.message_id else ""


@check(
    "DC-WSA-MESSAGE-ID-UNIQUE",
    when=lambda run: comparable(run, Soap, _identifier),
)
def message_id_repeated(run: RunView) -> Iterator[Fault]:
    for later, earlier, message in repeated(run, Soap, _identifier):
        if later.message_id is None or later.body_digest == earlier.body_digest:
            continue
        yield Fault(
            later.message_id.place,
            Text("un identifiant jamais employé", "an identifier never used before"),
            Text(
                f"{later.message_id.value[:100]}, déjà dans {message.artifact}",
                f"{later.message_id.value[:100]}, already in {message.artifact}",
            ),
        )
