"""The issuer of the VIHF is not the subject of its signing certificate.

What it finds: an Issuer in another format than X509SubjectName, or whose distinguished name is
not that of the signing certificate; order, case, spaces and spelling of the name are free.
Why it matters: the issuer says who answers for the assertion, and the signature proves it: both
must name the same structure.
How to correct: write the subject of the ORG_SIGN certificate in Issuer, with Format
urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName.

L'émetteur du VIHF n'est pas le sujet de son certificat de signature.

Ce que le contrôle trouve : un Issuer d'un autre format que X509SubjectName, ou dont le nom
distinctif n'est pas celui du certificat de signature ; l'ordre, la casse, les espaces et
l'écriture du nom sont libres.
Pourquoi c'est important : l'émetteur dit qui répond de l'assertion, et la signature le prouve :
les deux doivent nommer la même structure.
Comment corriger : écrire dans Issuer le sujet du certificat ORG_SIGN, avec Format
urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault
from dmp_certify.wire import names
from dmp_certify.wire.vihf import Vihf

FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"


def _judged(vihf: Vihf) -> bool:
    return vihf.signer is not None


@check("DC-VIHF-ISSUER-FORMAT", "DC-VIHF-ISSUER", when=_judged)
def issuer_wrong(vihf: Vihf) -> Iterator[Fault]:
    signer, issuer = vihf.signer, vihf.issuer
    if signer is None:
        return
    if issuer is None or not issuer.value:
        place = issuer.place if issuer else vihf.place
        yield Fault(place, signer.value.subject_text, "saml:Issuer: -", "DC-VIHF-ISSUER")
        return
    if vihf.issuer_format.value != FORMAT:
        seen = vihf.issuer_format.value[:200] or "Format: -"
        yield Fault(vihf.issuer_format.place, FORMAT, seen, "DC-VIHF-ISSUER-FORMAT")
    stated = names.parse(issuer.value)
    if stated is None or not stated.like(signer.value.subject):
        expected = signer.value.subject_text
        yield Fault(issuer.place, expected, issuer.value[:200], "DC-VIHF-ISSUER")
