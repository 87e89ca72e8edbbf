"""An address of telecommunication is no address.

What it finds: a telecom whose value has no scheme (tel:, mailto:, http:…) or nothing after it, or a
mailto: without a mailbox.
Why it matters: the value is a URL; without its scheme no software can tell a number from a mailbox,
nor call or write.
How to correct: write tel: before a number, mailto: before a mailbox, http: or https: before a site.

Une adresse de télécommunication n'en est pas une.

Ce que le contrôle trouve : un telecom dont la valeur n'a pas de schéma (tel:, mailto:, http:…) ou
rien après lui, ou un mailto: sans boîte aux lettres.
Pourquoi c'est important : la valeur est une URL ; sans son schéma, aucun logiciel ne distingue un
numéro d'une messagerie, ni n'appelle ni n'écrit.
Comment corriger : écrire tel: devant un numéro, mailto: devant une messagerie, http: ou https:
devant un site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda

_URL = re.compile(r"(?!(?i:mailto):)[A-Za-z][A-Za-z0-9+.-]*:\s*\S.*", re.DOTALL)
_MAILBOX = re.compile(r"mailto:[^@]*\S[^@]*@\s*\S.*", re.IGNORECASE | re.DOTALL)


@check("DC-CDA-TELECOM-URL")
def telecom_address(cda: Cda) -> Iterator[Fault]:
    for node in cda.every("telecom", bearing="value"):
        value = node.value.strip()
        if not (_URL.fullmatch(value) or _MAILBOX.fullmatch(value) or node.null):
            expected = Text(
                "tel:, mailto:, http: … et l'adresse", "tel:, mailto:, http: … and the address"
            )
            yield Fault(node.at("value"), expected, node.value[:200] or '""')
