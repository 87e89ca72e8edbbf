"""The user is authenticated after the VIHF is issued.

What it finds: an AuthnInstant more than five seconds after IssueInstant.
Why it matters: the assertion would certify an authentication that has not taken place.
How to correct: write in AuthnInstant the moment at which the user logged in.

L'utilisateur est authentifié après l'émission du VIHF.

Ce que le contrôle trouve : un AuthnInstant postérieur de plus de cinq secondes à IssueInstant.
Pourquoi c'est important : l'assertion attesterait une authentification qui n'a pas eu lieu.
Comment corriger : écrire dans AuthnInstant le moment où l'utilisateur s'est connecté.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import Vihf

# Both instants may be taken from two readings of the clock.
MARGIN = timedelta(seconds=5)


def _judged(vihf: Vihf) -> bool:
    return vihf.authn_instant is not None and vihf.issue_instant is not None


@check("DC-VIHF-AUTHN-ORDER", when=_judged)
def authenticated_after_issue(vihf: Vihf) -> Iterator[Fault]:
    login, issued = vihf.authn_instant, vihf.issue_instant
    if login is None or issued is None:
        return
    if login.value.moment is None or issued.value.moment is None:
        return
    if login.value.moment > issued.value.moment + MARGIN:
        text = issued.value.text
        yield Fault(
            login.place, Text(f"au plus tard {text}", f"at the latest {text}"), login.value.text
        )
