"""The multipart does not state the types of an MTOM message.

What it finds: a multipart/related whose type, root part, or start-info differ from those of XOP
and SOAP 1.2.
Why it matters: the receiver chooses by these parameters how it rebuilds the envelope; with others
it may not look for xop:Include.
How to correct: state type="application/xop+xml" and start-info="application/soap+xml" on the
multipart, and application/xop+xml; type="application/soap+xml" on the root part.

Le multipart n'annonce pas les types d'un message MTOM.

Ce que le contrôle trouve : un multipart/related dont le type, la partie racine ou start-info
diffèrent de ceux de XOP et de SOAP 1.2.
Pourquoi c'est important : le destinataire choisit par ces paramètres comment reconstituer
l'enveloppe ; avec d'autres, il peut ne pas chercher les xop:Include.
Comment corriger : annoncer type="application/xop+xml" et start-info="application/soap+xml" sur le
multipart, et application/xop+xml; type="application/soap+xml" sur la partie racine.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.mime import Multipart

XOP = "application/xop+xml"
SOAP = "application/soap+xml"
ABSENT = Text("absent", "missing")


def _judged(multipart: Multipart) -> bool:
    return multipart.declared and multipart.root is not None


@check("DC-MTOM-TYPE", "DC-MTOM-ROOT", "DC-MTOM-SOAP-TYPE", when=_judged)
def mtom_type_wrong(multipart: Multipart) -> Iterator[Fault]:
    root = multipart.root
    if root is None:
        return
    outer = multipart.media_type
    stated = outer.get("type")
    if (stated or "").lower() != XOP:
        yield Fault(multipart.content_type, f'type="{XOP}"', stated or ABSENT, "DC-MTOM-TYPE")
    kind = root.media_type.type if root.media_type else ""
    if kind != XOP:
        place = root.headers.place("Content-Type")
        yield Fault(place, XOP, kind or ABSENT, "DC-MTOM-ROOT")
    elif _bare(root.media_type.get("type") if root.media_type else None) != SOAP:
        inner = root.media_type.get("type") if root.media_type else None
        place = root.headers.place("Content-Type")
        yield Fault(place, f'type="{SOAP}"', inner or ABSENT, "DC-MTOM-SOAP-TYPE")
    if _bare(outer.get("start-info")) != SOAP:
        info = outer.get("start-info") or ABSENT
        yield Fault(multipart.content_type, f'start-info="{SOAP}"', info, "DC-MTOM-SOAP-TYPE")


def _bare(value: str | None) -> str:
    """A media type without its parameters: some stacks repeat the action inside."""
    return (value or "").partition(";")[0].strip().lower()
