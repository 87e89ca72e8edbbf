"""The ReplyTo address is not the anonymous one.

What it finds: a wsa:ReplyTo whose address is another one than
http://www.w3.org/2005/08/addressing/anonymous; without ReplyTo the anonymous address is
understood.
Why it matters: the DMP answers on the connection of the request; whether it reads another address
is not public, so this is reported and not failed.
How to correct: write the anonymous address, or leave ReplyTo out.

L'adresse ReplyTo n'est pas l'adresse anonyme.

Ce que le contrôle trouve : un wsa:ReplyTo dont l'adresse n'est pas
http://www.w3.org/2005/08/addressing/anonymous ; sans ReplyTo, l'adresse anonyme est
sous-entendue.
Pourquoi c'est important : le DMP répond sur la connexion de la requête ; qu'il lise une autre
adresse n'est pas public, le fait est donc signalé sans être une non-conformité.
Comment corriger : écrire l'adresse anonyme, ou omettre ReplyTo.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.soap import Soap

ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"


@check("DC-WSA-REPLY-TO")
def reply_to_not_anonymous(soap: Soap) -> Iterator[Fault]:
    if soap.reply_to is not None and soap.reply_to.value != ANONYMOUS:
        seen = soap.reply_to.value[:200] or Text("vide", "empty")
        yield Fault(soap.reply_to.place, ANONYMOUS, seen)
