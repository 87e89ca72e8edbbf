"""The MIME type does not tell whether the document presents itself

What it finds: a self-presentable document (a style sheet that carries the CDA) not sent as
application/xslt+xml, or a plain CDA sent as one.
Why it matters: the consulting software chooses by this type between its own style sheet and that of
the document.
How to correct: send application/xslt+xml for a self-presentable document, text/xml for any other
CDA.

Le type MIME ne dit pas si le document se présente lui-même

Ce que le contrôle trouve : un document auto-présentable (une feuille de style qui porte le CDA) non
envoyé en application/xslt+xml, ou un CDA ordinaire envoyé comme tel.
Pourquoi c'est important : le logiciel consultant choisit d'après ce type entre sa feuille de style
et celle du document.
Comment corriger : envoyer application/xslt+xml pour un document auto-présentable, text/xml pour
tout autre CDA.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire.coherence import FedDocument

_PLAIN, _PRESENTABLE = "text/xml", "application/xslt+xml"


def _ambiguous(fed: FedDocument) -> bool:
    """A CDA whose style-sheet instruction points into itself may be taken either way."""
    shown = fed.cda.presentation
    return not shown.self_presentable and any(one.value.startswith("#") for one in shown.sheets)


@check("DC-COH-MIME", when=lambda fed: not _ambiguous(fed))
def mime_type_differs(fed: FedDocument) -> Iterator[Fault]:
    stated = fed.entry.value("mimeType")
    wanted = _PRESENTABLE if fed.cda.presentation.self_presentable else _PLAIN
    if stated is not None and stated.value in (_PLAIN, _PRESENTABLE) and stated.value != wanted:
        yield Fault(stated.place, wanted, stated.value)
