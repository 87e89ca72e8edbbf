"""A PDF is no PDF/A-1, by its own words.

What it finds: a PDF whose XMP metadata do not state part 1 of ISO 19005 (pdfaid:part), or that has
no XMP metadata, or that states it and is encrypted, holds a script or embeds files.
Why it matters: a shared document is read for decades on any workstation; PDF/A-1 embeds its fonts
and holds nothing that runs.
How to correct: export as PDF/A-1 (A or B) in the tool that makes the PDF, and check with veraPDF.

Un PDF n'est pas PDF/A-1, de son propre aveu.

Ce que le contrôle trouve : un PDF dont les métadonnées XMP ne disent pas la partie 1 d'ISO 19005
(pdfaid:part), ou qui n'a pas de métadonnées XMP, ou qui la dit et est chiffré, contient un script
ou embarque des fichiers.
Pourquoi c'est important : un document partagé se lit pendant des décennies sur tout poste ; PDF/A-1
embarque ses polices et ne contient rien qui s'exécute.
Comment corriger : exporter en PDF/A-1 (A ou B) depuis l'outil qui fait le PDF, et vérifier avec
veraPDF.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_body import Attachment
from dmp_certify.wire.pdf import archival_claim, forbidden, is_pdf


@check("DC-CDA-PDF-A1", "DC-CDA-PDF-A1-COPY", when=lambda cda: any(map(_pdf, cda.attachments)))
def pdf_archival(cda: Cda) -> Iterator[Fault]:
    row = "DC-CDA-PDF-A1" if cda.body is not None else "DC-CDA-PDF-A1-COPY"
    for one in filter(_pdf, cda.attachments):
        claim = archival_claim(one.data or b"")
        if claim.part == "1":
            held = forbidden(one.data or b"")
            if held:
                yield Fault(one.place, Text(f"pas de {held}", f"no {held}"), held, row)
            continue
        if claim.part:
            observed = Text(f"partie {claim.part}", f"part {claim.part}")
        elif claim.metadata:
            observed = Text("XMP sans pdfaid:part", "XMP without pdfaid:part")
        else:
            observed = Text("pas de métadonnées XMP", "no XMP metadata")
        yield Fault(one.place, Text("pdfaid:part 1", "pdfaid:part 1"), observed, row)


def _pdf(one: Attachment) -> bool:
    held = one.encoded and not one.compression and one.media_type == "application/pdf"
    return held and is_pdf(one.data or b"")
