"""The client certificate of the connection is not an authentication certificate.

What it finds: a TLS client certificate whose extensions make it a signature, server or authority
certificate.
Why it matters: each certificate of the structure has one use; the DMP accepts ORG_AUTH_CLI on its
link and nothing else.
How to correct: configure the ORG_AUTH_CLI certificate for TLS and keep ORG_SIGN for signatures.

Le certificat client de la connexion n'est pas un certificat d'authentification.

Ce que le contrôle trouve : un certificat client TLS dont les extensions font un certificat de
signature, de serveur ou d'autorité.
Pourquoi c'est important : chaque certificat de la structure a un seul usage ; le DMP n'accepte
que ORG_AUTH_CLI sur sa liaison.
Comment corriger : configurer le certificat ORG_AUTH_CLI pour TLS et réserver ORG_SIGN aux
signatures.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

KINDS = {
    "signature": Text("certificat de signature", "signature certificate"),
    "server": Text("certificat de serveur", "server certificate"),
    "authority": Text("certificat d'autorité", "authority certificate"),
}


REFUSED = "client-certificate-wrong-purpose"
EXPECTED = Text(
    "un certificat ORG_AUTH_CLI (clientAuth)", "an ORG_AUTH_CLI certificate (clientAuth)"
)


def _judged(tls: Tls) -> bool:
    return tls.client is not None or tls.cause == REFUSED


@check("EX_GEN-1450", when=_judged)
def client_certificate_wrong_purpose(tls: Tls) -> Iterator[Fault]:
    client = tls.client
    if client is None or client.value.purpose not in KINDS:
        if tls.cause == REFUSED:
            yield Fault(tls.reason.place, EXPECTED, tls.reason.value)
        return
    kind = KINDS[client.value.purpose]
    usages = ", ".join(client.value.usages)
    yield Fault(
        client.place,
        EXPECTED,
        Text(
            f"{kind.fr} ({usages}) : {client.value.subject_text}",
            f"{kind.en} ({usages}): {client.value.subject_text}",
        ),
    )
