"""The VIHF does not declare how the user was authenticated.

What it finds: an AuthnContextClassRef that is absent or is not one of the authentication context
classes of SAML 2.0.
Why it matters: the structure answers for the authentication of its users and must say what it
was.
How to correct: write the class of the local authentication, e.g.
urn:oasis:names:tc:SAML:2.0:ac:classes:Password.

Le VIHF ne déclare pas comment l'utilisateur a été authentifié.

Ce que le contrôle trouve : un AuthnContextClassRef absent, ou qui n'est pas l'une des classes de
contexte d'authentification de SAML 2.0.
Pourquoi c'est important : la structure répond de l'authentification de ses utilisateurs et doit
dire laquelle c'était.
Comment corriger : écrire la classe de l'authentification locale, par exemple
urn:oasis:names:tc:SAML:2.0:ac:classes:Password.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

PREFIX = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
CLASSES = frozenset(
    {
        "InternetProtocol",
        "InternetProtocolPassword",
        "Kerberos",
        "MobileOneFactorUnregistered",
        "MobileTwoFactorUnregistered",
        "MobileOneFactorContract",
        "MobileTwoFactorContract",
        "Password",
        "PasswordProtectedTransport",
        "PreviousSession",
        "X509",
        "PGP",
        "SPKI",
        "XMLDSig",
        "Smartcard",
        "SmartcardPKI",
        "SoftwarePKI",
        "Telephony",
        "NomadTelephony",
        "PersonalTelephony",
        "AuthenticatedTelephony",
        "SecureRemotePassword",
        "TLSClient",
        "TimeSyncToken",
        "unspecified",
    }
)


@check("EX_0.1-1020")
def authentication_undeclared(vihf: Vihf) -> Iterator[Fault]:
    found = vihf.authn_class
    if found is None or not found.value:
        place = found.place if found else vihf.place
        yield Fault(place, f"{PREFIX}...", Text("absent", "missing"))
    elif not found.value.startswith(PREFIX) or found.value[len(PREFIX) :] not in CLASSES:
        yield Fault(found.place, f"{PREFIX}...", found.value[:200])
