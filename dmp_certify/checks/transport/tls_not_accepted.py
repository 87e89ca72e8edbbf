"""The connection uses a TLS version or a suite that the DMP does not accept.

What it finds: a connection, or an attempt, in another version than TLS 1.2 or with another suite
than the four of sheet PDT-INF-579v4.
Why it matters: the DMP closes such connections, and older versions or suites no longer protect
health data.
How to correct: enable TLS 1.2 in the software's TLS library with at least one of the four
ECDHE-RSA suites.

La connexion emploie une version de TLS ou une suite que le DMP n'accepte pas.

Ce que le contrôle trouve : une connexion, ou une tentative, dans une autre version que TLS 1.2 ou
avec une autre suite que les quatre de la fiche PDT-INF-579v4.
Pourquoi c'est important : le DMP ferme ces connexions, et les versions ou suites anciennes ne
protègent plus des données de santé.
Comment corriger : activer TLS 1.2 dans la bibliothèque TLS du logiciel, avec au moins une des
quatre suites ECDHE-RSA.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.tls import Tls

# The names of OpenSSL and those of the IANA registry, which imported captures may use.
SUITES = {
    "ECDHE-RSA-AES256-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256": "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "ECDHE-RSA-CHACHA20-POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}
ACCEPTED = frozenset(SUITES) | frozenset(SUITES.values())
VERSIONS = frozenset({"TLSv1.2", "TLS 1.2", "TLS1.2"})
REFUSALS = frozenset({"protocol-version", "no-common-suite"})


def _judged(tls: Tls) -> bool:
    return tls.established or tls.cause in REFUSALS


@check("PDT-INF-579v4", when=_judged)
def tls_not_accepted(tls: Tls) -> Iterator[Fault]:
    suites = ", ".join(SUITES)
    if not tls.established:
        yield Fault(
            tls.reason.place,
            Text(f"TLS 1.2 avec {suites}", f"TLS 1.2 with {suites}"),
            tls.reason.value,
        )
    elif tls.version.value not in VERSIONS:
        yield Fault(tls.version.place, "TLSv1.2", tls.version.value or "?")
    elif tls.cipher.value not in ACCEPTED:
        yield Fault(tls.cipher.place, suites, tls.cipher.value or "?")
