"""The request breaks the syntax of HTTP.

What it finds: a first line that is not `METHOD target HTTP/1.1`, or a header line that is no
field.
Why it matters: a server or a proxy that reads such a request in its own way may route it
elsewhere or close the connection.
How to correct: send requests with an HTTP library instead of assembling their lines by hand.

La requête enfreint la syntaxe de HTTP.

Ce que le contrôle trouve : une première ligne qui n'est pas de la forme `MÉTHODE cible HTTP/1.1`,
ou une ligne d'en-tête qui n'est pas un champ.
Pourquoi c'est important : un serveur ou un mandataire qui lit cette requête à sa façon peut
l'envoyer ailleurs ou fermer la connexion.
Comment corriger : envoyer les requêtes avec une bibliothèque HTTP plutôt que d'assembler leurs
lignes à la main.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Place, Text
from dmp_certify.wire.http import HttpRequest


@check("DC-HTTP-SYNTAX")
def http_malformed(request: HttpRequest) -> Iterator[Fault]:
    if request.problem is not None:
        yield Fault(request.problem.place, "METHOD target HTTP/1.1", request.problem.value)
    for stray in request.strays:
        yield Fault(
            Place(request.place.artifact, "header"),
            Text("un champ de la forme Nom: valeur", "a field of the form Name: value"),
            stray,
        )
